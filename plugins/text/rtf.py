r"""Reads Rich Text: the words without their dress. See Microsoft's "Rich Text Format Specification", version 1.9.1."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.errors import FileUnreadable
from bot.reading import About, Piece, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.left_out import Kind, LeftOut
from plugins.text.lines import pack_paragraphs, paragraphs
from plugins.text.options import TextOptions
from plugins.text.page_numbers import ONLY_PAGE_NUMBER

_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.IGNORECASE
)
_UNSEEN = (
    "aftncn aftnsep author colortbl comment company creatim doccomm fonttbl generator info keywords listtable "
    "listoverridetable nonshppict object operator pict printim private revtim rsidtbl stylesheet subject template "
    "themedata title xmlnstbl"
)
_IS_UNSEEN = frozenset(_UNSEEN.split())
_ASIDES = {
    "annotation": "comments", "footnote": "footnotes", "header": "header", "headerf": "header", "headerl": "header",
    "headerr": "header", "footer": "footer", "footerf": "footer", "footerl": "footer", "footerr": "footer",
}  # fmt: skip
"""What stands beside the text, in groups of its own."""
_SAID_OF = {"comments": "Comment: ", "footnotes": "Footnote: "}
_LEFT_OUT: dict[str, Kind] = {"pict": "picture", "shppict": "picture", "object": "embedded file"}
_HIDES: dict[str, Kind] = {"v": "hidden text", "deleted": "tracked deletion"}
_BINARY = re.compile(r"\\bin(\d{1,9}) ?")
_SPOKEN = {
    "par": "\n\n", "sect": "\n\n", "page": "\n\n", "line": "\n", "row": "\n\n", "tab": "\t", "cell": " | ",
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip

_SYMBOLS = {"~": "\xa0", "_": "-", "\n": "\n\n", "\r": "\n\n"}
"""A backslash at the end of a line ends a paragraph: so does TextEdit write all of them."""
_SETTINGS = frozenset({"ansicpg", "uc", "f", "fcharset"})
_CHARSETS = {
    "77": "mac_roman", "128": "cp932", "129": "cp949", "134": "gbk", "136": "cp950", "161": "cp1253", "162": "cp1254",
    "163": "cp1258", "177": "cp1255", "178": "cp1256", "186": "cp1257", "204": "cp1251", "222": "cp874",
    "238": "cp1250",
}  # fmt: skip
"""The code page of a font's letters, by the number that Windows gives its script."""


@raise_only_unreadable(gettext_noop("Rich Text"))
def read_rtf(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield the paragraphs of a Rich Text file."""
    text = path.read_bytes().decode("latin-1")
    if not text.lstrip().startswith("{\\rtf"):
        raise FileUnreadable(gettext("{name} is not Rich Text.", name=path.name))
    words = _Text()
    said = _join_halves("".join(words.say(token) for token in _TOKEN.finditer(_drop_binary(text))))
    yield from words.beside("header")
    for piece in pack_paragraphs(paragraphs(enumerate(said.splitlines(), 1))):
        yield Piece(piece.text)
    for kind in ("footnotes", "comments", "footer"):
        yield from words.beside(kind)
    if notes := words.left_out.notes():
        yield About(notes=notes)


def _join_halves(text: str) -> str:
    """Return a text whose characters beyond the first plane are written as two halves, with these joined."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _drop_binary(text: str) -> str:
    """Return Rich Text without the bytes of pictures, which are not written in letters."""
    parts, at = [], 0
    while found := _BINARY.search(text, at):
        parts.append(text[at : found.start()])
        at = found.end() + int(found[1])
    return "".join([*parts, text[at:]])


class _State(NamedTuple):
    """What a group has set, which ends with it."""

    unseen: bool = False
    fallback: int = 1
    font: str = ""
    aside: int = -1
    hidden: bool = False


class _Text:
    """Says the tokens of an RTF file one by one; what a group has set ends with it."""

    def __init__(self) -> None:
        self._stack: list[_State] = []
        self._now = _State()
        self._skip = 0
        self._codepage = "cp1252"
        self._fonts: dict[str, str] = {}
        self._decoders: dict[str, codecs.IncrementalDecoder] = {}
        self._asides: list[tuple[str, list[str]]] = []
        self.left_out = LeftOut()

    def beside(self, kind: str) -> Iterator[Piece]:
        """Yield what stands beside the text, each once; a mere page number is left out."""
        texts = (_join_halves(" ".join("".join(said).split())) for each, said in self._asides if each == kind)
        for text in dict.fromkeys(texts):
            if text and not (kind in {"header", "footer"} and ONLY_PAGE_NUMBER.match(text)):
                yield Piece(f"{_SAID_OF.get(kind, '')}{text}", kind)

    def say(self, token: re.Match[str]) -> str:
        """Return what a token adds to the text."""
        word, number, byte, symbol, brace, plain = token.groups()
        if brace:
            self._turn(brace)
            return ""
        if symbol == "*":
            self._now = self._now._replace(unseen=True)
            return ""
        said = ""
        if word:
            said = self._word(word, number)
        elif not self._is_unseen():
            said = self._letters(byte, symbol, plain)
        if self._now.aside < 0 or not said:
            return said
        self._asides[self._now.aside][1].append(said)
        return ""

    def _is_unseen(self) -> bool:
        return self._now.unseen or self._now.hidden

    def _turn(self, brace: str) -> None:
        self._skip = 0  # what stands for a letter to old programs ends with its group
        if brace == "{":
            self._stack.append(self._now)
        else:
            self._now = self._stack.pop() if self._stack else _State()

    def _word(self, word: str, number: str | None) -> str:
        if word == "shppict" or (word in _LEFT_OUT and not self._now.unseen):
            self.left_out.add(_LEFT_OUT[word])
        if word in _IS_UNSEEN:
            self._now = self._now._replace(unseen=True)
        elif word in _ASIDES and self._now.aside < 0:
            self._asides.append((_ASIDES[word], []))
            self._now = self._now._replace(unseen=False, aside=len(self._asides) - 1)
        elif word in _HIDES or word == "plain":
            self._hide(word, number)
        else:
            return self._setting_or_letter(word, number)
        return ""

    def _hide(self, word: str, number: str | None) -> None:
        hidden = word in _HIDES and number != "0"
        if hidden and not self._is_unseen():
            self.left_out.add(_HIDES[word])
        self._now = self._now._replace(hidden=hidden)

    def _setting_or_letter(self, word: str, number: str | None) -> str:
        if number and word in _SETTINGS:
            self._set(word, number)
        elif word == "mac":
            self._codepage = _codepage("10000")
        elif self._is_unseen():
            return ""
        elif word == "u" and number:
            self._skip = self._now.fallback
            return chr(int(number) % 0x10000)
        return "" if self._is_unseen() else _SPOKEN.get(word, "")

    def _set(self, word: str, number: str) -> None:
        if word == "ansicpg":
            self._codepage = _codepage(number)
        elif word == "uc":
            self._now = self._now._replace(fallback=max(int(number), 0))
        elif word == "f":
            self._now = self._now._replace(font=number)
        elif number in _CHARSETS:
            self._fonts[self._now.font] = _CHARSETS[number]

    def _letters(self, byte: str | None, symbol: str | None, plain: str | None) -> str:
        if byte and self._skip:
            self._skip -= 1
            return ""
        if byte:
            return self._decode(bytes.fromhex(byte))
        if symbol:
            return symbol if symbol in "\\{}" else _SYMBOLS.get(symbol, "")
        said = (plain or "")[self._skip :]
        self._skip = max(self._skip - len(plain or ""), 0)
        return said

    def _decode(self, byte: bytes) -> str:
        """Return the letter that a byte ends, in the script of the font; some letters have two bytes."""
        codepage = self._fonts.get(self._now.font, self._codepage)
        if codepage not in self._decoders:
            self._decoders[codepage] = codecs.getincrementaldecoder(codepage)("replace")
        return self._decoders[codepage].decode(byte)


def _codepage(number: str) -> str:
    name = "mac_roman" if number == "10000" else f"cp{number}"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name

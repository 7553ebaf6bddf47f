r"""Reads Rich Text: the words without their dress. See Microsoft's "Rich Text Format Specification", version 1.9.1."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from bot.errors import FileUnreadable
from bot.reading import Piece, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.lines import pack_paragraphs, paragraphs
from plugins.text.options import TextOptions

_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.IGNORECASE
)
_UNSEEN = (
    "aftncn aftnsep annotation author colortbl comment company creatim doccomm fonttbl footer footerf footerl footerr "
    "generator header headerf headerl headerr info keywords listtable listoverridetable object operator pict printim "
    "private revtim rsidtbl stylesheet subject template themedata title xmlnstbl"
)
_IS_UNSEEN = frozenset(_UNSEEN.split())
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
    for piece in pack_paragraphs(paragraphs(enumerate(_join_halves(text).splitlines(), 1))):
        yield Piece(piece.text)


def _join_halves(text: str) -> str:
    """Return the words; characters beyond the first plane are written as two halves, which are joined."""
    words = _Text()
    said = "".join(words.say(token) for token in _TOKEN.finditer(text))
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Text:
    """Says the tokens of an RTF file one by one; what a group has set ends with it."""

    def __init__(self) -> None:
        self._stack: list[tuple[bool, int, str]] = []
        self._unseen = False
        self._fallback = 1
        self._skip = 0
        self._codepage = "cp1252"
        self._fonts: dict[str, str] = {}
        self._font = ""
        self._decoders: dict[str, codecs.IncrementalDecoder] = {}

    def say(self, token: re.Match[str]) -> str:
        """Return what a token adds to the text."""
        word, number, byte, symbol, brace, plain = token.groups()
        if brace:
            self._turn(brace)
        elif symbol == "*" or word in _IS_UNSEEN:
            self._unseen = True
        elif word:
            return self._word(word, number)
        elif not self._unseen:
            return self._letters(byte, symbol, plain)
        return ""

    def _turn(self, brace: str) -> None:
        self._skip = 0  # what stands for a letter to old programs ends with its group
        if brace == "{":
            self._stack.append((self._unseen, self._fallback, self._font))
        else:
            self._unseen, self._fallback, self._font = self._stack.pop() if self._stack else (False, 1, "")

    def _word(self, word: str, number: str | None) -> str:
        if number and word in _SETTINGS:
            self._set(word, number)
        elif word == "mac":
            self._codepage = _codepage("10000")
        elif self._unseen:
            return ""
        elif word == "u" and number:
            self._skip = self._fallback
            return chr(int(number) % 0x10000)
        return "" if self._unseen else _SPOKEN.get(word, "")

    def _set(self, word: str, number: str) -> None:
        if word == "ansicpg":
            self._codepage = _codepage(number)
        elif word == "uc":
            self._fallback = max(int(number), 0)
        elif word == "f":
            self._font = number
        elif number in _CHARSETS:
            self._fonts[self._font] = _CHARSETS[number]

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
        codepage = self._fonts.get(self._font, self._codepage)
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

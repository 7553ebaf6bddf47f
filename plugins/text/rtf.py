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
        self._stack: list[tuple[bool, int]] = []
        self._unseen = False
        self._fallback = 1
        self._skip = 0
        self._codepage = "cp1252"

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
        if brace == "{":
            self._stack.append((self._unseen, self._fallback))
        else:
            self._unseen, self._fallback = self._stack.pop() if self._stack else (False, 1)

    def _word(self, word: str, number: str | None) -> str:
        if word == "ansicpg" and number:
            self._codepage = _codepage(number)
        elif word == "uc" and number:
            self._fallback = max(int(number), 0)
        elif self._unseen:
            return ""
        elif word == "u" and number:
            self._skip = self._fallback
            return chr(int(number) % 0x10000)
        return "" if self._unseen else _SPOKEN.get(word, "")

    def _letters(self, byte: str | None, symbol: str | None, plain: str | None) -> str:
        if byte and self._skip:
            self._skip -= 1
            return ""
        if byte:
            return bytes.fromhex(byte).decode(self._codepage, errors="replace")
        if symbol:
            return symbol if symbol in "\\{}" else {"~": "\xa0", "_": "-"}.get(symbol, "")
        said = (plain or "")[self._skip :]
        self._skip = max(self._skip - len(plain or ""), 0)
        return said


def _codepage(number: str) -> str:
    try:
        codecs.lookup(f"cp{number}")
    except LookupError:
        return "cp1252"
    return f"cp{number}"

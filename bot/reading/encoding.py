"""What a text is encoded in: its mark, what it declares, UTF-8 if it is that, else the likeliest by its letters.

Readers of files and of chat histories ask here, so that the same bytes are the same words everywhere.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from bot.reading.alphabets import CYRILLIC, WESTERN, fits_cyrillic, fits_latin, fits_utf16

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PEEKED = 4096
_BLOCK = 1 << 18
_SAMPLE_BYTES = 1 << 16
_DAMAGE = 10
"""A text with one broken character for so many good ones is UTF-8 that was damaged, not another encoding."""
_FEWEST_WORDS, _NEARLY_ALL = 4, 0.8
"""Characters of UTF-32 by which it is told, and the share of them that are letters of common scripts."""
_HIGH = re.compile(rb"[\x80-\xff]+")
_LETTERS = re.compile(rb"[A-Za-z]")
_LONGEST_RUN = 4
_SHORT = 2048
"""Bytes of lines that hold more than ASCII, up to which a detector that counts letters guesses."""
_CLEAR, _CLEARLY_LIKELIER = 0.08, 1.5
"""The detector's confidence that is not an accident; found over short texts in 30 languages."""
_FOR_NAMES = frozenset({"punycode", "idna"})
"""Codecs for the names of hosts: on a long text they take the square of its length."""
_LATIN = frozenset({WESTERN, "cp1250", "cp1254", "cp1257", "cp850", "iso8859-2", "mac-roman"})
_OTHERS = frozenset(
    {
        WESTERN,
        "cp1251", "koi8-r", "koi8-u", "cp866", "mac-cyrillic", "cp1253", "cp1255", "cp1256", "cp874",
        "cp932", "euc_jis_2004", "gb18030", "big5hkscs", "cp949",
    }
)  # fmt: skip
"""What people's old files are in. To choose among all that Python knows makes short texts a matter of luck."""


def detect_encoding(data: bytes, declared: str | None = None) -> str:
    """Return the codec that decodes a text; `declared`, such as a page's charset, is believed where it can be."""
    if (unicode := detect_utf(data)) is not None:
        return unicode
    if declared is not None and _decodes(data, declared):
        return declared
    balance = _Balance()
    balance.add(data, final=True)
    return "utf-8" if balance.is_utf8 else detect_legacy(data)


def detect_file_encoding(path: Path) -> str:
    """Return the codec that decodes a file, all of which is looked at where it has no mark. Raises OSError."""
    balance, sample = _Balance(), bytearray()
    with path.open("rb") as file:
        block = file.read(_BLOCK)
        if (unicode := detect_utf(block)) is not None:
            return unicode
        while block:
            balance.add(block)
            if not block.isascii() and len(sample) < _SAMPLE_BYTES:
                sample += _lines_beyond_ascii(block)
            block = file.read(_BLOCK)
    balance.add(b"", final=True)
    return "utf-8" if balance.is_utf8 else detect_legacy(bytes(sample))


def detect_utf(head: bytes) -> str | None:
    """Return what a text's first bytes show: a UTF by its mark, zeros or letters, or ISO 2022 by its escapes."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    peeked = head[:_PEEKED]
    if (shown := _detect_utf32(peeked) or _detect_iso2022(head)) is not None:
        return shown
    even, odd = peeked[::2].count(0), peeked[1::2].count(0)
    if odd > len(peeked) // 8 and odd > 4 * even:
        return "utf-16-le"
    if even > len(peeked) // 8 and even > 4 * odd:
        return "utf-16-be"
    return fits_utf16(peeked)


def _detect_utf32(head: bytes) -> str | None:
    """Return UTF-32 where it has no mark: of four bytes one side is always zero, and its neighbour nearly always."""
    whole = len(head) // 4
    zeros = [head[at : whole * 4 : 4].count(0) for at in range(4)]
    if whole < _FEWEST_WORDS or min(zeros[1], zeros[2]) == 0:
        return None
    if zeros[3] == whole and zeros[2] > _NEARLY_ALL * whole > zeros[0]:
        return "utf-32-le"
    return "utf-32-be" if zeros[0] == whole and zeros[1] > _NEARLY_ALL * whole > zeros[3] else None


def _detect_iso2022(head: bytes) -> str | None:
    """Return the encoding of Japanese and Korean mails: all ASCII, with escapes around their letters."""
    if b"\x1b$" not in head or not head.isascii():
        return None
    if b"\x1b$)C" in head:
        return "iso2022_kr"
    return "iso2022_jp_ext" if b"\x1b$B" in head or b"\x1b$@" in head else None


def detect_legacy(data: bytes) -> str:
    """Return the likeliest of the encodings from before Unicode, for bytes that are not UTF-8.

    A short text is judged by the alphabets of single languages, a longer one by how often its letters come.
    """
    sample = _lines_beyond_ascii(data)
    if len(sample) >= _SHORT:
        return _count_letters(sample)
    latin = fits_latin(sample)
    if latin is not None and latin.of_one_language:
        return latin.encoding
    if cyrillic := fits_cyrillic(sample, surely=True):
        return cyrillic
    if latin is not None:
        return latin.encoding
    counted = _count_letters(sample)
    return (fits_cyrillic(sample) or counted) if counted in CYRILLIC else counted


def _count_letters(sample: bytes) -> str:
    """Return the encoding that makes the likeliest letters, by a detector that knows how often they come.

    In a short text it takes "é" for a Cyrillic letter, so only alphabets that fit are offered: in a Latin text most
    letters are ASCII, and few others stand side by side.
    """
    import chardet  # noqa: PLC0415 (a table of all languages, which few texts need)

    runs = [len(run) for run in _HIGH.findall(sample)]
    letters = len(_LETTERS.findall(sample))
    if letters >= 2 * sum(runs) and max(runs, default=0) < _LONGEST_RUN:
        candidates = _LATIN
    else:
        candidates = _OTHERS if sum(runs) > letters else _LATIN | _OTHERS
    found = chardet.detect_all(
        sample, ignore_threshold=True, include_encodings=candidates, prefer_superset=True, compat_names=False
    )
    likely = {str(each["encoding"]): each["confidence"] for each in found if each["encoding"]}
    best = max(likely, key=lambda encoding: likely[encoding], default=WESTERN)
    if candidates is _LATIN and not _is_clear(likely.get(best, 0.0), likely.get(WESTERN, 0.0)):
        return WESTERN
    return best


def _is_clear(best: float, western: float) -> bool:
    """Tell whether a Latin alphabet is likelier than the commonest one by more than chance."""
    return best >= _CLEAR and best >= _CLEARLY_LIKELIER * western


class _Balance:
    """Counts, block by block, what is UTF-8 beyond ASCII and what is broken."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._good = self._broken = 0

    def add(self, block: bytes, *, final: bool = False) -> None:
        text = self._decoder.decode(block, final)  # a character may reach into the next block
        if text.isascii():
            return
        broken = text.count("\ufffd")
        self._broken += broken
        self._good += len(text) - len(text.encode("ascii", "ignore")) - broken

    @property
    def is_utf8(self) -> bool:
        return self._broken * _DAMAGE <= self._good


def _lines_beyond_ascii(data: bytes) -> bytes:
    """Return the lines that tell anything about the encoding, as many as a detector needs."""
    sample = bytearray()
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            sample += line
        if len(sample) >= _SAMPLE_BYTES:
            break
    return bytes(sample[:_SAMPLE_BYTES])


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        if codecs.lookup(encoding).name in _FOR_NAMES:
            return False
        codecs.getincrementaldecoder(encoding)().decode(data)  # the last character may be cut off
    except (LookupError, ValueError):  # what a page declares may be anything, a zero in it
        return False
    return True

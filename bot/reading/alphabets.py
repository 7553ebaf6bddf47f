"""Which of the encodings from before Unicode makes words of a short text, by the alphabets of single languages.

Counting letters needs a long text. In a few words it is surer to ask whether all letters are those of one language, and
whether they stand where letters stand: no sign within a word, no capital behind a small letter, no two scripts in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

WESTERN, CENTRAL, TURKISH, BALTIC, DOS, DOS_WESTERN, DOS_CENTRAL, MAC = (
    "cp1252", "cp1250", "cp1254", "cp1257", "cp437", "cp850", "cp852", "mac-roman",
)  # fmt: skip
_WEST = (WESTERN, DOS, DOS_WESTERN, MAC)
_LANGUAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("äöüß", _WEST),
    ("éèêëàâçîïôùûüœæÿ", _WEST),
    ("áéíóúüñ¿¡ªº", _WEST),
    ("áâãàçéêíóôõúüªº", _WEST),
    ("àèéìîòóù", _WEST),
    ("äöåéü", _WEST),
    ("æøåéèêòóôâ", _WEST),
    ("éëèïüöóíáêç", _WEST),
    ("àçéèíïóòúü·", _WEST),
    ("ąćęłńóśźż", (CENTRAL, DOS_CENTRAL)),
    ("áčďéěíňóřšťúůýž", (CENTRAL, DOS_CENTRAL)),
    ("áäčďéíĺľňóôŕšťúýž", (CENTRAL, DOS_CENTRAL)),
    ("áéíóöőúüű", (CENTRAL, DOS_CENTRAL)),
    ("čćđšž", (CENTRAL, DOS_CENTRAL)),
    ("ăâîşţ", (CENTRAL, DOS_CENTRAL)),
    ("âçğıîöşûü", (TURKISH,)),
    ("ąčęėįšųūž", (BALTIC,)),
    ("āčēģīķļņōŗšūž", (BALTIC,)),
    ("äöüõšž", (BALTIC,)),
    ("áæéíóöúýþð", _WEST),
)
"""Letters beyond ASCII of a language, and what it was written in; where several fit, the first is taken."""
_UNION = "".join(letters for letters, encodings in _LANGUAGES if encodings == _WEST)
"""A text may quote names of its neighbours."""
_SIGNS = "\xa0–—‘’‚“”„…•€£¥§°«»©®™†‡‰±²³¼½¾µ·‹›´"
_JOINING = frozenset("’'·\xad-–—")
"""Signs that stand within a word."""
_COLOUR = re.compile(rb"\x1b[\[(][0-9;?]{0,20}[A-Za-z]")
"""How a terminal changes its colours, which logs keep."""
_HIGH = re.compile(rb"[\x80-\xff]+")
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL_BEHIND_SMALL = re.compile(r"[a-zß-öø-ÿœšž][À-ÖØ-ÞŒŠŽŸ]")
_DRAWN = re.compile(rb"\xc4{3}|\xcd{3}|\xda\xc4+\xbf|\xc9\xcd+\xbb")
"""Lines and boxes, which only programs for DOS drew."""
_IN_WORD = re.compile(r"(?<=[^\W\d_])[^\w\s](?=[^\W\d_])")
_MISPLACED = re.compile(r"[£€¥§°±²³¼½¾][^\W\d_]|[^\W\d_]°")
CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic", "koi8-u")
_LONGEST_SHARED = 4
_FREQUENT = (
    "ст но то на по ен ни не ко ра ов ро го ал пр ли ре во ос ер от ва он од ка та ла ол ел де ле ет ан ат ти ом ми ин "
    "те ор ло ил ть ры им му ем ве ви ри ма ме мо сл ск ся со се да до ди дв ча че чт за зд из ны их ый ой ам ас ав ад "
    "ак ар ай об ог ок оп бы бе бу бо ба ки ку кл лю ль лы мы ну ут ус уж уд ув тр тв ту ты хо ше шл ше жи же жд ер ив "
    "ит ий ик ис яз вс вы вт ві ки ів ії ії її ує ря ся тя ші ст ск"
)
"""Pairs of letters that are frequent in Slavic languages written in Cyrillic."""
_PAIRS = frozenset(_FREQUENT.split())
_ENOUGH_PAIRS, _SURELY_ENOUGH = 0.45, 0.65
_FEW_PAIRS = 6
_SIGN_AT_CYRILLIC = re.compile(r"[^\x00-\x7f\w«»“”„’…](?=[^\W\d_])|(?<=[^\W\d_])[^\x00-\x7f\w«»“”„’…]")


@dataclass(frozen=True, slots=True)
class Fit:
    """An encoding in which a text is made of words; of one language, or of several side by side."""

    encoding: str
    of_one_language: bool


def fits_latin(sample: bytes) -> Fit | None:
    """Return the encoding in which all words are of a Latin alphabet; None when there is none."""
    if _DRAWN.search(sample):
        return Fit(DOS, of_one_language=False)
    if not _is_latin_by_its_bytes(sample):
        return None
    for letters, encodings in _LANGUAGES:
        for encoding in encodings:
            if _is_written_in(sample, encoding, letters):
                return Fit(encoding, of_one_language=True)
    union = next((encoding for encoding in _WEST if _is_written_in(sample, encoding, _UNION)), None)
    return None if union is None else Fit(union, of_one_language=False)


def fits_cyrillic(sample: bytes, *, surely: bool = False) -> str | None:
    """Return the encoding in which the words are Cyrillic, with pairs of letters such as languages have."""
    rated = [(_rate_cyrillic(text), -number, name) for number, (name, text) in enumerate(_decode(sample, CYRILLIC))]
    best = max(rated, default=(0.0, 0, ""))
    if surely and len(sample) <= _FEW_PAIRS:
        return None
    return best[2] if best[0] >= (_SURELY_ENOUGH if surely else _ENOUGH_PAIRS) else None


def fits_utf16(head: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark, of a text whose letters are beyond Latin ones."""
    even = head[: len(head) & ~1]
    if not even or not any(byte < 9 or byte == 11 or 13 < byte < 32 for byte in _COLOUR.sub(b"", even)):
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = even.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(even) - 2:
                continue
            text = even[: error.start].decode(encoding)
        if text and _is_sound(text):
            return encoding
    return None


def _is_sound(text: str) -> bool:
    """Whether a text is of assigned characters, most of them letters of scripts that stand together."""
    blocks = {ord(letter) >> 8 for letter in text}
    letters = sum(letter.isalpha() for letter in text)
    ideographs = sum(0x2E <= block < 0xD8 or block == 0xFF for block in blocks)
    return (
        all(letter.isprintable() or letter in "\t\r\n\x0c\u3000\xa0" for letter in text)
        and 2 * letters > len(text)
        and len(blocks) - ideographs <= _LONGEST_SHARED
        and not any(0xE0 <= block <= 0xF8 for block in blocks)
    )


def _is_latin_by_its_bytes(sample: bytes) -> bool:
    """Whether hardly any word is without an ASCII letter."""
    words = [word for word in re.split(rb"[^A-Za-z\x80-\xff]+", sample) if len(word) > 1 and _HIGH.search(word)]
    without = sum(not re.search(rb"[A-Za-z]", word) for word in words)
    return 4 * without <= len(words)


def _is_written_in(sample: bytes, encoding: str, letters: str) -> bool:
    text = next((text for _, text in _decode(sample, (encoding,))), None)
    if text is None:
        return False
    known = frozenset(f"{letters}{letters.upper()}İ{_SIGNS}")
    beyond = {letter for letter in text if letter > "\x7f"}
    return beyond <= known and not _stands_wrong(text)


def _stands_wrong(text: str) -> bool:
    """Whether a sign stands within a word, at a word, or a capital behind a small letter."""
    within = (found.group() for found in _IN_WORD.finditer(text))
    return (
        _CAPITAL_BEHIND_SMALL.search(text) is not None
        or any(sign > "\x7f" and sign not in _JOINING for sign in within)
        or _MISPLACED.search(text) is not None
    )


def _rate_cyrillic(text: str) -> float:
    """Return the share of frequent pairs among those within words; 0 where words mix scripts or capitals."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    if not words or not all(word.isupper() or word.islower() or word.istitle() for word in words):
        return 0.0
    if not all("Ѐ" <= letter <= "ӿ" for word in words for letter in word):
        return 0.0
    pairs = [word[at : at + 2] for word in map(str.casefold, words) for at in range(len(word) - 1)]
    signs = len(_SIGN_AT_CYRILLIC.findall(text))
    return sum(pair in _PAIRS for pair in pairs) / (len(pairs) + signs) if pairs else 0.0


def _decode(sample: bytes, encodings: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for encoding in encodings:
        try:
            yield encoding, sample.decode(encoding)
        except UnicodeDecodeError:
            continue

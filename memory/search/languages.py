"""Guesses the language of a text from its script, its letters and its commonest words; wrong guesses cost little.

What is guessed decides how words are stemmed, in the index beside the words themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from memory.search.segment import has_unspaced, split_to_bytes, words
from memory.search.stopwords import LANGUAGES_OF, STOP_WORDS

PIECES = "pieces"
"""Stands for a language without a stemmer: its words are compared by their pieces."""

_SCRIPTS = (
    ("russian", re.compile("[а-яё]", re.IGNORECASE)),
    ("arabic", re.compile("[\u0620-\u064a\u066e-\u06d3]")),
    ("greek", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("tamil", re.compile("[\u0b80-\u0bff]")),
    (PIECES, re.compile("[\u0400-\u052f\u0531-\u05ff\u0900-\u0b7f\u0c00-\u0dff\u10a0-\u10ff\u1200-\u137f]")),
)
_OTHERWISE = re.compile("[іїєґўјљњћђќѓ\u067e\u0686\u0698\u06af\u06a9\u06cc\u0679]", re.IGNORECASE)
"""Letters that Russian and Arabic do not have, but other languages of their scripts do."""

_LETTERS = (
    ("turkish", re.compile("[ğışİ]")),
    ("german", re.compile("[ß]")),
    ("hungarian", re.compile("[őű]", re.IGNORECASE)),
    ("romanian", re.compile("[țșă]", re.IGNORECASE)),
    (PIECES, re.compile("[łąęńśźżěřůčšžđćľťď]", re.IGNORECASE)),
    ("finnish", re.compile("ää|öö|yö|iö|(?:ssä|stä|llä|ltä|nkö|vät|ttä)\\b", re.IGNORECASE)),
    ("spanish", re.compile("[ñ¿¡]", re.IGNORECASE)),
    ("portuguese", re.compile("[ãõ]", re.IGNORECASE)),
)
_NAMES = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "pl": PIECES, "ru": "russian", "sv": "swedish", "tr": "turkish", "uk": PIECES,
}  # fmt: skip
_SPEAKING = {word: [_NAMES[code] for code in codes] for word, codes in LANGUAGES_OF.items()}
_ENGLISH = STOP_WORDS["en"]
_TELLING = frozenset(_SPEAKING) - _ENGLISH
"""Without one of these a text has at least as many common words of English as of any other language."""
_TELLING_IN_ASCII = frozenset(word.encode() for word in _TELLING if word.isascii())


def _any_letter(*, folded: bool) -> str:
    """Return the class of the letters of all classes above that are compared with case folded, or without."""
    patterns = [letters for _, letters in (*_SCRIPTS, *_LETTERS) if bool(letters.flags & re.IGNORECASE) is folded]
    return f"[{''.join(each.pattern.strip('[]') for each in patterns if each.pattern.startswith('['))}äö]"


_FOREIGN = re.compile(f"(?i:{_any_letter(folded=True)})|{_any_letter(folded=False)}")
"""What the patterns above have at least a letter of; with case folded everywhere "ı" would be any "i"."""
_MARKS = re.compile(r"[^\w\s]|_")


def may_be_english(text: str) -> bool:
    """Tell whether nothing shows that a text is in another language."""
    return not has_unspaced(text) and not guess_languages(text)


class LanguageSigns(NamedTuple):
    """What a part of a text tells of its language; a part is a line, or several whole ones."""

    letters: int
    """The place of the first pattern above that fits its letters; `_NO_LETTERS` for none."""
    is_other: bool
    """Whether it has letters that the first languages of their scripts do not have."""
    common: Sequence[str]
    """For each of its words the languages in which that is a common one."""
    is_telling: bool
    """Whether any of them is more common in another language than in English."""


_NO_LETTERS = len(_SCRIPTS) + len(_LETTERS)


def read_signs(text: str) -> LanguageSigns:
    """Return what a part of a text tells of its language."""
    letters, is_other = _NO_LETTERS, False
    if not text.isascii() and _FOREIGN.search(text):
        patterns = enumerate(pattern for _, pattern in (*_SCRIPTS, *_LETTERS))
        letters = next((at for at, pattern in patterns if pattern.search(text)), _NO_LETTERS)
        is_other = _OTHERWISE.search(text) is not None
    said = words(text) if text.isascii() else _MARKS.sub(" ", text).lower().split()
    common = [name for word in said if word in _SPEAKING for name in _SPEAKING[word]]
    return LanguageSigns(letters, is_other, common, not _TELLING.isdisjoint(said))


def shows_no_language(text: str) -> bool:
    """Tell whether a text that is made of such parts alone is taken for English."""
    if text.isascii():
        return _TELLING_IN_ASCII.isdisjoint(split_to_bytes(text))
    signs = read_signs(text)
    return signs.letters == _NO_LETTERS and not signs.is_telling


def guess_languages(text: str) -> list[str]:
    """Return the languages that a text may be in, by their Snowball names; none for English, and where nothing tells.

    More than one where its common words do not tell them apart.
    """
    return guess_by_signs([read_signs(text)])


def guess_by_signs(signs: Sequence[LanguageSigns]) -> list[str]:
    """Return what `guess_languages` does for the text that these parts make, a line's end between each two."""
    letters = min(each.letters for each in signs)
    if letters < len(_SCRIPTS):
        return [PIECES if any(each.is_other for each in signs) else _SCRIPTS[letters][0]]
    if letters < _NO_LETTERS:
        return [_LETTERS[letters - len(_SCRIPTS)][0]]
    if not any(each.is_telling for each in signs):
        return []
    found = Counter([name for each in signs for name in each.common])
    most = max(found.values())
    if found["english"] == most:
        return []
    return sorted(name for name, count in found.items() if count == most)

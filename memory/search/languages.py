"""Guesses the language of a text from its script, its letters and its commonest words; wrong guesses cost little.

What is guessed decides how words are stemmed, in the index beside the words themselves.
"""

from __future__ import annotations

import re
from collections import Counter

from memory.search.segment import has_unspaced, words
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


def guess_languages(text: str) -> list[str]:
    """Return the languages that a text may be in, by their Snowball names; none for English, and where nothing tells.

    More than one where its common words do not tell them apart.
    """
    if not text.isascii() and _FOREIGN.search(text):
        for language, letters in _SCRIPTS:
            if letters.search(text):
                return [PIECES if _OTHERWISE.search(text) else language]
        for language, letters in _LETTERS:
            if letters.search(text):
                return [language]
    said = words(text) if text.isascii() else _MARKS.sub(" ", text).lower().split()
    if _TELLING.isdisjoint(said):
        return []
    found = Counter(name for word in said for name in _SPEAKING.get(word, ()))
    most = max(found.values())
    if found["english"] == most:
        return []
    return sorted(name for name, count in found.items() if count == most)

"""Other forms under which a word is indexed and searched for: its Snowball stem, or its pieces where there is none.

The index stems English itself; it is stemmed here where texts are compared. Source of the stemmers: https://snowballstem.org.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from memory.search.languages import PIECES
from memory.search.segment import segment, words

_PIECE = 4
"""Letters of a piece; three in scripts that mostly write consonants alone, or syllables."""
_SHORT_PIECE = 3
_BEGINNING = 5
"""Letters by which words are compared where nothing stems them."""


def stem_forms(query: Iterable[str], languages: Sequence[str]) -> list[str]:
    """Return the forms of words that are not among the words themselves, without repeats."""
    own = list(query)
    forms = dict.fromkeys(form for language in languages for word in own for form in _forms(word, language))
    return [form for form in forms if form not in own]


def index_text(text: str, languages: Sequence[str]) -> str:
    """Return what the full-text index is given of a text: the text itself, and the forms of its words."""
    segmented = segment(text)
    if not languages:
        return segmented
    forms = stem_forms(dict.fromkeys(words(text)), languages)
    return f"{segmented}\n{' '.join(forms)}" if forms else segmented


def comparable(text: str, languages: Sequence[str]) -> set[str]:
    """Return the words of a text in forms of which inflected ones share one, roughly."""
    return {form for word in set(words(text)) for form in forms_of(word, languages)}


def forms_of(word: str, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the forms that a word is compared by: its stem, or its beginning where nothing stems it.

    In English both: "loved" begins otherwise than "love", and "photos" and "photography" have stems of their own.
    """
    if languages:
        return (word[:_BEGINNING] if languages[0] == PIECES else _load_stemmer(languages[0])(word),)
    return (word[:_BEGINNING], _load_stemmer("english")(word)) if word.isascii() else (word,)


def _forms(word: str, language: str) -> list[str]:
    if language != PIECES:
        return [_load_stemmer(language)(word)]
    size = _PIECE if word < "\u0530" else _SHORT_PIECE
    return [word[at : at + size] for at in range(len(word) - size + 1)]


@cache
def _load_stemmer(language: str) -> Callable[[str], str]:
    from py_rust_stemmers import SnowballStemmer  # noqa: PLC0415 (only what reads or finds needs the time it takes)

    stem: Callable[[str], str] = SnowballStemmer(language).stem_word
    return stem

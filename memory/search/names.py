"""Whom a question names: authors by their name, by a part of it, or nearly so ("Caro" for Caroline)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from memory.search.segment import words
from memory.search.stopwords import without_stop_words

_SHORTEST, _SHORTEST_FIRST = 3, 2
"""Letters that a part of a name has at least, in scripts that have letters: "Jo" names somebody, "de" does not."""
_SHORTEST_NEARLY = 4
_ALIKE = 0.8
"""How alike two spellings of a name are, by `difflib`: Kathrin and Katrin are, Jon and Joan are not."""
_OF = re.compile(r"['’]s\b")


def find_named(question: str, authors: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the question's words that name authors, each with the authors it names.

    Where a word is somebody's name, others whose names are like it are not meant.
    """
    parts = {author: list(_telling_parts(author)) for author in authors}
    named: dict[str, frozenset[str]] = {}
    for word in without_stop_words(list(dict.fromkeys(words(_OF.sub("", question))))):
        exact = frozenset(author for author in parts if word in parts[author])
        meant = exact or frozenset(author for author in parts if any(_nearly(word, part) for part in parts[author]))
        if meant:
            named[word] = meant
    return named


def without_names(question: str, names: Collection[str]) -> str:
    """Return a question without these words, or as it is where nothing else is in it.

    What is left is what is asked about; with a name, the vectors nearest to it are those of all that its bearer said.
    """
    left = [word for word in question.split() if not _is_name(words(_OF.sub("", word)), names)]
    return " ".join(left) if any(words(word) for word in left) else question


def _is_name(parts: Sequence[str], names: Collection[str]) -> bool:
    return bool(parts) and all(part in names for part in parts)


def _telling_parts(author: str) -> Iterator[str]:
    for number, part in enumerate(words(author)):
        if len(part) >= (_SHORTEST if number else _SHORTEST_FIRST) or not part.isascii():
            yield part


def _nearly(word: str, part: str) -> bool:
    """Tell whether a word is a name's beginning, begins with a short name, or spells it nearly so."""
    if min(len(word), len(part)) < _SHORTEST_NEARLY or word[0] != part[0]:
        return False
    return word.startswith(part) or part.startswith(word) or SequenceMatcher(None, word, part).ratio() >= _ALIKE

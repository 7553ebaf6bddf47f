"""How well a recollection fits its question, on a scale that is the same for every question.

Scores within a recall are relative to its best; whether the best is any good is another matter. It is what abstaining
is decided on.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from memory.records import Passage
from memory.search.links import cut_link_tails
from memory.search.segment import is_single
from memory.search.stemming import comparable, forms_of

COSINES = (("e5", 0.75, 0.92), ("", 0.1, 0.7))
"""Cosines of unrelated and of closely related texts, by a part of the model's name.

Measured with all-MiniLM-L6-v2 on LoCoMo; sentence models trained as it was lie near. Those of E5 lie between 0.7 and 1,
as its authors say (https://huggingface.co/intfloat/multilingual-e5-large, "FAQ").
"""


_COMPOUNDING = frozenset({"german", "dutch", "swedish", "danish", "norwegian", "finnish", "hungarian"})
"""Languages that write several words as one."""
_BEGINNING = 5
"""Letters that two words of them have in common at the front, where they are likely about one thing."""
_BEGINS_ALIKE = 0.5


def closeness(cosine: float, model: str) -> float:
    """Return how near two texts are, from 0 to 1 on a scale that is the same for every model."""
    floor, ceiling = next((low, high) for part, low, high in COSINES if part in model.lower())
    return min(max((cosine - floor) / (ceiling - floor), 0.0), 1.0)


def relevance(
    query: Sequence[str], texts: Sequence[Passage], close: float | None, languages: Sequence[str] = ()
) -> float:
    """Return 0 (nothing in common) to 1: the mean of shared words and of meaning.

    `close` is the closeness of the meanings; where it is None, the words decide alone. `languages` are those that the
    question may be in.
    """
    shared = _measure_shared(query, texts, languages)
    return shared if close is None else (shared + close) / 2


def _measure_shared(query: Sequence[str], texts: Sequence[Passage], languages: Sequence[str]) -> float:
    """Return the share of the question's words that the texts hold, a long word weighing more; roughly stemmed.

    Forms of one word, "live" and "lives", count once.
    """
    if not query:
        return 0.0
    said = (cut_link_tails(f"{each.author} {each.keyed_text}") for each in texts)
    held = set[str]().union(*(comparable(each, languages) for each in said))
    forms = {forms_of(word, languages)[-1]: word for word in query}
    weights = {word: min(len(word), 8) for word in forms.values()}
    return sum(weight * _holds(held, word, languages) for word, weight in weights.items()) / sum(weights.values())


def _holds(held: AbstractSet[str], word: str, languages: Sequence[str]) -> float:
    """Return 1 where a word is held, a half where only one that begins as it does: "Fietstour", "fietsen"."""
    if is_single(word):
        return float(any(word in each for each in held))
    forms = forms_of(word, languages)
    if not held.isdisjoint(forms):
        return 1.0
    begins = forms[0][:_BEGINNING]
    compounds = len(begins) == _BEGINNING and not _COMPOUNDING.isdisjoint(languages)
    return _BEGINS_ALIKE if compounds and any(each.startswith(begins) for each in held) else 0.0

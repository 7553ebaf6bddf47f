"""The messages of a conversation that say most, for where no model can put it into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

from memory.patterns import compile_on_use
from memory.records import Passage
from memory.search.stopwords import LANGUAGES_OF

_WORD = compile_on_use(r"\w{2,}")
_TELLING = compile_on_use(r"\d|https?://|\?")
_TELLING_WEIGHT = 1.25
_LENGTH_DAMPING = 6


def excerpts(passages: Sequence[Passage], most: int) -> list[Passage]:
    """Return up to `most` messages, in their order: greedily those whose rarer words no chosen one has yet.

    After maximum coverage of weighted concepts (Filatova & Hatzivassiloglou, 2004); a word weighs by how few messages
    have it, and a message's length counts against it.
    """
    words = [_words(passage.text) for passage in passages]
    spread = Counter(word for each in words for word in each)
    weights = {word: log(1 + len(passages) / count) for word, count in spread.items()}
    left, covered, chosen = set(range(len(passages))), set[str](), list[int]()
    while left and len(chosen) < most:
        best = max(left, key=lambda at: (_gain(passages[at], words[at] - covered, weights), -at))
        left.remove(best)
        if not words[best] - covered and chosen:
            break
        covered |= words[best]
        chosen.append(best)
    return [passages[at] for at in sorted(chosen)]


def _gain(passage: Passage, new: set[str], weights: dict[str, float]) -> float:
    worth = sum(weights[word] for word in new) / (_LENGTH_DAMPING + len(_WORD.findall(passage.text)))
    return worth * (_TELLING_WEIGHT if _TELLING.search(passage.text) else 1)


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if word not in LANGUAGES_OF}

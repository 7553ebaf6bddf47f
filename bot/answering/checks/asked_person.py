"""Whether what was recalled tells of the person asked about, or of somebody else who did or said it.

"Where was Ann's bike stolen?" finds Bob's bike, and a small model answers from it. Who writes "I" tells of themselves,
who writes "you" of somebody else: that, and who wrote the lines that fit the question best, tells most such questions
from those that have an answer. No model is needed for it. Measured in `benchmarks/results`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import exp, log

from bot.answering.checks.pronouns import count_pronouns
from bot.answering.prompting.hints import wants_several
from bot.answering.quoting.sentences import SENTENCE_BREAK
from bot.answering.quoting.wanted import Asked, stem
from memory import Recollection
from memory.patterns import compile_on_use
from memory.search.segment import words

OF_OTHERS, LIST_OF_OTHERS = 0.0, -0.3
"""Below this more is told of others than of the person: with 73 of 100 swapped questions, and 6 that have an answer.

A list is gathered from more memories, which fit less and so are of others more often.
"""

_TWO = 2
_SHARPNESS = 4.0
"""How much more the best recollection counts than one with half of its score: e to the power of two."""
_FLOOR = 0.02
"""What a recollection counts that shares no word with the question; it may fit by its meaning."""

_SPOKEN_TO = compile_on_use(
    r"(?:,|\b(?:hey|hi|hello|thanks|thank you|wow|yeah|hallo|danke|hola|gracias|merci|ciao))$", re.IGNORECASE
)


def is_told_of_others(asked: Asked, recollections: Sequence[Recollection]) -> bool:
    """Say whether recollections tell more of others than of the person asked about.

    Only where two people talk: in a group somebody else may well be who tells of them.
    """
    said = [passage for each in recollections for passage in (each.passage, *each.context)]
    if len({passage.author for passage in said if passage.author and passage.kind != "document"}) > _TWO:
        return False
    told = told_of(asked, recollections)
    return told is not None and told < (LIST_OF_OTHERS if wants_several(asked) else OF_OTHERS)


def told_of(asked: Asked, recollections: Sequence[Recollection]) -> float | None:
    """Return how far recollections tell of the person asked about, from -1 (of others) to 1.

    None where the question names nobody who wrote there, or several, or nobody else did.
    """
    authors = {each.passage.author for each in recollections if each.passage.author and each.passage.kind != "document"}
    named = [author for author in authors if set(words(author)) & set(words(asked.text))]
    if len(named) != 1 or len(authors) < 2:
        return None
    weights = _weights(asked, recollections, authors)
    total = sum(weights)
    parts = zip(weights, recollections, strict=True)
    return sum(weight * _tells_of(named[0], each, len(authors) - 1) for weight, each in parts) / total


def _tells_of(person: str, recollection: Recollection, others: int) -> float:
    """Return whether one text tells of a person: half by who wrote it, half by its "I" and "you".

    Where somebody else names them ("Ann sold it"), or in a document or a fact, it tells of whom it names.
    """
    passage = recollection.passage
    is_own = passage.author == person
    if not is_own and _names(person, passage.text):
        return 1.0
    if passage.kind != "message":
        return 0.0
    first, second = count_pronouns(passage.text)
    addressed = second / others  # of several others it may be anybody
    about_writer = (first - addressed) / (first + addressed) if first + second else 0.0
    return (1.0 if is_own else -1.0) * (1 + about_writer) / 2


def _names(person: str, text: str) -> bool:
    """Say whether a text names a person without speaking to them: "Ann sold it", but not "Thanks, Ann!"."""
    parts = "|".join(map(re.escape, {person, *person.split()}))
    for match in re.finditer(rf"(?<!\w)(?:{parts})(?!\w)", text, re.IGNORECASE):
        before, after = text[: match.start()].rstrip(), text[match.end() : match.end() + 1]
        if after not in {",", "!", "?", "."} and not _SPOKEN_TO.search(before):
            return True
    return False


def _without_questions(text: str) -> str:
    """Return what a text tells: who asks "any favourite style?" tells of nobody's."""
    return " ".join(each for each in SENTENCE_BREAK.split(text) if not each.rstrip().endswith(("?", "？", "؟")))


def _weights(asked: Asked, recollections: Sequence[Recollection], authors: set[str]) -> list[float]:
    """Return how much each recollection counts: by its score, without what the name gave, and the question's words."""
    names = {stem(part) for author in authors for part in words(author)}
    telling = [each for each in asked.stems if each not in names]
    held = [{stem(word) for word in words(_without_questions(each.passage.text))} for each in recollections]
    spread = Counter(word for line in held for word in line)
    rarity = {each: log(1 + len(held) / (1 + spread[each])) for each in telling}
    total = sum(rarity.values()) or 1.0
    scores = [each.score - each.parts.get("speaker", 0.0) for each in recollections]
    best = max(*scores, 1e-9)
    return [
        exp(_SHARPNESS * score / best) * (_FLOOR + (sum(rarity[each] for each in telling if each in line) / total) ** 2)
        for score, line in zip(scores, held, strict=True)
    ]

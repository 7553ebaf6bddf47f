"""Which memories an answer rests on, found by its words: small models cite wrongly or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import log

from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.sentences import asks_something
from bot.answering.quoting.wanted import Asked, stem
from memory.patterns import compile_on_use
from memory.search.names import find_named
from memory.search.segment import words
from memory.search.stopwords import LANGUAGES_OF

_QUESTION_WEIGHT = 0.7
"""Of the question's words beside the answer's: "2023" stands in many lines, and only one tells of the concert."""
_RANK_WEIGHT = 0.3
"""Of recall's order, where words do not decide."""
_SPEAKER_WEIGHT, _SPEAKER_WEIGHT_IN_GROUP = 0.15, 0.6
"""Of a line that was said by whom the question names: as recall weighs it, and where others say the like of theirs."""
_TWO = 2
_LONGEST_IN_TALK = 400
"""Characters of a message that is part of a talk, so that it may lean on the one before."""
_PART_SAID = 0.5
"""Share of a list item's words that a memory must hold for the item to be cited by itself."""
_MOST_CITED = 3
_LIST_BREAK = compile_on_use(r"\s{0,9}[,;]\s{0,9}|\s{1,9}(?:and|und|y|e|et|en)\s{1,9}")
_SENTENCE = compile_on_use(r"[^.!?？؟\n]+[.!?？؟]*|[.!?？؟]+")
_TELLS = 4
"""Words before the last clause of a question, at least, that tell something by themselves."""
LINK = compile_on_use(r"\bhttps?://\S{1,300}|\bwww\.\S{1,300}")
"""An address of the web."""
_UNIT_AFTER_NUMBER = compile_on_use(r"(?<=\d)(?=[^\W\d_])")
_SPELT = 4
"""Letters of a word that may be found inside a link, at least."""
_DATE = compile_on_use(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Support:
    """What an answer rests on. `said` is the share of its words that those memories say, 0 to 1."""

    evidence: tuple[Evidence, ...]
    said: float
    fit: float = 1.0
    """Share of the question's words that they hold, or what was said just before them, 0 to 1."""
    best_fit: float = 1.0
    """The share of the memory that holds most by itself."""

    @property
    def fits_best(self) -> bool:
        """Whether they hold at least half as much of the question's words as the memory that holds most."""
        return self.fit >= self.best_fit / 2


def find_support(answer: str, asked: Asked, evidence: Sequence[Evidence]) -> Support:
    """Return the memories that carry an answer, at most three: of a list one for each item, else the best."""
    if not evidence:
        return Support((), 0.0)
    evidence = [each for each in evidence if not _only_asks(each)] or evidence
    lines = {each.rank: stems_of(each.line) | _spelt_in_links(answer, each) for each in evidence}
    match = _SupportMatcher(asked, evidence, lines)
    # Of "yes" or "no" the question's words tell which memory it is: "yes please" says yes to anything.
    told = frozenset[str]() if asked.wanted == "truth" and len(words(answer)) == 1 else stems_of(answer)
    best = max(evidence, key=lambda each: match.score(told, each))
    chosen = {best.rank: best}
    if told and not _DATE.search(answer):
        for part in _LIST_BREAK.split(answer):
            item = stems_of(part)
            holder = max(evidence, key=lambda each: match.score(item, each))
            is_said = any(match.share_said(item, rank) == 1.0 for rank in chosen)
            if not is_said and match.share_said(item, holder.rank) >= _PART_SAID and len(chosen) < _MOST_CITED:
                chosen[holder.rank] = holder
    everything = set[str]().union(*(lines[rank] for rank in chosen))
    best_fit = max(match.fit(lines[each.rank]) for each in evidence)
    fit = max(match.fit(lines[each.rank] | _led_to(each)) for each in chosen.values())
    said = _share(stems_of(answer), everything, match.weights)
    return Support(tuple(chosen.values()), said, fit, best_fit)


def told_in(text: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the memories that a long text tells, the first three of which it holds half of the words."""
    said = stems_of(text)
    lines = {each.rank: stems_of(each.passage.text) for each in evidence}
    told = [each for each in evidence if len(lines[each.rank] & said) >= _PART_SAID * len(lines[each.rank])]
    return tuple(sorted(told, key=lambda each: each.rank)[:_MOST_CITED])


def _led_to(evidence: Evidence) -> frozenset[str]:
    """Return the stems of what was said just before a memory, which it need not repeat: "how was the trip?"."""
    return frozenset[str]().union(*(stems_of(each) for each in said_before(evidence)))


def said_before(evidence: Evidence) -> list[str]:
    """Return what was said just before a memory, where people talk: a plan of a hundred lines leads to nothing."""
    texts = [each.text for each in evidence.recollection.context]
    is_talk = len(evidence.passage.text) <= _LONGEST_IN_TALK
    return [each for each in texts if is_talk and len(each) <= _LONGEST_IN_TALK]


def _only_asks(evidence: Evidence) -> bool:
    """Say whether a memory is nothing but a question, which answers none; "I have to go at six, are you in?" tells."""
    sentences = [each for each in _SENTENCE.findall(evidence.passage.text) if each.strip()]
    asking = [each for each in sentences if asks_something(each)]
    return len(asking) == len(sentences) and not any(len(words(each.rpartition(",")[0])) >= _TELLS for each in asking)


def _spelt_in_links(answer: str, evidence: Evidence) -> set[str]:
    """Return the stems of an answer's words that a memory's links are made of: "Nata" of "nata-lisboa.example"."""
    links = " ".join(LINK.findall(evidence.passage.text)).casefold()
    return {stem(word) for word in words(answer) if len(word) >= _SPELT and word in links}


class _SupportMatcher:
    """How well memories fit an answer and its question; a word counts for more the fewer memories hold it."""

    def __init__(self, asked: Asked, evidence: Sequence[Evidence], lines: dict[int, frozenset[str]]) -> None:
        self._lines = lines
        authors = {each.passage.author for each in evidence}
        self._named = authors_named(asked, evidence)
        self._by_named = _SPEAKER_WEIGHT if len(authors) <= _TWO else _SPEAKER_WEIGHT_IN_GROUP
        spoken = {stem(part) for author in authors for part in words(author)}
        self._asked = frozenset(each for each in asked.stems if each not in spoken)
        spread = Counter(each for line in lines.values() for each in line)
        self.weights = {each: log(1 + len(evidence) / count) for each, count in spread.items()}

    def share_said(self, told: Collection[str], rank: int) -> float:
        return _share(told, self._lines[rank], self.weights)

    def fit(self, said: Collection[str]) -> float:
        return _share(self._asked, said, self.weights)

    def score(self, told: Collection[str], evidence: Evidence) -> float:
        return (
            self.share_said(told, evidence.rank)
            + _QUESTION_WEIGHT * self.fit(self._lines[evidence.rank])
            + _RANK_WEIGHT / evidence.rank
            + self._by_named * (evidence.passage.author in self._named)
        )


def authors_named(asked: Asked, evidence: Sequence[Evidence]) -> frozenset[str]:
    """Return those who wrote memories and are named in the question."""
    named = find_named(asked.text, {each.passage.author for each in evidence if each.passage.author})
    return frozenset[str]().union(*named.values())


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of a text's telling words; "20kg" is two, as "20 kg" is."""
    said = words(_UNIT_AFTER_NUMBER.sub(" ", text))
    telling = [word for word in said if word not in LANGUAGES_OF]
    return frozenset(stem(word) for word in telling or said)


def _share(told: Collection[str], said: Collection[str], weights: dict[str, float]) -> float:
    """Return which share of what is told is said; what no memory holds weighs as much as what only one does."""
    rarest = max(weights.values(), default=1.0)
    total = sum(weights.get(each, rarest) for each in told)
    return sum(weights.get(each, rarest) for each in told if each in said) / total if total else 0.0

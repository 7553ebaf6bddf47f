"""An answer held against its memories: what the doubts about it look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.checks.support import Support, said_before
from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.unknown_names import holds_name
from bot.answering.quoting.wanted import Asked, stem
from memory.search.segment import words

_BRIEF = 160
"""Characters of a message that leans on those around it."""


@dataclass(frozen=True, slots=True)
class AnswerCase:
    """An answer, what was asked, what it rests on (`support`), and all memories that the model saw."""

    answer: str
    asked: Asked
    support: Support
    evidence: Sequence[Evidence]

    @property
    def cited(self) -> Sequence[Evidence]:
        """The memories that it rests on."""
        return self.support.evidence


def is_brief(evidence: Evidence) -> bool:
    """Say whether a memory is so short that it leans on those around it."""
    return len(evidence.passage.text) <= _BRIEF


def holds(evidence: Sequence[Evidence], name: str) -> bool:
    """Say whether memories, or what was said just before them, hold a name."""
    texts = (" ".join([*said_before(each), each.line, each.passage.text]) for each in evidence)
    return any(holds_name(text, name) for text in texts)


def stems_of_writers(evidence: Sequence[Evidence]) -> set[str]:
    """Return the stems of the names of those who wrote the memories."""
    return {stem(part) for each in evidence for part in words(each.passage.author)}

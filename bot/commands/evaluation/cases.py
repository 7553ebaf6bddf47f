"""What an evaluation is made of: conversations to remember, and questions whose evidence is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from memory import Entry


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """A question, the event ids of the messages that answer it, the kind of question it is, and what answers it.

    `answer` None: nothing that is remembered answers it, and that is what is to be said.
    """

    text: str
    evidence: frozenset[str]
    category: str = "all"
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One conversation with its questions; `sessions` maps an event id to the name of its session."""

    name: str
    entries: tuple[Entry, ...]
    questions: tuple[EvalQuestion, ...]
    sessions: Mapping[str, str]

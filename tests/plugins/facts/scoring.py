"""How right the facts are that a model finds in labelled messages, and how many of them it finds.

`messages.jsonl` holds messages in thirteen languages, each with the facts to be kept of it: whose, and what their
statement must say ("a|b": one of them). An optional fact may be kept or not. On the set "trial" prompt and rules were
tried; the set "kept back" was left alone; in "chatter" nothing is to be kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.answering.writer import Writer
from bot.models import LanguageModel, Sampling
from memory.records import ConversationRecord, Passage
from plugins.facts.claims import Learnt
from plugins.facts.reading import learn_from

SETS = ("trial", "kept back", "chatter")
_PLACE = ConversationRecord(1, "test", "g", "Group", "group", None)


@dataclass(frozen=True, slots=True)
class FactScores:
    """Counts of facts; `wrong` and `missed` name the messages."""

    kept: int
    right: int
    wanted: int
    found: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float | None:
        """Which share of what is kept is right; None where nothing is."""
        return self.right / self.kept if self.kept else None

    @property
    def recall(self) -> float | None:
        """Which share of what is to be kept is kept; None where nothing is."""
        return self.found / self.wanted if self.wanted else None


def read_labelled(which: str) -> list[dict[str, Any]]:
    """Return the labelled messages of a set."""
    lines = Path(__file__).with_name("messages.jsonl").read_text("utf-8").splitlines()
    return [each for each in map(json.loads, lines) if each["set"] == which]


def as_passages(labelled: Sequence[dict[str, Any]]) -> list[Passage]:
    """Return labelled messages as the memory has them."""
    return [
        Passage(at, _PLACE, each["author"], 1, datetime.fromisoformat(each["at"]), "message", each["text"])
        for at, each in enumerate(labelled)
    ]


async def score_facts(model: LanguageModel, which: str) -> FactScores:
    """Have a model read a set as /learn does, and score what is kept."""
    labelled = read_labelled(which)
    writer = Writer(model, Sampling(temperature=0.0))
    found = {passage.id: facts async for passage, facts in learn_from(writer, as_passages(labelled), len(labelled) * 2)}
    return score_kept(labelled, [found[at] for at in range(len(labelled))])


def score_kept(labelled: Sequence[dict[str, Any]], kept: Sequence[Sequence[Learnt]]) -> FactScores:
    """Score the facts that were kept of each labelled message."""
    pairs = list(zip(labelled, kept, strict=True))
    right = [(each, fact) for each, facts in pairs for fact in facts if any(_is(fact, it) for it in each["facts"])]
    wrong = [each["text"] for each, facts in pairs for fact in facts if not any(_is(fact, it) for it in each["facts"])]
    wanted = [(each, facts, it) for each, facts in pairs for it in each["facts"] if not it.get("optional")]
    missed = [each["text"] for each, facts, it in wanted if not any(_is(fact, it) for fact in facts)]
    return FactScores(
        len(right) + len(wrong), len(right), len(wanted), len(wanted) - len(missed), tuple(wrong), tuple(missed)
    )


def _is(fact: Learnt, expected: dict[str, Any]) -> bool:
    said = f"{fact.key} {fact.statement} {fact.evidence.author}".casefold()
    return all(
        any(part.casefold() in said for part in each.split("|")) for each in [expected["owner"], *expected["value"]]
    )

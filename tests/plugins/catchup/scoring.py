"""How much of what matters in labelled chats a catch-up by a model tells, and what it tells wrongly.

`chats.jsonl` holds chats with what is to be told of each (all of the parts; "a|b": one of them) and what must not be.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.answering.writer import Writer
from bot.models import LanguageModel, Sampling
from memory.records import ConversationRecord, Passage
from plugins.catchup.digest import Digest, digest

_PLACE = ConversationRecord(1, "test", "g", "Group", "group", None)
_MOST_PARTS = 12


@dataclass(frozen=True, slots=True)
class CatchupScores:
    """Counts of points; `wrong` are those that tell what must not be told."""

    points: int
    told: int
    wanted: int
    wrong: int
    seconds: float
    digest: Digest | None


def read_chats() -> list[dict[str, Any]]:
    """Return the labelled chats."""
    lines = Path(__file__).with_name("chats.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def as_passages(chat: dict[str, Any]) -> list[Passage]:
    """Return the messages of a labelled chat as the memory has them."""
    return [
        Passage(at, _PLACE, author, 1, datetime.fromisoformat(f"{chat['day']}T{clock}:00+00:00"), "message", text)
        for at, (clock, author, text) in enumerate(chat["messages"], start=1)
    ]


async def score_catchup(model: LanguageModel, chats: Sequence[dict[str, Any]]) -> dict[str, CatchupScores]:
    """Have a model tell labelled chats as /catchup does, and score it, by the chat's name."""
    writer = Writer(model, Sampling(temperature=0.0))
    scores: dict[str, CatchupScores] = {}
    for chat in chats:
        begun = time.monotonic()
        told = await digest(writer, as_passages(chat), _MOST_PARTS, lambda _: None)
        scores[chat["chat"]] = _score(chat, told, time.monotonic() - begun)
    return scores


def _score(chat: dict[str, Any], told: Digest | None, seconds: float) -> CatchupScores:
    points = told.text.casefold().splitlines() if told is not None else []
    right = [each for each in chat["told"] if any(all(_holds(point, part) for part in each) for point in points)]
    wrong = [point for point in points if any(each.casefold() in point for each in chat["wrong"])]
    return CatchupScores(len(points), len(right), len(chat["told"]), len(wrong), seconds, told)


def _holds(point: str, part: str) -> bool:
    return any(each.casefold() in point for each in part.split("|"))

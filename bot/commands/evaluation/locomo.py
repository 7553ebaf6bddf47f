"""Reads the LoCoMo benchmark's file format.

Source: Maharana et al., 2024, "Evaluating Very Long-Term Conversational Memory of LLM Agents" (snap-research/LoCoMo).
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.commands.evaluation.cases import EvalQuestion, Sample
from bot.commands.file_errors import describe_file_error
from bot.errors import ImportRefused
from memory import Entry

CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "adversarial"}
_OPEN_DOMAIN, _ADVERSARIAL = 3, 5

_TURN_ID = re.compile(r"D\d+:\d+")
_TURN_SECONDS = 20
"""Turns carry no time of their own; they are set this far apart, from the start of their session."""


def read_locomo(path: Path) -> list[Sample]:
    """Return the file's conversations. Raises ImportRefused for a file of another shape."""
    try:
        return [_sample(raw) for raw in json.loads(path.read_text(encoding="utf-8"))]
    except OSError as error:
        raise ImportRefused(describe_file_error(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ImportRefused(
            f"{path} is not in the LoCoMo format (a list of samples with `conversation` and `qa`): {error!r}"
        ) from error


def _sample(raw: dict[str, Any]) -> Sample:
    talk = raw["conversation"]
    entries: list[Entry] = []
    sessions: dict[str, str] = {}
    for key in sorted((key for key in talk if re.fullmatch(r"session_\d+", key)), key=_number):
        began = datetime.strptime(talk[f"{key}_date_time"], "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
        for at, turn in enumerate(talk[key]):
            entries.append(_entry(turn, began + timedelta(seconds=_TURN_SECONDS * at)))
            sessions[turn["dia_id"]] = key
    questions = [_question(each, sessions) for each in raw["qa"]]
    return Sample(
        name=str(raw.get("sample_id", "")),
        entries=tuple(entries),
        questions=tuple(each for each in questions if each.evidence),
        sessions=sessions,
    )


def _number(key: str) -> int:
    return int(key.rpartition("_")[2])


def _entry(turn: dict[str, Any], said_at: datetime) -> Entry:
    caption = turn.get("blip_caption")
    text = f"{turn['text']} [photo: {caption}]" if caption else str(turn["text"])
    return Entry(text=text, said_at=said_at, author=turn["speaker"], event_id=turn["dia_id"])


def _question(raw: dict[str, Any], sessions: dict[str, str]) -> EvalQuestion:
    named = _TURN_ID.findall(" ".join(str(each) for each in raw.get("evidence", ())))
    return EvalQuestion(
        text=str(raw["question"]),
        evidence=frozenset(each for each in named if each in sessions),
        category=CATEGORIES.get(raw["category"], str(raw["category"])),
        answer=_answer(raw),
    )


def _answer(raw: dict[str, Any]) -> str | None:
    """Return what the benchmark compares with: the conclusion before its reasons; nothing where persons are swapped."""
    if raw["category"] == _ADVERSARIAL:
        return None
    answer = str(raw.get("answer", ""))
    return answer.partition(";")[0].strip() if raw["category"] == _OPEN_DOMAIN else answer

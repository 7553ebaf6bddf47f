"""Reads a user's own questions, one JSON object a line, over what is remembered already."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import ImportRefused


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question, and the ids or texts of the passages that answer it; any part of a passage's text will do."""

    text: str
    evidence: tuple[int | str, ...]
    category: str = "all"


def read_questions(path: Path) -> list[OwnQuestion]:
    """Return the questions of `{"question": …, "evidence": [id or text, …], "category": …}` lines.

    Raises ImportRefused, naming the line that is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path} can't be read: {error}") from error
    questions = [_question(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise ImportRefused(f'{path} holds no question; write lines like {{"question": "…", "evidence": [12]}}')
    return questions


def _question(path: Path, number: int, line: str) -> OwnQuestion:
    try:
        raw: Any = json.loads(line)
        evidence = tuple(raw["evidence"])
        if not evidence or not all(isinstance(each, int | str) and each for each in evidence):
            raise ValueError("`evidence` must hold ids or texts")  # noqa: TRY301 (told like the others, below)
        return OwnQuestion(str(raw["question"]), evidence, str(raw.get("category", "all")))
    except (ValueError, KeyError, TypeError) as error:
        raise ImportRefused(
            f'{path}, line {number}: {error}; write {{"question": "…", "evidence": [id or text, …]}}'
        ) from error

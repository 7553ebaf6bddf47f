"""Reads a user's own questions, one JSON object a line, over what is remembered already."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.commands.file_errors import describe_file_error
from bot.errors import ImportRefused
from bot.translation import gettext


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question, and the ids or texts of the passages that answer it; any part of a passage's text will do.

    `answer` None: nothing that is remembered answers it, and that is what is to be said.
    """

    text: str
    evidence: tuple[int | str, ...]
    category: str = "all"
    answer: str | None = None


def read_questions(path: Path, *, with_answers: bool = False) -> list[OwnQuestion]:
    """Return the questions of `{"question": …, "evidence": [id or text, …], "category": …, "answer": …}` lines.

    Where answers are asked for, each line must have one, a text or null, and null needs no evidence. Raises
    ImportRefused, naming the line that is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise ImportRefused(describe_file_error(error)) from error
    except UnicodeDecodeError as error:
        raise ImportRefused(gettext("{file} can't be read: {error}", file=path, error=error)) from error
    questions = [_question(path, number, line, with_answers) for number, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise ImportRefused(f'{path} holds no question; write lines like {{"question": "…", "evidence": [12]}}')
    return questions


def _question(path: Path, number: int, line: str, with_answers: bool) -> OwnQuestion:  # noqa: FBT001 (private)
    try:
        raw: Any = json.loads(line)
        answer = _answer(raw) if with_answers else None
        evidence = tuple(raw.get("evidence", ()) if with_answers and answer is None else raw["evidence"])
        if not (evidence or (with_answers and answer is None)) or not all(map(_is_evidence, evidence)):
            raise ValueError("`evidence` must hold ids or texts")  # noqa: TRY301 (told like the others, below)
        return OwnQuestion(str(raw["question"]), evidence, str(raw.get("category", "all")), answer)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        shape = '{"question": "…", "evidence": [id or text, …]' + (', "answer": "…"}' if with_answers else "}")
        raise ImportRefused(f"{path}, line {number}: {error}; write {shape}") from error


def _answer(raw: Any) -> str | None:
    answer = raw["answer"]
    if answer is None or isinstance(answer, str):
        return answer
    raise ValueError("`answer` must be a text, or null where nothing answers the question")


def _is_evidence(each: object) -> bool:
    return isinstance(each, int | str) and bool(each)

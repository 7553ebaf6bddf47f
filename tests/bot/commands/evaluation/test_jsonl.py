from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.evaluation.jsonl import OwnQuestion, read_questions
from bot.errors import ImportRefused


def written(folder: Path, *lines: str) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_a_question_has_its_answer_and_null_needs_no_evidence(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '{"question": "when?", "evidence": ["noon"], "answer": "at noon", "category": "time"}',
        '{"question": "who?", "answer": null}',
    )
    assert read_questions(path, with_answers=True) == [
        OwnQuestion("when?", ("noon",), "time", "at noon"),
        OwnQuestion("who?", ()),
    ]


@pytest.mark.parametrize(
    "line",
    [
        '{"question": "when?", "evidence": ["noon"]}',
        '{"question": "when?", "evidence": ["noon"], "answer": 12}',
        '{"question": "when?", "answer": "noon"}',
        '{"question": "when?", "evidence": [], "answer": "noon"}',
        '["when?"]',
        '"when?"',
        "12",
    ],
)
def test_a_line_whose_answer_can_not_be_scored_is_named(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, '{"question": "a", "evidence": ["b"], "answer": "c"}', line)
    with pytest.raises(ImportRefused, match=r"line 2.*answer"):
        read_questions(path, with_answers=True)


def test_without_answers_none_are_needed(tmp_path: Path) -> None:
    assert read_questions(written(tmp_path, '{"question": "when?", "evidence": [3]}')) == [OwnQuestion("when?", (3,))]
    with pytest.raises(ImportRefused, match="line 1"):
        read_questions(written(tmp_path, '{"question": "when?"}'))

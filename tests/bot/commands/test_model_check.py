from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.answering.records import Answer, Timings
from bot.commands.evaluation.self_test import CheckQuestion, is_own, is_right
from bot.models.check_results import CheckResult, CheckResults
from tests.gguf_files import write_gguf
from tests.real_models import need_time, real_model

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.commands.conftest import Cli

SHELLFISH = CheckQuestion("what can't Tom eat?", ("shellfish", "prawn"))
UNKNOWN = CheckQuestion("what is the name of Tom's dog?")


def answered(text: str, *, abstained: bool = False, problem: str | None = None) -> Answer:
    return Answer("", text, abstained, "tiny", (), Timings(0, None, 0), (), problem=problem)


@pytest.mark.parametrize(
    ("question", "answer", "right"),
    [
        (SHELLFISH, answered("Prawns and crab. [1]"), True),
        (SHELLFISH, answered("Peanuts. [1]"), False),
        (SHELLFISH, answered("I remember nothing of shellfish.", abstained=True), False),
        (SHELLFISH, answered("Shellfish. [1]", problem="out of memory"), False),
        (UNKNOWN, answered("I remember nothing about that.", abstained=True), True),
        (UNKNOWN, answered("Klaus. [1]"), False),
    ],
)
def test_an_answer_is_right_when_it_says_the_word_or_abstains_where_nothing_is_known(
    question: CheckQuestion,
    answer: Answer,
    right: bool,  # noqa: FBT001 (parametrized)
) -> None:
    assert is_right(question, answer) == right


def test_what_was_quoted_in_a_models_place_is_not_its_own() -> None:
    quoted = replace(answered("Tom: shellfish tries to kill me [1]"), model="extractive")
    beside = replace(answered('Nuts. Tom: "shellfish tries to kill me" [1]'), short="Nuts.")
    by_rules = replace(beside, short="shellfish", by_rules=True)
    for answer, own in (
        (quoted, False),
        (beside, False),
        (by_rules, False),
        (replace(beside, short="shellfish"), True),
    ):
        assert is_right(SHELLFISH, answer)
        assert is_own(SHELLFISH, answer) == own


def test_a_result_belongs_to_the_file_and_not_to_its_name(tmp_path: Path) -> None:
    model = write_gguf(tmp_path / "tiny.gguf")
    results = CheckResults(tmp_path)
    assert results.get(model) is None
    results.put(model, CheckResult(9, 4, 13, 20))
    assert CheckResults(tmp_path).get(model) == CheckResult(9, 4, 13, 20)
    write_gguf(model, layers=1)
    assert results.get(model) is None
    (tmp_path / "checks.json").write_text("[broken", "utf-8")
    assert results.get(model) is None


def test_a_model_that_answers_worse_than_quoting_is_said_so_everywhere(cli: Cli) -> None:
    models = cli.data / "models"
    models.mkdir(parents=True)
    write_gguf(models / "tiny.gguf", context_length=4096)
    cli.env |= {"SCRUBJAY_SAMPLING__MAX_TOKENS": "4", "SCRUBJAY_SAMPLING__SEED": "1"}
    checked = cli.run("model", "check", "--json", code=1).json
    assert checked["own"] < checked["floor"] / 2
    assert len(checked["answers"]) == checked["questions"] == 20
    worse = f"worse than quoting alone: {checked['floor']}"
    assert worse in cli.run("model", "list").out
    (finding,) = [each for each in cli.run("doctor", "--json").json if each["name"] == "model"]
    assert finding["state"] == "note"
    assert worse in finding["found"]


def test_without_a_model_there_is_nothing_to_check(cli: Cli) -> None:
    assert "model list" in cli.fails("model", "check", code=1)


def test_a_file_that_is_not_there_or_no_model_is_told_before_the_sample_is_asked(cli: Cli) -> None:
    (cli.home / "notes.gguf").write_text("no model", "utf-8")
    for name in ("missing.gguf", "notes.gguf"):
        assert name in cli.fails("model", "check", name, code=3)


@pytest.mark.real_model
@pytest.mark.slow
def test_a_real_model_answers_about_as_well_as_quoting(cli: Cli) -> None:
    need_time()
    path = real_model("qwen2.5-coder-1.5b")
    del cli.env["SCRUBJAY_MEMORY__EMBEDDER"]
    cli.env["SCRUBJAY_MODEL__THREADS"] = "2"
    checked = cli.run("model", "check", str(path), "--json", code=None, seconds=1200).json
    # The 1.5B is one of twenty behind the floor today, and what is generated differs a little between processors.
    assert checked["right"] >= checked["floor"] - 2

"""Answers are asked for as users ask, and scored against what was expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answer import Answerer
from bot.answering.records import AnswerOptions
from bot.answering.small_talk import say_unknown
from bot.commands.evaluation.answers import AnswerScores
from bot.commands.evaluation.locomo import read_locomo
from bot.commands.evaluation.measure import measure
from bot.models import LanguageModel
from bot.models.extractive import ExtractiveModel
from bot.testing import ScriptedModel
from memory.embedders.hashing import HashingEmbedder

NOTHING = say_unknown("")
TALK = [
    {"speaker": "Ann", "dia_id": "D1:1", "text": "I adopted a tortoise called Turing on Sunday."},
    {"speaker": "Bob", "dia_id": "D1:2", "text": "My bike was stolen in front of the library."},
    {"speaker": "Ann", "dia_id": "D1:3", "text": "I grow tomatoes and beans in my garden."},
]
QUESTIONS = [
    {"question": "Which animal was adopted?", "answer": "a tortoise", "evidence": ["D1:1"], "category": 4},
    {"question": "What does Ann grow in the garden?", "answer": "beans, tomatoes", "evidence": ["D1:3"], "category": 1},
    {"question": "Where was the bike stolen?", "evidence": ["D1:2"], "category": 5},
]


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    path = tmp_path / "benchmark.json"
    talk = {"session_1_date_time": "1:56 pm on 8 May, 2023", "session_1": TALK}
    path.write_text(json.dumps([{"sample_id": "one", "conversation": talk, "qa": QUESTIONS}]), "utf-8")
    return path


async def scores(path: Path, model: LanguageModel) -> dict[str, Any]:
    options = AnswerOptions(relevance=0.0)
    measured = await measure(
        read_locomo(path),
        HashingEmbedder(),
        open_scores=lambda memory: AnswerScores(Answerer(memory, model, options), model),
    )
    answers: dict[str, Any] = measured.report()["answers"]
    return answers


async def test_answers_are_scored_by_kind_and_abstaining_is_right_only_where_nothing_is_known(benchmark: Path) -> None:
    report = await scores(benchmark, ScriptedModel("a tortoise [1]", "tomatoes [1]", NOTHING))
    assert report["questions"] == 3
    assert report["f1"] == {"all": 0.75, "multi-hop": 0.5, "single-hop": 1.0}
    assert (report["adversarial_right"], report["wrongly_abstained"]) == (1.0, 0.0)
    assert report["cited_precision"] > 0
    assert report["prompt_tokens"] == {"p50": None, "p95": None}
    assert report["total_s"]["p95"] >= report["first_word_s"]["p50"] >= 0


async def test_an_answer_withheld_scores_nothing_and_one_made_up_is_wrong(benchmark: Path) -> None:
    report = await scores(benchmark, ScriptedModel(NOTHING, "tomatoes, beans [1]", "At the library. [1]"))
    assert report["f1"] == {"all": 0.5, "multi-hop": 1.0, "single-hop": 0.0}
    assert (report["adversarial_right"], report["wrongly_abstained"]) == (0.0, 0.5)


async def test_without_a_model_the_quoting_engine_is_scored_the_same_way(benchmark: Path) -> None:
    report = await scores(benchmark, ExtractiveModel())
    assert set(report["f1"]) == {"all", "multi-hop", "single-hop"}
    assert report["f1"]["all"] > 0

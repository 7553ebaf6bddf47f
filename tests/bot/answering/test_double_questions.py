"""A message with two questions: each has its answer, the second below the first, with sources numbered on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.answer import Answerer
from bot.answering.double_questions import split_question
from bot.answering.records import Question
from bot.models.extractive import ExtractiveModel
from bot.testing import ScriptedModel
from memory import Scope
from tests.bot.answering.test_answer import NOTHING, NOW, SAID, answered, remembering


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("when did we book the hotel and who paid?", ("when did we book the hotel?", "and who paid?")),
        ("where did we stay, and how much was it?", ("where did we stay?", "and how much was it?")),
        ("who is coming and when?", ("who is coming?", "and when?")),
        ("who is Ann and who is Bob?", ("who is Ann?", "and who is Bob?")),
        ("did we book the hotel and who paid?", ("did we book the hotel?", "and who paid?")),
        ("wann war das Essen und wer hat bezahlt?", ("wann war das Essen?", "und wer hat bezahlt?")),
        ("¿cuándo fue la cena y quién pagó?", ("¿cuándo fue la cena?", "y quién pagó?")),
        ("quand était le dîner et qui a payé ?", ("quand était le dîner?", "et qui a payé ?")),
        ("когда был ужин и кто заплатил?", ("когда был ужин?", "и кто заплатил?")),
        ("quando era la cena e chi ha pagato?", ("quando era la cena?", "e chi ha pagato?")),
    ],
)
def test_two_questions_of_a_message_are_told_apart(text: str, expected: tuple[str, str]) -> None:
    assert split_question(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "when and where did we meet?",
        "do you know when and where we meet?",
        "what did Tom and Ana eat?",
        "who is the man who came and who paid?",
        "what did he say when it rained and when it snowed?",
        "chi è il ragazzo che lavora e che vive a Roma?",
        "we booked the hotel and who paid is unclear",
        "who paid?",
        f"when was {'x' * 400} and who paid?",
        "",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert split_question(text) is None


BOTH = "which hotel did we book in Lisbon and what does the parrot eat?"


async def test_each_question_has_its_answer_and_its_source(tmp_path: Path) -> None:
    model = ScriptedModel("Rua da Rosa", "sunflower seeds")
    answer = await answered(tmp_path, model, BOTH)
    assert answer.text == f'Rua da Rosa\nMara: "{SAID[0][1]}" [1]\n\nsunflower seeds\nJo: "{SAID[1][1]}" [2]'
    assert answer.short == "Rua da Rosa; sunflower seeds"
    assert [(source.n, source.text) for source in answer.sources] == [(1, SAID[0][1]), (2, SAID[1][1])]
    assert answer.question == BOTH
    assert len(answer.cited) == len(answer.sources)
    assert set(answer.cited) <= set(answer.drawn_from)


async def test_the_second_question_leans_on_the_first(tmp_path: Path) -> None:
    answer = await answered(tmp_path, ExtractiveModel(), "when did we book the hotel in Lisbon and who paid?")
    assert [source.text for source in answer.sources] == [SAID[0][1], SAID[2][1]]
    assert "Jo" in answer.text.split("\n\n")[1]


async def test_one_of_them_may_be_unknown_and_both(tmp_path: Path) -> None:
    half = await answered(tmp_path / "half", ExtractiveModel(), "what does the parrot eat and why is quantum foam?")
    assert not half.abstained
    assert SAID[1][1] in half.text
    assert half.text.endswith(NOTHING)
    neither = await answered(tmp_path / "neither", ExtractiveModel(), "why is quantum foam and who sang arias?")
    assert neither.abstained
    assert (neither.text, neither.sources) == (NOTHING, ())


async def test_the_second_answer_grows_below_the_first(tmp_path: Path) -> None:
    shown: list[str] = []
    async with remembering(tmp_path) as memory:
        answerer = Answerer(memory, ScriptedModel("Rua da Rosa", "sunflower seeds"))
        answer = await answerer.answer(Question(BOTH, Scope.all(), NOW), lambda text: shown.append(text()))
    assert shown[0].startswith(("Mara", "Rua"))
    first, _, second = answer.text.partition("\n\n")
    below = [text for text in shown if text.startswith(f"{first}\n\n")]
    assert f'"{SAID[1][1]}" [2]' in below[0]  # what was found stands there before the model has written
    assert second.startswith(below[-1].removeprefix(f"{first}\n\n")[:9])

"""Twenty questions on the sample history, by which a model is held against the engine that only quotes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.answering.answer import Answerer
from bot.answering.records import Answer, Question
from bot.models.extractive import ExtractiveModel
from memory import Scope

AFTER_THE_HISTORY = datetime(2024, 9, 10, 12, tzinfo=UTC)
"""When the questions are asked, a few days after the last message."""


@dataclass(frozen=True, slots=True)
class CheckQuestion:
    """A question, and the words of which a right answer has one; none where the history holds no answer."""

    text: str
    words: tuple[str, ...] = ()


QUESTIONS = (
    CheckQuestion("when did we book the hotel in Lisbon?", ("3 may", "may 3")),
    CheckQuestion("what can't Tom eat?", ("shellfish", "prawn")),
    CheckQuestion("what is the wifi password?", ("azulejo1755",)),
    CheckQuestion("what is the code of the street door?", ("4471",)),
    CheckQuestion("where was the passport found?", ("jacket", "pocket")),
    CheckQuestion("who became a charge nurse?", ("tom",)),
    CheckQuestion("what is Tom's address in Bristol?", ("coldharbour",)),
    CheckQuestion("which restaurant did Inês reserve?", ("tasca",)),
    CheckQuestion("how much were the tickets for Pena?", ("56",)),
    CheckQuestion("who looks after the cat during the trip?", ("lehmann",)),
    CheckQuestion("when does Jonas start in Leipzig?", ("1 september", "september 1")),
    CheckQuestion("wovon hat Jonas geträumt?", ("nata",)),
    CheckQuestion("how much did the hotel cost?", ("612",)),
    CheckQuestion("where is the spare key of Jonas's flat in Leipzig?", ("mara",)),
    CheckQuestion("which city leads the poll for 2025?", ("palermo",)),
    CheckQuestion("wie ist das WLAN-Passwort?", ("azulejo1755",)),
    CheckQuestion("what colour is Tom's new shirt at work?", ("navy",)),
    CheckQuestion("what is Mara's blood type?"),
    CheckQuestion("what is the name of Tom's dog?"),
    CheckQuestion("when did we go to Tokyo?"),
)


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """A question, how it was answered, and whether that is right.

    A right answer is the model's `own` when its words say it, or it rightly abstains; the quote beside them is not.
    """

    question: CheckQuestion
    answer: Answer
    right: bool
    own: bool


async def run_self_test(answerer: Answerer, told: Callable[[], object] = lambda: None) -> list[CheckedAnswer]:
    """Ask the twenty questions of an answerer whose memory holds the sample; `told` is called after each."""
    answers = []
    for question in QUESTIONS:
        answer = await answerer.answer(Question(question.text, Scope.all(), AFTER_THE_HISTORY))
        answers.append(CheckedAnswer(question, answer, is_right(question, answer), is_own(question, answer)))
        told()
    return answers


def is_right(question: CheckQuestion, answer: Answer) -> bool:
    """Return whether an answer has one of the words, or abstains where nothing is known; a failure is never right."""
    if answer.problem is not None:
        return False
    return _says(question, answer, answer.text)


def is_own(question: CheckQuestion, answer: Answer) -> bool:
    """Return whether an answer is right by what the model itself wrote."""
    wrote = not answer.by_rules and answer.model != ExtractiveModel.name
    return wrote and is_right(question, answer) and _says(question, answer, answer.short or answer.text)


def _says(question: CheckQuestion, answer: Answer, text: str) -> bool:
    if not question.words:
        return answer.abstained
    said = text.casefold()
    return not answer.abstained and any(word in said for word in question.words)

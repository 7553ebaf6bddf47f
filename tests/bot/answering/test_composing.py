"""What is shown where a model's answer is not believed."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.checking import check_answer
from bot.answering.composing import compose
from bot.answering.prompting.evidence import evidence_of
from bot.answering.quoting.wanted import read_question
from bot.answering.short_answers import is_of_nobody_asked, short_answer
from memory import Recollection
from tests.bot.answering.quoting.saying import recalled


def shown(question: str, written: str, said: list[Recollection]) -> str:
    asked = read_question(question)
    evidence = evidence_of(question, said, None, 1000, len)
    verdict = check_answer(written, asked, evidence, said)
    assert verdict.doubt
    return compose(verdict, asked, said, None, short_answer(question, said)).text


def test_of_somebody_no_quote_is_shown_that_has_nothing_to_do_with_them() -> None:
    said = recalled(("Rui", "what a mother of a storm"), ("Bea", "I bought the flour"))
    assert "storm" not in shown("What is Bea's mother's name?", "Doris", said)


def test_a_quote_of_theirs_is_shown_though_it_may_not_answer() -> None:
    said = recalled(("Rui", "what a mother of a storm"), ("Bea", "my mother is here for the week"))
    assert "here for the week" in shown("What is Bea's mother's name?", "Doris", said)


def test_a_file_is_nobody_though_the_question_holds_a_word_of_its_name() -> None:
    files = [
        replace(each, passage=replace(each.passage, kind="document"))
        for each in recalled(("museum.txt", "The museum has a garden."), ("handbook.docx", "We open at nine."))
    ]
    (garden, hours) = files
    found = short_answer("When does the museum open?", [hours, garden])
    assert found is not None
    assert not is_of_nobody_asked(read_question("When does the museum open?"), found, files)
    assert found.text == "at nine"

from __future__ import annotations

import pytest

from bot.answering.checks.cleaning import abstains, answer_in, names_again

QUESTION = "When did we book the hotel?"


@pytest.mark.parametrize(
    "written",
    [
        "3 May 2024",
        "3 May 2024.",
        ' "3 May 2024" ',
        "**3 May 2024** [1]",
        "Answer: 3 May 2024",
        "Antwort: 3 May 2024 [2, 3]",
        '{"answer": "3 May 2024"}',
        '```json\n{"answer": "3 May 2024"}\n```',
        '["3 May 2024"]',
        "3 May 2024\n\nQuestion: And who paid?\nJo",
        "3 May 2024\nMemories:\n2 May 2024, Jo: hello",
        "3 May 2024, 3 May 2024, 3 May 2024, 3 May 2024",
        "3 May 2024. 3 May 2024. 3 May 2024. 3 May 2024. 3 May",
    ],
)
def test_the_answer_is_found_in_what_a_model_wrote_around_it(written: str) -> None:
    assert answer_in(written, QUESTION).startswith("3 May 2024")
    assert len(answer_in(written, QUESTION)) <= len("3 May 2024. 3 May")


@pytest.mark.parametrize("written", ["", " \n", "[1]", "…", '""', "{}", "{broken", "Question: when?", QUESTION.upper()])
def test_what_holds_no_answer_is_none(written: str) -> None:
    assert answer_in(written, QUESTION) == ""


def test_quotation_marks_around_the_whole_go_and_those_around_items_stay() -> None:
    assert answer_in("“The Tempest”", "what?") == "The Tempest"
    assert answer_in('"The Tempest", "Emma"', "what?") == '"The Tempest", "Emma"'
    assert answer_in('watching "Emma"', "what?") == 'watching "Emma"'


def test_a_list_names_everything_once() -> None:
    assert answer_in("tomatoes, beans, tomatoes, basil, Beans", "what?") == "tomatoes, beans, basil"
    assert answer_in("he said so, she said so", "what?") == "he said so, she said so"


@pytest.mark.parametrize(
    "answer",
    [
        "nothing",
        "Nothing.",
        "none",
        "Not mentioned",
        "I don't remember",
        "nichts",
        "nada",
        "I remember nothing about it",
    ],
)
def test_an_abstention_is_known_in_the_ways_that_models_write_it(answer: str) -> None:
    assert abstains(answer)


@pytest.mark.parametrize("answer", ["3 May 2024", "not by bus, by train", "no", "a nonet", "Nadal"])
def test_an_answer_is_no_abstention(answer: str) -> None:
    assert not abstains(answer)


def test_a_list_that_names_something_again_is_noticed_also_in_a_long_text() -> None:
    names = "Ana, Bo, Cy, "
    assert not names_again(names)
    assert not names_again("Ana, Bo, Ana")  # it may go on: "Anastasia"
    assert names_again("Ana, Bo, ana, ")
    assert names_again("word " * 10_000 + names + "Bo, ")

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Prompt, Quote, Sampling
from bot.models.extractive import ExtractiveModel, shorten

HOTEL = Quote(1, "Mara", "3 May 2024 21:14", "booked the hotel, Rua da Rosa, 12–16 June", 0.9)
TRAIN = Quote(2, "Tom", "4 May 2024 08:00", "the train to Lisbon is booked as well", 0.8)
WEATHER = Quote(3, "Ana", "5 May 2024 09:30", "rain all week", 0.4)


async def answer(question: str, *quotes: Quote) -> str:
    async with ExtractiveModel() as model:
        prompt = Prompt(turns=(), question=question, quotes=quotes)
        return "".join([piece async for piece in model.stream(prompt, Sampling())])


async def test_the_best_recollection_is_quoted_with_author_time_and_number() -> None:
    assert await answer("when did we book the hotel?", HOTEL) == (
        'Here is what I remember:\nMara, 3 May 2024 21:14: "booked the hotel, Rua da Rosa, 12–16 June" [1]'
    )


async def test_a_line_that_nobody_said_is_quoted_with_its_time_alone() -> None:
    renamed = replace(HOTEL, author="", text="the group was renamed")
    assert (await answer("what was renamed?", renamed)).endswith('\n3 May 2024 21:14: "the group was renamed" [1]')


async def test_only_recollections_close_to_the_best_are_added_in_order_of_rank() -> None:
    lines = (await answer("what is booked?", WEATHER, TRAIN, HOTEL)).splitlines()
    assert [line[-3:] for line in lines[1:]] == ["[1]", "[2]"]


async def test_what_ranks_first_stays_first_even_where_another_fits_better_by_itself() -> None:
    first, second = replace(HOTEL, relevance=0.5), replace(TRAIN, relevance=0.7)
    lines = (await answer("what is booked?", first, second)).splitlines()
    assert [line[-3:] for line in lines[1:]] == ["[1]", "[2]"]


async def test_at_most_three_are_quoted() -> None:
    alike = [Quote(number, "Mara", "today", "yes", 0.5) for number in range(1, 9)]
    assert len((await answer("really?", *alike)).splitlines()) == 4


async def test_without_recollections_it_says_so() -> None:
    assert await answer("who won the match?") == "I don't remember anything about that."


async def test_a_quote_can_forge_no_citation_and_no_line() -> None:
    forged = Quote(1, "Eve", "today", 'sure [2]\n\nMara, today: "I owe Eve money" [2]\0', 0.9)
    said = await answer("who owes whom?", forged)
    assert said.splitlines()[1:] == ['Eve, today: "sure [ 2 ] Mara, today: "I owe Eve money" [ 2 ]" [1]']


def test_a_long_text_is_cut_around_the_words_of_the_question() -> None:
    text = "first of all " * 60 + "then Mara booked the hotel in Rua da Rosa " + "and so on " * 60
    short = shorten(text, "when was the hotel booking?")
    assert "Mara booked the hotel in Rua da Rosa" in short
    assert short.startswith("… ")
    assert short.endswith(" …")
    assert len(short) <= 284


def test_a_long_text_that_has_nothing_of_the_question_is_cut_at_its_end() -> None:
    assert shorten("word " * 200, "hotel?") == ("word " * 56).strip() + " …"


def test_a_text_without_spaces_is_cut_around_what_matches() -> None:
    text = "あ" * 500 + "東京のホテルを予約した" + "い" * 500
    assert "東京のホテルを予約した" in shorten(text, "ホテルの予約はいつ?")


@given(st.text(max_size=2000), st.text(max_size=100), st.integers(20, 300))
def test_a_cut_text_is_a_part_of_the_whole_and_no_longer_than_asked(text: str, question: str, longest: int) -> None:
    short = shorten(text, question, longest)
    assert len(short) <= longest + 4
    assert "\n" not in short
    whole = " ".join(text.replace("\0", " ").split())
    assert short.removeprefix("… ").removesuffix(" …") in whole


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("one two three", 4), ("東京", 3)])
def test_tokens_are_estimated_from_words(text: str, tokens: int) -> None:
    assert ExtractiveModel().count(text) == tokens

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.quoting.shorten import shorten


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


ADVERTISEMENT = """🏡 SUMMER SUBLET – a bright private room in Elm House

Hi all! I am looking for somebody quiet who takes over my room from May to the end of August, dates can be moved.

💵 Rent: 840 €, utilities included
📍 Location: right behind the library, two minutes from the bus loop

What you get:
• furnished, with a desk, a closet and blackout curtains
• a kitchen and a living room, shared with two friendly people
• laundry in the building, gym and music room around the corner

Write to me here, or to room.elm@mail.example if you would like to see pictures of it!"""


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("how much is the room?", "Rent: 840 €"),
        ("what is the email for the room?", "room.elm@mail.example"),
        ("is there a gym?", "gym and music room"),
        ("who is the kitchen shared with?", "shared with two friendly people"),
    ],
)
def test_of_a_list_of_facts_the_line_that_answers_is_shown(question: str, line: str) -> None:
    short = shorten(ADVERTISEMENT, question)
    assert line in short
    assert len(short) <= 284


def test_what_is_left_out_between_two_lines_is_marked() -> None:
    short = shorten(
        "Rent: 840 €.\n" + "Nothing to see here at all.\n" * 12 + "The deposit is 300 €.", "rent and deposit?"
    )
    assert short == (
        "Rent: 840 €. Nothing to see here at all. Nothing to see here at all. Nothing to see here at all. "
        "Nothing to see here at all. Nothing to see here at all. Nothing to see here at all. "
        "Nothing to see here at all. Nothing to see here at all. … The deposit is 300 €."
    )


def test_a_link_is_shown_without_the_tail_that_only_its_page_understands() -> None:
    link = "https://hotel.example/coconut-bay?" + "label=gen173nr&checkin=2026-08-06&" * 12
    assert shorten(f"This one: {link}", "which hotel?") == "This one: https://hotel.example/coconut-bay…"


def test_a_link_that_is_asked_for_keeps_its_tail() -> None:
    link = "https://hotel.example/coconut-bay?" + "a=1&" * 40
    assert link in shorten(f"{'Nice one. ' * 40}{link}", "what is the link?")


@given(st.text(max_size=2000), st.text(max_size=100), st.integers(20, 300))
def test_a_cut_text_is_made_of_parts_of_the_whole_and_no_longer_than_asked(
    text: str, question: str, longest: int
) -> None:
    short = shorten(text, question, longest)
    assert len(short) <= longest + 8
    assert "\n" not in short
    whole = " ".join(text.replace("\0", " ").split())
    for piece in short.split("…"):
        assert piece.strip() in whole

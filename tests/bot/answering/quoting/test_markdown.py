"""What an answer quotes is shown letter by letter, wherever Markdown is read."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from adapters.discord.markdown import to_discord
from adapters.http.markdown import render_markdown
from adapters.telegram.markdown import render as to_telegram
from bot.adapter import escape_quotes

MARKED = (
    "a*b*c",
    "__init__",
    r"\d+\.txt",
    "`rm -rf`",
    "~~old~~",
    "||secret||",
    "[here](https://example.org)",
    "<b>so</b>",
    "<@123>",
    "R&amp;D",
    "*",
)


@pytest.mark.parametrize("said", MARKED)
def test_a_quote_keeps_every_character_that_markdown_reads_as_a_mark(said: str) -> None:
    answer = f'Mara: "the password is {said} now" [1]'
    (shown,) = (token for token in MarkdownIt("commonmark").parse(escape_quotes(answer)) if token.type == "inline")
    assert "".join(child.content for child in shown.children or ()) == answer
    assert to_telegram(answer).text == answer
    assert not to_telegram(answer).spans


@pytest.mark.parametrize("said", MARKED)
def test_a_short_answer_that_was_taken_from_a_quote_is_shown_as_it_was_said(said: str) -> None:
    answer = f'{said}\nMara: "the password is {said} now" [1]'
    assert to_telegram(answer).text == answer


def test_a_day_above_its_quote_begins_no_list() -> None:
    answer = '1. September 2025\nJonas: "Erster Tag super" [1]'
    assert "<li>" not in render_markdown(answer)
    assert to_telegram(answer).text == answer
    assert to_discord(answer).startswith("1\\. September")


@pytest.mark.parametrize(
    "answer",
    ["Use **bold**:\n- one\n- two", 'It is **3 May**.\nMara: "booked the hotel" [1]', 'He said "a*b" and left.', ""],
)
def test_markdown_of_the_bots_own_stays(answer: str) -> None:
    assert escape_quotes(answer) == answer


def test_an_address_in_a_quote_stays_one() -> None:
    answer = 'Mara: "see https://example.org/a_b_/*c (the *blue* one)" [1]'
    assert escape_quotes(answer) == 'Mara: "see https://example.org/a_b_/*c (the \\*blue\\* one)" [1]'

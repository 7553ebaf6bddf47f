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


@pytest.mark.parametrize("said", MARKED)
@pytest.mark.parametrize(
    "item",
    [
        "- 12: Mara, 3 May 2024 21:14: {}",
        "- 12: {} (since 3 May 2024)",
        "- 3: {} (2 passages, read 3 May 2024)",
        "- 12: Mara: “{}”",
        "- Mara: “{}” [1]",
        "1. Mara, 3 May 2024: “{}”",
    ],
)
def test_a_list_shows_what_was_said_letter_by_letter(item: str, said: str) -> None:
    text = item.format(f"it is {said} now")
    shown = to_telegram(f"Here it is:\n{text}")
    assert shown.text.endswith(text.removeprefix("- "))
    assert not shown.spans


def test_the_marks_that_a_list_of_the_bots_own_has_stay() -> None:
    why = "For “x” I recalled, the best first:\n\n1. Mara, 3 May: “a*b*c”\n   **cited** · no. 3"
    assert escape_quotes(why) == why.replace("*b*", "\\*b\\*")


def test_what_code_shows_as_a_list_stays_code() -> None:
    code = "So:\n```yaml\n- 12: *anchor\n```"
    assert escape_quotes(code) == code

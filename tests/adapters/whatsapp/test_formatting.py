"""Answers as WhatsApp shows them: its own marks, within its limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.whatsapp.buttons import interactive_of
from adapters.whatsapp.layout import parts_of
from adapters.whatsapp.markup import render
from bot.adapter import utf16_length
from bot.choices import choices_of
from bot.events import Reply
from tests.emulators.whatsapp_rules import check_content


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**bold** and *italic* and ~~struck~~", "*bold* and _italic_ and ~struck~"),
        ("# Title", "*Title*"),
        ("- one\n- two\n  1. three", "• one\n• two\n  1. three"),
        ("> quoted\n> twice", "> quoted\n> twice"),
        ("`code`", "`code`"),
        ("```python\nprint(1)\n```", "```\nprint(1)\n```"),
        ("[the plan](https://example.org/plan)", "the plan (https://example.org/plan)"),
        ("<https://example.org/>", "https://example.org/"),
        ("![map](https://example.org/map.png)", "map (https://example.org/map.png)"),
        ("a < b & c", "a < b & c"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_markdown_is_shown_in_whatsapps_marks(markdown: str, shown: str) -> None:
    assert render(markdown) == shown


def test_a_text_that_only_looks_like_a_format_stays_as_it_is() -> None:
    assert render(r"\*not bold\*").replace("\u2060", "") == "*not bold*"
    assert render(r"\*not bold\*") != "*not bold*"


@given(st.text(max_size=30_000), st.integers(0, 12), st.booleans())
def test_every_part_of_every_reply_is_what_whatsapp_takes(text: str, options: int, direct: bool) -> None:  # noqa: FBT001 (a drawn value)
    choices = choices_of([f"{'option' * (n % 4)} {n}" for n in range(options)]) if options else None
    parts = parts_of(Reply(text, choices=choices), direct=direct)
    assert parts
    for part in parts:
        check_content({"messaging_product": "whatsapp", **part.content}, to_group=not direct, media={})
        assert utf16_length(part.text) <= 4096
    assert all(part.choices is None for part in parts[:-1])


def test_a_long_text_above_buttons_goes_before_them() -> None:
    text = " ".join(f"Sentence {number}." for number in range(200))
    *before, last = parts_of(Reply(text, choices=choices_of(["Yes", "No"])), direct=True)
    assert before
    assert len(last.text) <= 1024
    assert " ".join(part.text for part in [*before, last]) == text


def test_the_whole_name_of_an_option_stands_below_its_row() -> None:
    name = "the one whose name is longer than a row"
    rows = interactive_of(choices_of([name, "b"]), "Which?")["action"]["sections"][0]["rows"]
    assert [row.get("description") for row in rows] == [name, None]

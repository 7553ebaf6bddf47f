"""Markdown on its way to Telegram, checked by what Telegram itself would refuse."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.layout import parts_of, preview_of
from adapters.telegram.markdown import render
from adapters.telegram.spans import Formatted
from bot.events import Reply, Source
from tests.emulators.telegram_text import checked, cut, units

SAID = datetime(2024, 5, 3, 21, 14, tzinfo=UTC)


def source(number: int, link: str | None = None, title: str = "Lisbon trip") -> Source:
    return Source(number, "text", "Mara", SAID, title, "whatsapp", "message", 1.0, link)


def formats(formatted: Formatted) -> list[tuple[str, str]]:
    """Return (type, text covered) of each entity, after Telegram's own check."""
    entities = [entity.to_dict() for entity in formatted.entities]
    text, found = checked(formatted.text, entities, None)
    return [(entity["type"], cut(text, entity)) for entity in found]


def test_marks_become_entities_that_count_in_utf16_units() -> None:
    rendered = render("😀 **bold 🎉** *italic* ~~gone~~ `code` [site](https://example.org/a)")
    assert rendered.text == "😀 bold 🎉 italic gone code site"
    assert formats(rendered) == [
        ("bold", "bold 🎉"),
        ("italic", "italic"),
        ("strikethrough", "gone"),
        ("code", "code"),
        ("text_link", "site"),
    ]


def test_headings_lists_and_quotes_look_like_a_chat() -> None:
    rendered = render("# Plan\n\nDo:\n\n- pack\n  1. tent\n  2. rope\n- go\n\n> said **Mara**\n\nbye\n\n---\nend")
    assert rendered.text == "Plan\n\nDo:\n\n• pack\n   1. tent\n   2. rope\n• go\n\nsaid Mara\n\nbye\n\n———\n\nend"
    assert formats(rendered) == [("bold", "Plan"), ("blockquote", "said Mara"), ("bold", "Mara")]


def test_a_code_block_keeps_its_language_and_its_text() -> None:
    rendered = render("so:\n\n```python\nif x < 1:\n    print('**no**')\n```")
    assert rendered.text == "so:\n\nif x < 1:\n    print('**no**')"
    assert rendered.entities[0].language == "python"
    assert formats(rendered) == [("pre", "if x < 1:\n    print('**no**')")]


def test_code_within_other_formats_stands_alone_as_telegram_wants_it() -> None:
    assert formats(render("**run `make` now**")) == [("bold", "run"), ("code", "make"), ("bold", "now")]
    assert formats(render("> run `make`")) == [("blockquote", "run make")]


def test_a_narrow_table_has_columns_and_a_wide_one_becomes_a_list() -> None:
    assert formats(render("| a | b |\n|---|---|\n| 1 | 22 |")) == [("pre", "a  b\n1  22")]
    wide = render(f"| no. | memory |\n|---|---|\n| 7 | {'x' * 60} |\n| 8 | |")
    assert wide.text == f"• no.: 7, memory: {'x' * 60}\n• no.: 8"


def test_what_only_looks_like_a_link_stays_text() -> None:
    rendered = render("[a](javascript:alert(1)) [b](http://) [c](//x) <b>raw</b> & ![pic](https://example.org/p.png)")
    assert rendered.text == "[a](javascript:alert(1)) b c <b>raw</b> & pic"
    assert formats(rendered) == [("text_link", "pic")]


def test_numbers_of_sources_link_to_the_messages() -> None:
    reply = Reply("In June [1], not [2].", (source(1, "https://t.me/c/77/8"), source(2)))
    (part,) = parts_of(reply)
    assert part.text == (
        "In June [1], not [2].\n\n"
        "[1] Mara, 3 May 2024 21:14, Lisbon trip (WhatsApp)\n[2] Mara, 3 May 2024 21:14, Lisbon trip (WhatsApp)"
    )
    assert formats(part) == [
        ("text_link", "[1]"),
        ("text_link", "[1] Mara, 3 May 2024 21:14, Lisbon trip (WhatsApp)"),
    ]


def test_a_number_within_a_link_or_code_is_left_alone() -> None:
    links = {1: "https://t.me/c/77/8"}
    assert formats(render("[see [1] there](https://example.org) `[1]`", links)) == [
        ("text_link", "see [1] there"),
        ("code", "[1]"),
    ]


def test_sources_that_do_not_fit_below_the_answer_follow_it() -> None:
    reply = Reply("x" * 4000, tuple(source(number, "https://t.me/c/1/2", "t" * 500) for number in range(1, 30)))
    parts = parts_of(reply)
    assert [part.text[:3] for part in parts][:2] == ["xxx", "[1]"]
    for part in parts:
        formats(part)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "---", "- \n-", "> ", "```\n```", "[]()", "**", "\u200b"])
def test_a_reply_that_renders_to_little_or_nothing_can_still_be_sent(text: str) -> None:
    (part,) = parts_of(Reply(text))
    assert part.text.strip()


PIECES = st.sampled_from(
    [
        "**",
        "*",
        "_",
        "`",
        "```",
        "~~",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "[a](https://e.org)",
        "[1]",
        "|a|b|\n|-|-|\n",
        "<b>",
        "&amp;",
        "&",
        "😀",
        "word ",
        "   ",
        "\t",
        "\\",
        "---\n",
        "|1|2|\n",
        "\u00a0",
        "\u202e",
        "\x00",
        "![x](y)",
        "\ud83d",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join))
def test_telegram_takes_whatever_markdown_a_model_writes(text: str) -> None:
    for part in [*parts_of(Reply(text, (source(1, "https://t.me/c/1/2"),))), preview_of(text)]:
        formats(part)
        part.text.encode()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), min_size=1, max_size=30).map("".join), st.integers(100, 1500))
def test_long_markdown_is_split_into_parts_that_telegram_takes(text: str, times: int) -> None:
    for part in [*parts_of(Reply(text * (times * 6 // (len(text) or 1) + 1))), preview_of(text * times)]:
        formats(part)
        assert units(part.text) <= 4096

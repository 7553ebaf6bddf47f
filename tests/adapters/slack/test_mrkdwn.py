"""Markdown as Slack writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.layout import SECTION_LIMIT, TEXT_LIMIT, parts_of, preview_of, to_streamable
from adapters.slack.mrkdwn import render
from bot.events import Reply
from tests.emulators.slack_blocks import checked_blocks, checked_text


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("**bold**, *slanted*, ~~gone~~ and `a < b`", "*bold*, _slanted_, ~gone~ and `a &lt; b`"),
        ("half**bold**ly", "half\u200b*bold*\u200bly"),
        ("# A **title**\n\ntext", "*A title*\n\ntext"),
        ("[the pier](https://maps.example/a?b=1&c=2)", "<https://maps.example/a?b=1&amp;c=2|the pier>"),
        ("[x](ftp://host/a)", "x"),
        ("<https:/:/x.example> [a](https:///x) [b](HTTPS://x.example)", "https:/:/x.example a b"),
        ("<!channel> & <@U1> 1 < 2", "&lt;!channel&gt; &amp; &lt;@U1&gt; 1 &lt; 2"),
        ("snake_case_name and 2 * 3", "snake_case_name and 2 * 3"),
        (r"\*not bold\*", "*\u2060not bold*"),
        ("- one\n- two\n  1. three\n  2. four\n\nend", "• one\n• two\n    1. three\n    2. four\n\nend"),
        ("> said\n> so\n\nend", "> said\n> so\n\nend"),
        ("```python\nif a < b:\n    pass\n```", "```\nif a &lt; b:\n    pass\n```"),
        ("| a | b |\n|---|---|\n| 1 | 22 |", "```\na  b\n1  22\n```"),
        ("one\n\n---\n\ntwo", "one\n\n———\n\ntwo"),
        ("an ![image](https://x.example/i.png) here", "an <https://x.example/i.png|image> here"),
        ("It is so [1].", "It is so [1]."),
    ],
)
def test_markdown_becomes_slacks_own_formatting(markdown: str, expected: str) -> None:
    assert render(markdown) == expected


@given(st.text(max_size=400))
def test_no_text_breaks_a_message(text: str) -> None:
    for part in parts_of(Reply(text), {}):
        checked_blocks(list(part.blocks))
        checked_text(part.text)
    assert "<!" not in preview_of(text)
    assert "<@" not in to_streamable(text)


@pytest.mark.parametrize("piece", ["&<>", "**", "a\n", "```\n", "| a |\n", "word "])
def test_a_long_text_is_split_into_what_slack_takes(piece: str) -> None:
    parts = parts_of(Reply(piece * 9000), {})
    assert len(parts) > 1
    for part in parts:
        checked_blocks(list(part.blocks))
        assert len(checked_text(part.text)) <= TEXT_LIMIT
        assert all(len(block["text"]["text"]) <= SECTION_LIMIT for block in part.blocks)

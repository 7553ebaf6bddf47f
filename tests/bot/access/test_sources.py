"""What a reply is made from: what it names, or all that was read for it, and always what it was told."""

from __future__ import annotations

from bot.access.sources import HandlerSources
from bot.events import Reply


def test_a_reply_that_names_nothing_is_made_from_all_that_was_read() -> None:
    sources = HandlerSources.of([3])
    sources.read |= {9, 5}
    assert sources.of_reply(Reply("hello")) == (3, 5, 9)


def test_a_reply_that_names_what_it_is_made_from_is_made_from_that() -> None:
    sources = HandlerSources.of([3])
    sources.read |= {9, 5}
    assert sources.of_reply(Reply("hello", drawn_from=(5,))) == (3, 5)
    assert sources.of_reply(Reply("hello", drawn_from=(4,))) == (3, 4)

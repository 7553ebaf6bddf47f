"""Targets: replies as each platform is sent them, held against what its emulator takes, and links that nobody held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

from adapters.discord.layout import parts_of as parts_for_discord
from adapters.discord.layout import preview_of as preview_for_discord
from adapters.http.markdown import render_markdown, render_plain
from adapters.slack.layout import parts_of as parts_for_slack
from adapters.slack.layout import preview_of as preview_for_slack
from adapters.telegram.layout import parts_of as parts_for_telegram
from adapters.telegram.layout import preview_of as preview_for_telegram
from adapters.whatsapp.layout import parts_of as parts_for_whatsapp
from bot.adapter import drop_unsendable
from bot.answering.link_filter import leave_out_unknown_links
from bot.events import Choices, Reply, Source
from tests.emulators import discord_rest, slack_blocks, telegram_text, whatsapp_rules
from tests.fuzz.target import Target, on_text

_ANSWER = b"""**At seven** [1], [2]; see `code [3]`.

- [x](https://harbour.example) <@U1> [1][2]

```
a
```

Sources:
[1] Ada"""
_TABLE = b"> quote\n\n1. a\n   - b\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n"
_LONG = b"**many** words, " + b"and more of them without an end, " * 125 + b"\n```py\nx = 1\n```\nand so on"
_HELD = "https://harbour.example/a"
_TOLD = (
    f"See [x]({_HELD}), {_HELD} or ![p](https://evil.example/?q=1) <https://evil.example> [y][1]\n\n"
    "[1]: //evil.example/"
).encode()
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|)\[\]]+", re.IGNORECASE)
_SAID_AT = datetime(2024, 5, 3, 21, 14, tzinfo=UTC)


def make_targets() -> Iterator[Target]:
    """Yield a target for each platform, and for links."""
    seeds = (_ANSWER, _ANSWER, _TABLE, _TABLE, _TOLD, _TOLD, _LONG)
    yield Target("layout-telegram", on_text(_lay_out_for_telegram), seeds)
    yield Target("layout-slack", on_text(_lay_out_for_slack), seeds)
    yield Target("layout-discord", on_text(_lay_out_for_discord), seeds)
    yield Target("layout-whatsapp", on_text(_lay_out_for_whatsapp), seeds)
    yield Target("layout-page", on_text(_lay_out_for_pages), seeds)
    yield Target(
        "links-of-models", on_text(_leave_out_links), (_TOLD, _ANSWER, b"a.example main.py https://a.b/c, www.x")
    )


def _replies_of(text: str) -> Iterator[Reply]:
    """Yield replies whose every text is what a stranger may have written."""
    place = text[:200]
    source = Source(1, text[-300:], place, _SAID_AT, place, "telegram", "message", 0.5, text[:80] or None, place)
    yield Reply(text)
    yield Reply(text, sources=(source,), quoted=text[:120])
    options = tuple(dict.fromkeys(line.strip()[:60] for line in text.splitlines() if line.strip()))[:12]
    if len(options) > 1:
        yield Reply(text, sources=(source,) * 9, choices=Choices("q1", options))


def _lay_out_for_telegram(text: str) -> None:
    for reply in _replies_of(text):
        for part in parts_for_telegram(reply):
            telegram_text.checked(part.text, [entity.to_dict() for entity in part.entities], None)
    preview = preview_for_telegram(text)
    telegram_text.checked(preview.text, [entity.to_dict() for entity in preview.entities], None, may_be_empty=True)


def _lay_out_for_slack(text: str) -> None:
    for reply in _replies_of(text):
        for part in parts_for_slack(reply, {1: _HELD}):
            slack_blocks.checked_change(part.text)
            slack_blocks.checked_blocks(list(part.blocks))
            _calls_nobody(part.text)
    slack_blocks.checked_change(preview_for_slack(text))


def _calls_nobody(text: str) -> None:
    if re.search(r"<[@!#]", text):
        raise AssertionError(text)


def _lay_out_for_discord(text: str) -> None:
    for reply in _replies_of(text):
        for part in parts_for_discord(reply):
            discord_rest.checked(drop_unsendable(part))
    discord_rest.checked(preview_for_discord(text))


def _lay_out_for_whatsapp(text: str) -> None:
    for reply in _replies_of(text):
        for direct in (True, False):
            for part in parts_for_whatsapp(reply, direct=direct):
                whatsapp_rules.check_content(part.content, to_group=not direct, media={})
                part.text.encode()


def _lay_out_for_pages(text: str) -> None:
    for made in (render_markdown(text), render_plain(text)):
        made.encode(errors="surrogatepass")
    page = render_markdown(text, sources={1: "/memory/1"})
    for tag in re.findall(r"<(/?[a-z]+[1-6]?)", page):
        if tag.lstrip("/") not in _TAGS:
            raise AssertionError(tag)
    if any(address != "/memory/1" for address in re.findall(r'href="([^"]*)"', page)):
        raise AssertionError(page)


def _leave_out_links(text: str) -> None:
    """What a model wrote may lead only where its prompt did, whatever a platform makes of it."""
    told = leave_out_unknown_links(text, {_HELD})
    shown = [
        span.url or part.text[span.start : span.end]
        for part in parts_for_telegram(Reply(told))
        for span in part.spans
        if span.url
    ]
    plain = "\n".join(
        [
            *(unescape(part.text) for part in parts_for_slack(Reply(told), {})),
            *parts_for_discord(Reply(told)),
            *(part.text for part in parts_for_whatsapp(Reply(told), direct=True)),
        ]
    )
    shown += [found.rstrip(".,;:!?'*_~(") for found in _ADDRESS.findall(plain)]
    for address in shown:
        if address != _HELD:
            raise AssertionError(address)


_TAGS = frozenset(
    {
        "p",
        "br",
        "a",
        "em",
        "strong",
        "s",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
        "blockquote",
        "hr",
        "table",
        "thead",
        "tbody",
    }
    | {"tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6"}
)

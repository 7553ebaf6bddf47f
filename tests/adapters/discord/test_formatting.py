"""How replies look on Discord, and how what was written there is read."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.discord.incoming import judgement_of
from adapters.discord.layout import TEXT_LIMIT, parts_of, preview_of, source_line
from adapters.discord.markdown import escape, to_discord
from adapters.discord.settings import DiscordSettings
from bot.events import Reply, Source
from tests.adapters.bots import stored
from tests.adapters.discord_bot import running, settings_for
from tests.emulators.discord import DiscordServer

SAID = datetime(2024, 5, 3, 12, tzinfo=UTC)
LINK = "https://discord.com/channels/1/2/3"


def source(text: str = "the hotel", *, n: int = 1, author: str = "Ana", link: str | None = LINK) -> Source:
    return Source(n, text, author, SAID, "Friends #trip", "discord", "message", 0.9, link)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("## Plan\n**bold**", "## Plan\n**bold**"),
        ("#### Details ##", "**Details**"),
        ("above\n\n---\n\nbelow", "above\n\n\n\nbelow"),
        ("![a map](https://example.org/map.png)", "[a map](https://example.org/map.png)"),
        ("| a | bb |\n|---|:-:|\n| ccc | d |", "```\na    bb\n---  --\nccc  d\n```"),
        ("| no table |", "| no table |"),
        ("```\n#### code\n| a |\n|---|\n```", "```\n#### code\n| a |\n|---|\n```"),
    ],
)
def test_markdown_becomes_what_discord_shows(written: str, shown: str) -> None:
    assert to_discord(written) == shown


def test_a_source_is_small_print_with_its_time_and_a_link() -> None:
    line = source_line(source("a *star*\nand [a](b)"))
    assert line == (r"-# [1] Ana, <t:1714737600:f>, Friends \#trip: a \*star\* and \[a\]\(b\) " f"[↗](<{LINK}>)")


@pytest.mark.parametrize("link", [None, "javascript:alert(1)", "https://a b", "https://x> @everyone <y"])
def test_what_is_no_address_is_not_linked(link: str | None) -> None:
    assert "↗" not in source_line(source(link=link))


@settings(deadline=None, max_examples=60)
@given(text=st.text(alphabet="ab \n`|-#.*[]", max_size=6000), count=st.integers(0, 12))
def test_whatever_is_said_fits_and_is_never_empty(text: str, count: int) -> None:
    reply = Reply(text, tuple(source("x" * 400, n=number) for number in range(count)))
    parts = parts_of(reply)
    assert parts
    assert all(part.strip() and len(part) <= TEXT_LIMIT for part in parts)
    assert "\n".join(parts).count("-# [") >= count
    assert 0 < len(preview_of(text)) <= TEXT_LIMIT


def test_sources_that_do_not_fit_get_a_message_of_their_own() -> None:
    parts = parts_of(Reply("x" * TEXT_LIMIT, (source(),)))
    assert len(parts) == 2
    assert parts[1].startswith("-# [1]")


def test_a_name_cannot_format_the_line_that_it_stands_in() -> None:
    assert escape("**@Eve**\n-# [2]") == r"\*\*@Eve\*\* -\# \[2\]"


@pytest.mark.parametrize(("emoji", "value"), [("👍", 1), ("👍🏿", 1), ("👎🏻", -1), ("🎉", None), ("", None)])
def test_thumbs_of_every_colour_judge(emoji: str, value: int | None) -> None:
    assert judgement_of(emoji) == value


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("token", "", "not a bot token"),
        ("token", "Bot abc.def", "not a bot token"),
        ("base_url", "discord.com/api", "give a web address"),
        ("gateway_url", "https://gateway.discord.gg", "give a WebSocket address"),
        ("retry_seconds", 0, "greater than 0"),
        ("colour", "red", "not permitted"),
    ],
)
def test_settings_that_are_wrong_are_refused_without_showing_the_token(name: str, value: object, told: str) -> None:
    with pytest.raises(ValidationError, match=told) as refused:
        DiscordSettings.model_validate({"token": "secret.TEST.token", name: value})
    assert "secret.TEST" not in str(refused.value)


def test_a_bare_address_means_the_tenth_version_of_the_api() -> None:
    checked = DiscordSettings.model_validate({"token": "a.b.c", "base_url": "http://127.0.0.1:8080/"})
    assert checked.base_url == "http://127.0.0.1:8080/api/v10"


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer.open() as server:
        yield server


async def test_the_name_in_front_goes_and_other_mentions_become_names(discord: DiscordServer, tmp_path: Path) -> None:
    trip = discord.channel(discord.guild("Friends"), "trip")
    ana, bruno = discord.person("Ana").in_channel(trip), discord.person("Bruno")
    async with running(discord, settings_for(discord, tmp_path, channels=[trip])) as app:
        await ana.says(f"@Jay, <@{bruno.account.id}> has the tent of @Jay", mentions=[bruno.account])
        await discord.until(lambda: trip.by_bot() or None)
        assert await stored(app.memory, "tent") == ["@Bruno has the tent of @Jay"]


async def test_other_bots_are_not_listened_to(discord: DiscordServer, tmp_path: Path) -> None:
    trip = discord.channel(discord.guild("Friends"), "trip")
    robot = discord.robot("Beep").in_channel(trip)
    ana = discord.person("Ana").in_channel(trip)
    async with running(discord, settings_for(discord, tmp_path, channels=[trip])) as app:
        await robot.says("@Jay the tent is mine")
        await ana.says("@Jay the rope is wet")
        await discord.until(lambda: [posted for posted in trip.by_bot() if posted.author is discord.bot] or None)
        assert await stored(app.memory, "tent") == []


async def test_what_is_forwarded_is_remembered_as_somebody_else_s_words(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])) as app:
        await ana.forwards("The spare key is under the flowerpot.")
        await ana.sees("remember")
        (text,) = await stored(app.memory, "flowerpot")
        assert re.fullmatch(
            r"\(forwarded: somebody, \d+ \w+ \d{4} \d\d:\d\d UTC\)\nThe spare key is under the flowerpot\.", text
        )
        await ana.forwards("/forget flowerpot")
        await ana.sees_more_than(1)
        assert len(await stored(app.memory, "spare key")) == 1

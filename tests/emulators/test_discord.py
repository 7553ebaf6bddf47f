"""The emulated Discord refuses what Discord refuses."""

from __future__ import annotations

import aiohttp
import pytest

from tests.emulators.discord import DiscordServer
from tests.emulators.discord_gateway import needed_intents
from tests.emulators.discord_places import SEND, VIEW, Json
from tests.emulators.discord_rates import Rates


async def answer(server: DiscordServer, channel: int, body: dict[str, object], token: str) -> tuple[int, int]:
    """Create a message, and return the status and Discord's own code."""
    address = f"{server.base_url}/channels/{channel}/messages"
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bot {token}"}) as session,
        session.post(address, json=body) as response,
    ):
        return response.status, (await response.json()).get("code", 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("x" * 2000, (200, 0)), ("x" * 2001, (400, 50035)), ("", (400, 50006)), (" \n", (400, 50006))],
)
async def test_texts_are_neither_empty_nor_too_long(text: str, expected: tuple[int, int]) -> None:
    async with DiscordServer.open() as server:
        room = server.person("Ana").room
        assert await answer(server, room.id, {"content": text}, server.token) == expected


async def test_wrong_tokens_unknown_channels_and_floods_are_refused() -> None:
    async with DiscordServer.open() as server:
        room = server.person("Ana").room
        assert await answer(server, room.id, {"content": "hi"}, "wrong") == (401, 0)
        assert await answer(server, 7, {"content": "hi"}, server.token) == (404, 10003)
        server.storm("create", times=1, retry_after=0.5)
        assert await answer(server, room.id, {"content": "hi"}, server.token) == (429, 0)
        assert room.by_bot() == []


async def test_calls_beyond_the_rates_are_refused_until_the_window_ends() -> None:
    async with DiscordServer.open() as server:
        room = server.person("Ana").room
        now = 0.0
        server.rates = Rates(calls=1, seconds=5, clock=lambda: now)
        body: dict[str, object] = {"content": "hi"}
        assert [(await answer(server, room.id, body, server.token))[0] for _ in range(2)] == [200, 429]
        now = 5.0
        assert await answer(server, room.id, body, server.token) == (200, 0)


async def test_the_same_nonce_makes_the_same_message() -> None:
    async with DiscordServer.open() as server:
        room = server.person("Ana").room
        for _ in range(2):
            body = {"content": "hi", "nonce": "n1", "enforce_nonce": True}
            assert await answer(server, room.id, body, server.token) == (200, 0)
        assert len(room.by_bot()) == 1


async def test_where_the_bot_has_no_permission_it_is_refused() -> None:
    async with DiscordServer.open() as server:
        guild = server.guild("Friends")
        room = server.channel(guild, "trip")
        guild.permissions = str(VIEW)
        assert await answer(server, room.id, {"content": "hi"}, server.token) == (403, 50013)
        guild.permissions = str(SEND)
        assert await answer(server, room.id, {"content": "hi"}, server.token) == (403, 50001)
        assert room.by_bot() == []


async def test_a_mention_notifies_unless_the_call_forbids_it() -> None:
    async with DiscordServer.open() as server:
        room = server.person("Ana").room
        await answer(server, room.id, {"content": "hi @everyone"}, server.token)
        await answer(server, room.id, {"content": "hi @everyone", "allowed_mentions": {"parse": []}}, server.token)
        assert [posted.pings for posted in room.by_bot()] == [True, False]


@pytest.mark.parametrize(
    ("kind", "data", "needed"),
    [
        ("MESSAGE_CREATE", {"guild_id": "1"}, 1 << 9),
        ("MESSAGE_DELETE", {}, 1 << 12),
        ("MESSAGE_REACTION_ADD", {"guild_id": "1"}, 1 << 10),
        ("MESSAGE_REACTION_REMOVE", {}, 1 << 13),
        ("THREAD_CREATE", {"guild_id": "1"}, 1),
        ("INTERACTION_CREATE", {"guild_id": "1"}, 0),
    ],
)
def test_events_are_told_to_those_who_asked_for_them(kind: str, data: Json, needed: int) -> None:
    assert needed_intents(kind, data) == needed

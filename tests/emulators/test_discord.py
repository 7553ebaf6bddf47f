"""The emulated Discord refuses what Discord refuses."""

from __future__ import annotations

import aiohttp
import pytest

from tests.emulators.discord import DiscordServer


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


async def test_the_same_nonce_makes_the_same_message() -> None:
    async with DiscordServer.open() as server:
        room = server.person("Ana").room
        for _ in range(2):
            body = {"content": "hi", "nonce": "n1", "enforce_nonce": True}
            assert await answer(server, room.id, body, server.token) == (200, 0)
        assert len(room.by_bot()) == 1

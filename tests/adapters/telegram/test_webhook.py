"""Telegram by webhook: posts are taken from Telegram alone, stored before they are confirmed, and kept in order."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import aiohttp
import pytest
from pydantic import ValidationError

from adapters.telegram.settings import WebhookSettings
from bot.adapter import Delivery
from bot.errors import AdapterError
from bot.events import Event
from tests.adapters.bots import running
from tests.adapters.telegram_bot import adapter_for, settings_for, talking
from tests.emulators.patience import PATIENCE
from tests.emulators.ports import choose_port
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_updates import SECRET_HEADER


def webhook(**changes: object) -> dict[str, object]:
    port = choose_port()
    return {"url": f"http://127.0.0.1:{port}/telegram", "port": port, **changes}


async def test_a_bot_with_a_webhook_answers(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    async with running(settings_for(telegram, tmp_path, people=[ana], webhook=webhook())):
        for number in range(20):
            await ana.says(f"/remember item {number}")
        await ana.says("/facts")
        await ana.sees("item 19")
        await telegram.until(lambda: True if not telegram.updates.pending else None)
    assert telegram.calls["getUpdates"] == 0
    assert len(ana.room.texts) == 21


async def test_a_post_without_the_secret_is_refused(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    hook = webhook(secret="jay-secret_1")  # noqa: S106 (opens nothing)
    forged = {"update_id": 1, "message": telegram.post(ana.room, ana.account, "/remember lies").json()}
    async with talking(telegram, tmp_path, webhook=hook), aiohttp.ClientSession() as session:
        await ana.says("/help")
        await ana.sees("Ask me")
        wrong: list[dict[str, str]] = [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "jay-secret_2"}, {SECRET_HEADER: "ü"}]
        for headers in wrong:
            async with session.post(str(hook["url"]), json=forged, headers=headers) as response:
                assert response.status == 403
        async with session.post(str(hook["url"]), data=b"{", headers={SECRET_HEADER: "jay-secret_1"}) as response:
            assert response.status == 200  # it would be posted again for ever
        await ana.sees_nothing()


async def test_an_update_that_cannot_be_stored_is_posted_again(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    ana = telegram.user("Ana")
    adapter = adapter_for(telegram, webhook=webhook())
    seen = []

    async def deliver(event: Event) -> Delivery:
        seen.append(event)
        if len(seen) < 3:
            raise OSError("the disk is full")
        return Delivery.ACCEPTED

    async with adapter:
        run = asyncio.create_task(adapter.run(deliver))
        await ana.says("hello")
        async with asyncio.timeout(PATIENCE):
            while telegram.updates.pending:  # noqa: ASYNC110 (the emulator's queue sets no event when it empties)
                await asyncio.sleep(0.01)
        run.cancel()
        await asyncio.wait([run])
    assert len(seen) == 3
    assert "Telegram keeps it" in caplog.text


async def test_polling_takes_over_from_a_webhook_without_losing_anything(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    await telegram.set_webhook(f"http://127.0.0.1:{choose_port()}/gone", None)
    await ana.says("/start")
    async with running(settings_for(telegram, tmp_path, people=[ana])):
        await ana.sees("Ask me anything")


async def test_a_port_that_is_taken_is_named(telegram: TelegramServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with adapter_for(telegram, webhook={"url": f"http://127.0.0.1:{port}/", "port": port}) as adapter:
            with pytest.raises(AdapterError, match=rf"127\.0\.0\.1:{port}.*adapters\.telegram\.webhook"):
                await adapter.run(_ignore)


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ({"url": "http://bot.example.org/x"}, "https"),
        ({"url": "https://bot.example.org:9000/x"}, "443, 80, 88 and 8443"),
        ({"url": "bot.example.org"}, "web address"),
        ({"url": "https://bot.example.org/x", "secret": "with space"}, "letters, digits"),
    ],
)
def test_a_webhook_that_telegram_would_not_call_is_refused(table: dict[str, str], wrong: str) -> None:
    with pytest.raises(ValidationError, match=wrong):
        WebhookSettings.model_validate(table)


async def _ignore(event: Event) -> Delivery:
    raise AssertionError(event)

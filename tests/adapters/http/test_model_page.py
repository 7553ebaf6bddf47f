"""Models on the page of settings, in a real browser: downloaded from a hub on this machine, cancelled, and switched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web as aiohttp_web
from playwright.async_api import expect

from bot.commands.administration import ProgramAdministration
from bot.configuration.settings import DataSettings, ModelSettings, Settings
from bot.models.extractive import ExtractiveModel
from bot.models.switching import SwitchableModel
from tests.adapters.http.browsers import needs_browser, visiting
from tests.adapters.http.test_pages import tell
from tests.adapters.web_bot import WebBot, web_bot
from tests.emulators.openai_server import OpenAIServer, running_server
from tests.emulators.patience import PATIENCE
from tests.emulators.serving import serving

pytestmark = [needs_browser, pytest.mark.slow]

MODEL = "qwen3.5-0.8b"
CONTENT = b"GGUF" + bytes(100_000)


@dataclass
class Hub:
    """Gives half of each file, and the rest once it may; `left` is set when a client goes before that."""

    address: str = ""
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def give(self, request: aiohttp_web.Request) -> aiohttp_web.StreamResponse:
        begin = int(request.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        headers = {"Content-Length": str(len(CONTENT) - begin), "ETag": '"one"'}
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}"
        response = aiohttp_web.StreamResponse(status=206 if begin else 200, headers=headers)
        await response.prepare(request)
        half = len(CONTENT) // 2
        await response.write(CONTENT[begin:half])
        try:
            await self.may_go_on.wait()
        except asyncio.CancelledError:
            self.left.set()
            raise
        await response.write(CONTENT[max(half, begin) :])
        return response


@asynccontextmanager
async def running_hub() -> AsyncIterator[Hub]:
    hub = Hub()
    app = aiohttp_web.Application()
    app.router.add_get("/{path:.*}", hub.give)
    async with serving(app) as hub.address:
        yield hub


@asynccontextmanager
async def administered(folder: Path, **model: object) -> AsyncIterator[WebBot]:
    """Run a bot whose settings can be seen, and whose model can be switched."""
    settings = Settings(data=DataSettings(dir=folder), model=ModelSettings.model_validate(model))
    administration = ProgramAdministration(settings, folder / "config.toml")
    async with (
        SwitchableModel(ExtractiveModel()) as switchable,
        web_bot(folder, model=switchable, administration=administration) as web,
    ):
        yield web


async def test_a_download_is_shown_cancelled_and_gone_on_with(tmp_path: Path) -> None:
    async with running_hub() as hub, administered(tmp_path, hub=hub.address) as web, visiting(web) as visit:
        page = visit.page
        await visit.go("/settings")
        line = page.locator(".model", has_text=MODEL)
        await expect(line).to_contain_text("Apache-2.0")
        await line.get_by_role("button", name=f"Download {MODEL}").click()
        await expect(line.get_by_role("progressbar")).to_have_attribute("value", str(len(CONTENT) // 2))
        await line.get_by_role("button", name=f"Cancel the download of {MODEL}").click()
        await expect(line).to_contain_text("Cancelled")
        async with asyncio.timeout(PATIENCE):
            await hub.left.wait()
        hub.may_go_on.set()
        await line.get_by_role("button", name=f"Download {MODEL}").click()
        await expect(line.get_by_role("button", name=f"Use it: {MODEL}")).to_be_visible()
        (file,) = (tmp_path / "models").glob("*.gguf")
        assert file.read_bytes() == CONTENT


async def test_a_model_that_can_not_be_loaded_is_told_and_the_one_before_goes_on(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mine.gguf").write_bytes(CONTENT)
    async with (
        administered(tmp_path, engine="extractive") as web,
        visiting(web, may_fail=True) as visit,  # a refusal is an error in the console
    ):
        await visit.go("/settings")
        await visit.page.get_by_role("button", name="Use it: mine.gguf").click()
        await expect(visit.page.locator("#announcements.failed")).to_contain_text("mine.gguf")
        await expect(visit.page.locator(".model.used")).to_contain_text("Without a model")


async def test_another_model_answers_from_the_next_question_on(tmp_path: Path) -> None:
    server = OpenAIServer(("You booked it ", "on 3 May 2024."))
    async with running_server(server), administered(tmp_path, engine="extractive", base_url=server.base_url) as web:
        await tell(web, "who books the hotel?", "booked the hotel, Rua da Rosa, 12–16 June")
        async with visiting(web) as visit:
            page = visit.page

            async def ask() -> None:
                await visit.go("/chat/new")
                await page.get_by_role("textbox", name="Message").fill("when was the hotel booked?")
                await page.keyboard.press("Enter")
                await expect(page.locator("article.bot.done")).to_contain_text("3 May 2024")

            await ask()
            assert server.requests == []
            await visit.go("/settings")
            await page.get_by_role("button", name=f"Use it: {server.base_url}").press("Enter")
            await expect(page.locator(".model.used")).to_contain_text(server.base_url)
            await expect(page.locator("#models")).to_contain_text("At the next start it is “Without a model” again")
            assert await visit.violations() == []
            await ask()
            assert len(server.requests) == 1
            await visit.go("/settings")
            await page.get_by_role("button", name="Use it: Without a model").click()
            await expect(page.locator(".model.used")).to_contain_text("Without a model")
            await ask()
            assert len(server.requests) == 1

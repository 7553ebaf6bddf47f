"""A bot that serves pages and the API on a free port of this machine, and browsers and programs that use it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import httpx

from adapters.http import HttpAdapter
from adapters.http.settings import HttpSettings
from bot.access.api_keys import ApiKeys
from bot.access.setup import open_policy, quotas_of
from bot.adapter import Adapter, Administration
from bot.answering.answer import Answerer
from bot.app import build_core
from bot.configuration.settings import AccessSettings
from bot.models import LanguageModel
from bot.models.extractive import ExtractiveModel
from bot.pipeline.core import Core, CoreOptions
from bot.plugin import Plugin
from memory import Memory
from memory.access_records import KeyScope
from memory.embedders import Embedder
from memory.embedders.hashing import HashingEmbedder
from plugins.feedback import FeedbackPlugin
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin
from plugins.text.plugin import TextPlugin
from tests.adapters import bots
from tests.emulators.patience import PATIENCE

CSRF = re.compile(r'name="csrf-token" content="([^"]+)"')

certificates = cache(httpx.create_ssl_context)
"""Read once: a client reads them as it is made, for addresses that need none too."""


@dataclass
class WebBot:
    """A running bot. `sign_in` is the address that it announced."""

    memory: Memory
    core: Core
    adapter: HttpAdapter
    sign_in: str
    clients: AsyncExitStack
    keys: ApiKeys = field(init=False)

    def __post_init__(self) -> None:
        self.keys = ApiKeys(self.memory.ledger)

    @property
    def address(self) -> str:
        return self.adapter.address

    async def stranger(self, **headers: str) -> httpx.AsyncClient:
        """Return a client with neither key nor session."""
        client = httpx.AsyncClient(
            base_url=self.address, headers=headers, timeout=PATIENCE, trust_env=False, verify=certificates()
        )
        return await self.clients.enter_async_context(client)

    async def program(self, name: str = "program", scope: KeyScope = "own") -> httpx.AsyncClient:
        """Return a client with a new key."""
        key = await self.keys.create(name, scope)
        return await self.stranger(Authorization=f"Bearer {key}")

    async def browser(self) -> httpx.AsyncClient:
        """Return a client that is signed in as the owner, with the token of its page."""
        client = await self.stranger(Origin=self.address)
        code = self.sign_in.partition("code=")[2]
        assert (await client.post("/sign-in", data={"secret": code})).status_code == 303
        token = CSRF.search((await client.get("/", follow_redirects=True)).text)
        assert token is not None
        client.headers["X-CSRF-Token"] = token[1]
        return client


@asynccontextmanager
async def web_bot(
    folder: Path,
    *,
    model: LanguageModel | None = None,
    plugins: Sequence[Plugin] = (),
    adapters: Sequence[Adapter] = (),
    access: AccessSettings | None = None,
    administration: Administration | None = None,
    embedder: Embedder | None = None,
    **settings: object,
) -> AsyncIterator[WebBot]:
    """Run a bot with a page while the block runs."""
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    adapter = HttpAdapter(HttpSettings.model_validate({"port": 0, **settings}), announce=listening.set_result)
    if administration is not None:
        adapter.administer(administration)
    access = access or AccessSettings()
    async with (
        Memory.open(folder / "memory.db", embedder or HashingEmbedder()) as memory,
        build_core(
            memory,
            Answerer(memory, model or ExtractiveModel()),
            access=open_policy(access, memory.ledger),
            quotas=quotas_of(access, memory.ledger, None),
            plugins=[MemoryPlugin(), HelpPlugin(), FeedbackPlugin(), TextPlugin(TextPlugin.Settings()), *plugins],
            options=CoreOptions(grace=2),
        ) as core,
        bots.serving(core, [adapter, *adapters]) as task,
        AsyncExitStack() as clients,
    ):
        task.add_done_callback(lambda ended: None if listening.done() else listening.set_exception(_why(ended)))
        yield WebBot(memory, core, adapter, await listening, clients)


def _why(ended: asyncio.Task[None]) -> BaseException:
    return asyncio.CancelledError() if ended.cancelled() else ended.exception() or AssertionError("it has ended")

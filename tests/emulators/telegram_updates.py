"""The queue of updates: kept until the bot confirms them, by asking for later ones or by taking a webhook's post."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import aiohttp

from tests.emulators.telegram_chats import Json
from tests.emulators.telegram_methods import Refusal

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)


@dataclass
class Updates:
    """`pending` are unconfirmed, in order. `reversed` hands out each batch last first."""

    pending: list[Json] = field(default_factory=list)
    reversed: bool = False
    next_id: int = 700_000_001
    confirmed: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: object = None
    _interruptions: int = 0

    def add(self, update: Json) -> Json:
        """Append an update, which gets its number here."""
        numbered = {"update_id": self.next_id, **update}
        self.next_id += 1
        self.pending.append(numbered)
        self.wake()
        return numbered

    def wake(self) -> None:
        """Let whoever waits look again."""
        self._news.set()
        self._news = asyncio.Event()

    def interrupt(self) -> None:
        """Let a poll end at once, with what there is."""
        self._interruptions += 1
        self.wake()

    async def news(self) -> None:
        """Wait until something is new."""
        await self._news.wait()

    def clear(self) -> None:
        """Drop everything."""
        self.pending.clear()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Confirm what is before `offset` and return what is there, waiting for something if need be."""
        before = len(self.pending)
        self.pending = [each for each in self.pending if each["update_id"] >= offset]
        self.confirmed += before - len(self.pending)
        mine = self._poll = object()
        self.wake()
        deadline = asyncio.get_running_loop().time() + seconds
        interruptions = self._interruptions
        while not self.pending and self._interruptions == interruptions:
            news = self._news
            try:
                async with asyncio.timeout_at(deadline):
                    await news.wait()
            except TimeoutError:
                break
            if self._poll is not mine:
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        batch = self.pending[:limit]
        return batch[::-1] if self.reversed else batch


@dataclass
class Webhook:
    """Posts updates to an address, one after another, until each is taken."""

    url: str
    secret: str | None
    retry_seconds: float = 0.05
    last_error: str = ""

    async def post(self, updates: Updates) -> None:
        """Post for ever."""
        headers = {} if self.secret is None else {SECRET_HEADER: self.secret}
        async with aiohttp.ClientSession(headers=headers) as session:
            while True:
                if not updates.pending:
                    await updates.news()
                    continue
                update = updates.pending[0]
                if await self._is_taken(session, update):
                    updates.pending = [each for each in updates.pending if each is not update]
                    updates.confirmed += 1
                else:
                    await asyncio.sleep(self.retry_seconds)

    async def _is_taken(self, session: aiohttp.ClientSession, update: Json) -> bool:
        try:
            async with session.post(self.url, json=update) as response:
                taken = response.status // 100 == 2
                self.last_error = "" if taken else f"Wrong response from the webhook: {response.status}"
        except aiohttp.ClientError as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
            return False
        return taken

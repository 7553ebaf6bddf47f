"""How the emulated WhatsApp posts to a bot: signed, several things at once, and again until they are taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field

import aiohttp

from tests.emulators.whatsapp_rules import Json

TRIES = 10


def signed(secret: str, body: bytes) -> dict[str, str]:
    """Return the headers of a signed post."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}


def body_of(*values: Json) -> bytes:
    """Return the body of a post, in which characters outside ASCII are escaped as Meta does."""
    changes = [{"field": "messages", "value": value} for value in values]
    entry = {"id": "102290129340398", "changes": changes}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


@dataclass
class WebhookPosts:
    """Posts values to `url`; what is not taken comes again, `retry_seconds` later. `lost` was never taken."""

    secret: str
    url: str = ""
    retry_seconds: float = 0.05
    statuses: list[int] = field(default_factory=list)
    lost: list[bytes] = field(default_factory=list)
    _held: list[Json] | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def hand_over(self, *values: Json, copies: int = 1) -> None:
        """Begin to post values together."""
        if self._held is not None:
            self._held += values
            return
        for _ in range(copies):
            task = asyncio.create_task(self._post(body_of(*values)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def hold(self) -> None:
        """Keep what is to be posted until `release`."""
        self._held = []

    def release(self, *, copies: int = 1, backwards: bool = False) -> None:
        """Post what was held, in one post, perhaps more than once or in the wrong order."""
        held, self._held = self._held or [], None
        self.hand_over(*(reversed(held) if backwards else held), copies=copies)

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Post nothing more."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _post(self, body: bytes) -> None:
        tries = 0
        async with aiohttp.ClientSession() as session:
            while tries < TRIES:
                try:
                    async with session.post(self.url, data=body, headers=signed(self.secret, body)) as response:
                        tries += 1
                        self.statuses.append(response.status)
                        if response.status == 200:
                            return
                except aiohttp.ClientConnectionError:
                    pass  # the bot does not listen yet
                await asyncio.sleep(self.retry_seconds)
        self.lost.append(body)

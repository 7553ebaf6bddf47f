"""The sign on a message in a group that the bot has seen it and is at work: a reaction, gone when it has answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.adapter import Acknowledges
from bot.errors import AdapterError
from bot.events import Message
from bot.pipeline.background import BackgroundTasks
from bot.pipeline.outbox import Outbox
from bot.pipeline.received import lane_of

logger = logging.getLogger(__name__)

_GRACE_SECONDS = 2.0


class Acknowledgements:
    """Shows and removes the signs, beside the work that they are about: nothing waits for them, and nobody misses one.

    In a direct chat the platform's own sign that the bot is writing says as much.
    """

    def __init__(self, outbox: Outbox, *, enabled: bool) -> None:
        self._outbox = outbox
        self._enabled = enabled
        self._tasks = BackgroundTasks[None]()
        self._shown: dict[tuple[str, str], asyncio.Task[None]] = {}

    def show(self, message: Message) -> None:
        """Begin to show that a message was seen."""
        adapter = self._adapter(message)
        if adapter is not None:
            self._shown[_key(message)] = self._start(lambda: adapter.acknowledge(message))

    def clear(self, message: Message) -> None:
        """Begin to remove the sign of a message, if there is one, once it is shown."""
        adapter, showing = self._adapter(message), self._shown.pop(_key(message), None)
        if adapter is not None and showing is not None:
            self._start(lambda: adapter.end_acknowledgement(message), after=showing)

    async def settle(self) -> None:
        """Wait until what was begun is done."""
        await self._tasks.wait()

    async def close(self) -> None:
        """Let what was begun be done, unless the platform does not answer."""
        await self._tasks.close(_GRACE_SECONDS)

    def _adapter(self, message: Message) -> Acknowledges | None:
        if not self._enabled or message.conversation.kind == "direct":
            return None
        adapter: object = self._outbox.adapter(message.conversation.platform)
        return adapter if isinstance(adapter, Acknowledges) else None

    def _start(
        self, call: Callable[[], Awaitable[None]], after: asyncio.Task[None] | None = None
    ) -> asyncio.Task[None]:
        return self._tasks.start(_call(call, after), name="acknowledgement")


def _key(message: Message) -> tuple[str, str]:
    return lane_of(message.conversation), message.event_id


async def _call(call: Callable[[], Awaitable[None]], after: asyncio.Task[None] | None) -> None:
    if after is not None:
        await asyncio.wait([after])
    try:
        await call()
    except AdapterError as error:
        logger.info("The sign that a message was seen does not change: %s", error)
    except Exception:
        logger.warning("The sign that a message was seen does not change", exc_info=True)

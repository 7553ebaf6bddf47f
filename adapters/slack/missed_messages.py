"""What was said on Slack while the bot was not running: Slack repeats events for minutes, and shows history for longer.

https://docs.slack.dev/reference/methods/conversations.history
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.api import Api, Json
from adapters.slack.receiver import EventReceiver
from bot.adapter import Away
from bot.errors import AdapterError

logger = logging.getLogger(__name__)

SECONDS = 60.0
"""How long the start may be held up; Slack may allow no more than one call a minute."""
PAGE = 200
MOST_MESSAGES = 1000
_Page = Callable[[str, AsyncWebClient], Awaitable[AsyncSlackResponse]]


async def catch_up(api: Api, receiver: EventReceiver, away: Away) -> None:
    """Deliver what was said meanwhile in the chats and threads heard of last, in order; what is known ends as known."""
    threads: dict[str, set[str]] = {}
    for place in away.places:
        threads.setdefault(place.id, set()).update({place.thread} if place.thread else ())
    try:
        async with asyncio.timeout(SECONDS):
            for channel, known in threads.items():
                await _channel(api, receiver, channel, known, away.since)
    except TimeoutError:
        logger.warning(
            "What was said on Slack meanwhile could not all be read in %.0f s; the rest is passed over", SECONDS
        )


async def _channel(api: Api, receiver: EventReceiver, channel: str, threads: set[str], since: datetime) -> None:
    oldest = f"{since.timestamp():.6f}"
    found: dict[str, Json] = {}
    try:
        async for message in _all(
            api,
            lambda cursor, client: client.conversations_history(
                channel=channel, oldest=oldest, limit=PAGE, cursor=cursor
            ),
        ):
            found[str(message["ts"])] = message
        begun = {ts for ts, message in found.items() if message.get("reply_count")}
        for thread in sorted(threads | begun):
            async for message in _replies(api, channel, thread, oldest):
                found[str(message["ts"])] = message
    except AdapterError as error:  # it is gone, or the app is in it no more
        logger.info("What was said on Slack in %s meanwhile can't be read: %s", channel, error)
    for ts in sorted(found):
        if ts > oldest:
            await _take(receiver, {**found[ts], "type": "message", "channel": channel})


async def _take(receiver: EventReceiver, message: Json) -> None:
    try:
        await receiver.take(message)
    except Exception:  # what is new must not wait for it
        logger.exception("A message that was sent on Slack meanwhile could not be stored, and is passed over")


def _replies(api: Api, channel: str, thread: str, oldest: str) -> AsyncIterator[Json]:
    return _all(
        api,
        lambda cursor, client: client.conversations_replies(
            channel=channel, ts=thread, oldest=oldest, limit=PAGE, cursor=cursor
        ),
    )


async def _all(api: Api, page: _Page) -> AsyncIterator[Json]:
    """Yield the messages of all pages, up to a number. Raises AdapterError."""
    cursor, left = "", MOST_MESSAGES
    while left > 0:
        told: dict[str, Any] = await api.call(partial(page, cursor))
        messages = told.get("messages") or []
        left -= max(1, len(messages))
        for message in messages:
            yield message
        cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return

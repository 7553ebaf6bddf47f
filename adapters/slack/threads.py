"""The threads that the bot takes part in, in which it is meant without being mentioned."""

from __future__ import annotations

import logging

from adapters.slack.api import Api, Json
from adapters.slack.directory import Bot
from adapters.slack.message_text import mentions
from bot.adapter import Recent
from bot.errors import AdapterError

logger = logging.getLogger(__name__)

MOST_KNOWN = 10_000
MOST_READ = 200


class Threads:
    """Knows of each thread whether the bot was called into it; Slack is asked about those from before a restart."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._joined: Recent[tuple[str, str], bool] = Recent(MOST_KNOWN)
        self._rooted: Recent[tuple[str, str], None] = Recent(MOST_KNOWN)

    def join(self, channel: str, thread: str) -> None:
        """Note that the bot was called, or has spoken."""
        self._joined.keep((channel, thread), True)  # noqa: FBT003 (a value, no flag)

    async def takes_part(self, channel: str, thread: str, bot: Bot) -> bool:
        """Say whether the bot takes part in a thread."""
        known = self._joined.get((channel, thread))
        if known is None:
            known = await self._look_up(channel, thread, bot)
            self._joined.keep((channel, thread), known)
        return known

    def has_root(self, channel: str, thread: str) -> bool:
        """Say whether the beginning of a thread was looked up already."""
        return self._rooted.knows((channel, thread))

    async def root(self, channel: str, thread: str) -> Json | None:
        """Return the message that a thread began with; None where Slack does not show it."""
        try:
            told = await self._api.call(
                lambda client: client.conversations_replies(channel=channel, ts=thread, limit=1), eager=True
            )
        except AdapterError as error:
            logger.info("Slack does not show what the thread %s in %s began with: %s", thread, channel, error)
            return None
        self._rooted.keep((channel, thread), None)
        return next((each for each in told.get("messages") or () if each.get("ts") == thread), None)

    async def _look_up(self, channel: str, thread: str, bot: Bot) -> bool:
        try:
            told = await self._api.call(
                lambda client: client.conversations_replies(channel=channel, ts=thread, limit=MOST_READ), eager=True
            )
        except AdapterError as error:
            logger.info("Slack does not show the thread %s in %s: %s", thread, channel, error)
            return False
        return any(_is_from_or_for(message, bot) for message in told.get("messages") or ())


def _is_from_or_for(message: Json, bot: Bot) -> bool:
    return message.get("user") == bot.user or bot.user in mentions(str(message.get("text", "")))

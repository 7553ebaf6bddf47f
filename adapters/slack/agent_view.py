"""The bot's own corner of Slack: its home tab, the prompts of a new chat, and the sign that it is thinking.

https://docs.slack.dev/ai/developing-ai-apps
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from adapters.slack.api import Api, Json, RefusedError
from adapters.slack.mrkdwn import escape
from adapters.slack.places import ChannelThread
from bot.errors import AdapterError
from bot.plugin import Command

logger = logging.getLogger(__name__)

THINKING = "is thinking…"
_INTRODUCTION = (
    "Ask me anything that was said here, and I answer from what I remember, with sources. Write to me under "
    "*Messages*, mention me in a channel, or use a command:"
)
_PROMPTS = (
    {"title": "What can you do?", "message": "/help"},
    {"title": "What do you remember?", "message": "/memories"},
)
_MOST_COMMANDS = 40
_MOST_CHARS = 3000


class AgentView:
    """Fills what Slack shows around the conversation. Nobody misses it when Slack does not take it."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._commands: tuple[Command, ...] = ()
        self._shows_status = True

    def offer(self, commands: Sequence[Command]) -> None:
        """Keep the commands for the home tab."""
        self._commands = tuple(commands[:_MOST_COMMANDS])

    async def fill(self, event: Json) -> None:
        """Fill what a person has just opened."""
        try:
            if event.get("type") == "assistant_thread_started":
                await self._prompt(event.get("assistant_thread") or {})
            elif event.get("tab") == "home":
                await self._publish(str(event["user"]))
        except AdapterError as error:
            logger.info("Slack does not take the bot's own view: %s", error)

    async def think(self, place: ChannelThread) -> None:
        """Show that the bot is at work in a thread; the sign goes when it answers."""
        if place.thread is None or not self._shows_status:
            return
        thread = place.thread
        try:
            await self._api.call(
                lambda client: client.assistant_threads_setStatus(
                    channel_id=place.channel, thread_ts=thread, status=THINKING
                ),
                eager=True,
            )
        except RefusedError as error:
            self._shows_status = error.code not in {"unknown_method", "missing_scope", "not_allowed_token_type"}
        except AdapterError:
            return

    async def _prompt(self, thread: Json) -> None:
        await self._api.call(
            lambda client: client.assistant_threads_setSuggestedPrompts(
                channel_id=str(thread["channel_id"]), thread_ts=str(thread["thread_ts"]), prompts=list(_PROMPTS)
            )
        )

    async def _publish(self, user: str) -> None:
        lines = [f"• `{escape(command.usage)}` {escape(command.help)}" for command in self._commands]
        text = "\n".join([_INTRODUCTION, *lines])[:_MOST_CHARS]
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
        await self._api.call(lambda client: client.views_publish(user_id=user, view={"type": "home", "blocks": blocks}))

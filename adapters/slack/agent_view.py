"""The bot's own corner of Slack: its home tab, the prompts of a new chat, and the sign that it is thinking.

https://docs.slack.dev/ai/developing-ai-apps
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from adapters.slack.api import Api, Json, RefusedError
from adapters.slack.mrkdwn import escape
from adapters.slack.places import ChannelThread
from bot.adapter import Recent, clip_text
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
_MOST_UNTITLED = 1000
_TITLE_CHARS = 60


class AgentView:
    """Fills what Slack shows around the conversation. Nobody misses it when Slack does not take it."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._commands: tuple[Command, ...] = ()
        self._shows_status = True
        self._untitled: Recent[tuple[str, str], None] = Recent(_MOST_UNTITLED)

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

    async def name_chat(self, place: ChannelThread, text: str) -> None:
        """Give a new chat the title of its first message, by which it is found again in the list of chats."""
        thread = str(place.thread)
        title = clip_text(" ".join(text.split()), _TITLE_CHARS)
        if not title or not self._untitled.knows((place.channel, thread)):
            return
        self._untitled.take((place.channel, thread))
        try:
            await self._api.call(
                lambda client: client.assistant_threads_setTitle(
                    channel_id=place.channel, thread_ts=thread, title=title
                ),
                eager=True,
            )
        except AdapterError as error:
            logger.info("Slack does not take the title of a chat: %s", error)

    async def _prompt(self, thread: Json) -> None:
        self._untitled.keep((str(thread["channel_id"]), str(thread["thread_ts"])), None)
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

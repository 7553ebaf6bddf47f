"""Slash commands: what one says when it is used, and its answer, which Slack takes at an address of its own.

https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from adapters.slack.api import Api, Json, RefusedError
from adapters.slack.directory import Directory
from adapters.slack.layout import Part
from adapters.slack.message_text import read
from adapters.slack.mrkdwn import escape
from adapters.slack.places import PLATFORM, command_id, event_id, is_direct_channel
from adapters.slack.sending import FOR_GOOD, SlackSender
from adapters.slack.uploads import upload
from bot.adapter import Recent
from bot.events import Conversation, Message, Reply

logger = logging.getLogger(__name__)

MOST_OPEN = 10_000
MOST_USES = 5
LIFE_SECONDS = 29 * 60
"""An address takes five answers within thirty minutes."""
ASK, HELP = "ask", "help"


async def message_of(body: Json, directory: Directory, commands: Collection[str], *, prefix: str) -> Message:
    """Return the use of a slash command as the message that one would have typed."""
    channel, user, trigger = str(body["channel_id"]), str(body["user_id"]), str(body["trigger_id"])
    sender = await directory.person(user, str(body.get("user_name", "")))
    text, called = await read(str(body.get("text", "")), directory)
    direct = is_direct_channel(channel)
    own_chat = direct and (await directory.channel(channel)).user == user
    return Message(
        event_id=event_id(channel, trigger) if own_chat else command_id(channel, user, trigger),
        conversation=Conversation(
            PLATFORM,
            channel,
            "" if direct else str(body.get("channel_name", "")),
            "direct" if direct else "group",
            workspace=str(body.get("team_id") or directory.bot.team),
        ),
        sender=sender,
        text=type_out(str(body["command"]), text, commands, prefix),
        sent_at=datetime.now(UTC),
        addressed=True,
        mentions=called,
    )


def type_out(slash_command: str, text: str, commands: Collection[str], prefix: str) -> str:
    """Return a command as the core reads it.

    What is none of the bot's commands is taken for the bot's own name, as in "/scrubjay remember this".
    """
    name = slash_command.removeprefix("/").removeprefix(prefix).replace("-", "_").casefold()
    text = text.strip()
    if name in commands or not commands:
        return f"/{name} {text}".strip()
    first, _, rest = text.partition(" ")
    inner = first.removeprefix("/").casefold()
    if inner in commands:
        return f"/{inner} {rest}".strip()
    return f"/{ASK} {text}" if text else f"/{HELP}"


@dataclass(slots=True)
class ResponseUrl:
    """An address that takes the answers to one slash command."""

    url: str
    visible: Literal["ephemeral", "in_channel"]
    opened: float
    uses: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it takes one more."""
        return self.uses < MOST_USES and time.monotonic() - self.opened < LIFE_SECONDS


class ResponseUrls:
    """The slash commands that wait for their answers, by event id."""

    def __init__(self, api: Api, sender: SlackSender) -> None:
        self._api = api
        self._sender = sender
        self._open: Recent[str, ResponseUrl] = Recent(MOST_OPEN)

    def open(self, message: Message, url: str, *, public: bool) -> None:
        """Keep the address that a command came with; a `public` one is answered for all in its channel to see."""
        shared = public and message.conversation.kind == "group"
        visible: Literal["ephemeral", "in_channel"] = "in_channel" if shared else "ephemeral"
        self._open.keep(message.event_id, ResponseUrl(url, visible, time.monotonic()))

    async def answer(self, channel: str, asker: str, command: str, reply: Reply) -> None:
        """Send a reply to a command's address, else to the asker alone. Raises AdapterError."""
        for part in await self._parts(asker, reply):
            if not await self._respond(command, part):
                await self._whisper(channel, asker, part)

    async def answer_alone(self, message: Message, reply: Reply) -> None:
        """Send a reply to the sender of a command or a message alone. Raises AdapterError."""
        place, asker = message.conversation, message.sender.id
        for part in await self._parts(asker, reply):
            if not await self._respond(message.event_id, part, alone=True):
                await self._whisper(place.id, asker, part, place.thread)

    async def _parts(self, asker: str, reply: Reply) -> list[Part]:
        parts = await self._sender.parts(reply)
        return [*parts, Part(await self._upload(asker, reply))] if reply.files else parts

    async def _upload(self, asker: str, reply: Reply) -> str:
        """Send files to the asker's chat with the bot, since all in a channel would see them; return what to say."""
        opened = await self._api.call(lambda client: client.conversations_open(users=asker))
        refusal = await upload(self._api, reply.files, str(opened["channel"]["id"]), None)
        return refusal or f"Sent to you in our direct chat: {', '.join(escape(file.name) for file in reply.files)}"

    async def _respond(self, command: str, part: Part, *, alone: bool = False) -> bool:
        """Post to a command's address; False when that takes nothing any more."""
        invocation = self._open.get(command)
        if invocation is None or not invocation.is_open:
            return False
        invocation.uses += 1
        body = {
            "response_type": "ephemeral" if alone else invocation.visible,
            "text": part.text,
            "blocks": list(part.blocks),
        }
        return await self._api.post_back(invocation.url, body)

    async def _whisper(self, channel: str, asker: str, part: Part, thread: str | None = None) -> None:
        """Show a message to one person: where they are or, where the bot is not, in their chat with the bot."""
        blocks = list(part.blocks) or None
        try:
            await self._api.call(
                lambda client: client.chat_postEphemeral(
                    channel=channel, user=asker, text=part.text, blocks=blocks, thread_ts=thread
                )
            )
        except RefusedError as error:
            if error.code not in {*FOR_GOOD, "user_not_in_channel"}:
                raise
            await self._api.call(lambda client: client.chat_postMessage(channel=asker, text=part.text, blocks=blocks))


class CommandReply:
    """The answer to a slash command. It comes at once: its address takes too few answers for one that grows."""

    def __init__(self, invocations: ResponseUrls, channel: str, asker: str, command: str) -> None:
        self._invocations = invocations
        self._channel = channel
        self._asker = asker
        self._command = command

    async def grow(self, text: str) -> None:
        """Show nothing yet."""

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Show the whole reply. It has no ids: nobody can react to it."""
        await self._invocations.answer(self._channel, self._asker, self._command, reply)
        return ()

    async def fail(self, text: str) -> None:
        """Show this sentence instead."""
        await self.finish(Reply(text))

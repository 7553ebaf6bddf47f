"""Where the messages of a reply go: into a channel, or as the answer to a slash command."""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import discord

from adapters.discord.failures import UNREACHABLE, explain
from adapters.discord.places import event_id
from bot.events import OutFile
from bot.translation import current_language, gettext, match_language, speaking

logger = logging.getLogger(__name__)

_NONCE_CHARS = 25
"""Discord takes no longer ones (https://discord.com/developers/docs/resources/message#create-message)."""


_TOKEN_IS_GONE = {401, 404}
"""What Discord answers when a command's token has expired: Invalid Webhook Token, Unknown Webhook."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What stands under a message: buttons, and files."""

    view: discord.ui.View = discord.utils.MISSING
    files: Sequence[OutFile] = ()

    def as_files(self) -> list[discord.File]:
        """Return the files as the library reads them, once each."""
        return [discord.File(io.BytesIO(file.data), file.name) for file in self.files]


NOTHING = Extras()


class ReplyTarget(Protocol):
    """Creates and edits messages; raises what the library raises."""

    async def create(self, text: str, nonce: str, extras: Extras = NOTHING) -> int:
        """Show a new message and return its number. The same nonce within a few minutes makes the same message."""

    async def edit(self, message: int, text: str, extras: Extras = NOTHING) -> None:
        """Change a message that was created here; it gets buttons, but no files."""

    def event_id(self, message: int) -> str:
        """Return the id that the core knows a message by."""


class ChannelTarget:
    """Writes into a channel, the first message as an answer to `reply_to`; if that is gone by then, as none."""

    def __init__(self, client: discord.Client, channel: int, reply_to: int | None) -> None:
        self._channel = client.get_partial_messageable(channel)
        self._reply_to = reply_to

    async def create(self, text: str, nonce: str, extras: Extras = NOTHING) -> int:
        """Send a message without pictures of the links in it."""
        view, files = extras.view, extras.as_files()
        if self._reply_to is None:
            sent = await self._channel.send(text, nonce=nonce, suppress_embeds=True, view=view, files=files)
        else:
            answered = discord.MessageReference(
                message_id=self._reply_to, channel_id=self._channel.id, fail_if_not_exists=False
            )
            sent = await self._channel.send(
                text, nonce=nonce, suppress_embeds=True, reference=answered, view=view, files=files
            )
            self._reply_to = None
        return sent.id

    async def edit(self, message: int, text: str, extras: Extras = NOTHING) -> None:
        """Change a message."""
        await self._channel.get_partial_message(message).edit(content=text, view=extras.view)

    def event_id(self, message: int) -> str:
        """Return the id of a message in this channel."""
        return event_id(self._channel.id, message)


class InteractionTarget:
    """Answers one use of a slash command: first in place of "is thinking", then with messages that follow.

    Where it is for its user `alone`, nobody else in the channel sees any of it.
    """

    def __init__(self, interaction: discord.Interaction, *, alone: bool = False) -> None:
        self._interaction = interaction
        self._alone = alone
        self._channel = interaction.channel_id or 0
        self._acknowledging = asyncio.Lock()
        self._original: int | None = None
        self._instead = ChannelTarget(interaction.client, self._channel, None)
        self._expired = False

    @property
    def used_at(self) -> datetime:
        """When the command was used."""
        return self._interaction.created_at

    async def acknowledge(self) -> bool:
        """Show that the bot is thinking, once; False when Discord does not take it."""
        async with self._acknowledging:
            if not self._interaction.response.is_done():
                try:
                    await self._interaction.response.defer(thinking=True, ephemeral=self._alone)
                except UNREACHABLE as error:
                    logger.warning("A slash command could not be acknowledged: %s", explain(error))
                    return False
            return True

    async def refuse(self, sentence: str) -> None:
        """Tell the user, and nobody else where that is still possible, why nothing comes of it.

        Where the core has found words of its own (that a quota is spent, that a code is good), those stand.
        """
        with speaking(match_language(str(self._interaction.locale)) or current_language()):
            sentence = gettext(sentence)
        async with self._acknowledging:
            if self._original is not None:
                return
            try:
                if self._interaction.response.is_done():
                    await self._interaction.edit_original_response(content=sentence)
                else:
                    await self._interaction.response.send_message(sentence, ephemeral=True)
            except UNREACHABLE as error:
                logger.warning("The user of a slash command could not be told: %s", explain(error))

    async def create(self, text: str, nonce: str, extras: Extras = NOTHING) -> int:
        """Fill in the answer, or follow up; once the command's token has expired, write into the channel."""
        if not self._expired:
            try:
                return await self._answer(text, extras)
            except discord.HTTPException as error:
                if error.status not in _TOKEN_IS_GONE:
                    raise
                self._expired = True
        return await self._instead.create(text, nonce, extras)

    async def edit(self, message: int, text: str, extras: Extras = NOTHING) -> None:
        """Change the answer or what followed it."""
        if not self._expired:
            try:
                await self._interaction.followup.edit_message(message, content=text, view=extras.view)
            except discord.HTTPException as error:
                if error.status not in _TOKEN_IS_GONE:
                    raise
                self._expired = True
            else:
                return
        await self._instead.edit(message, text, extras)

    def event_id(self, message: int) -> str:
        """Return the id of a message in the command's channel."""
        return event_id(self._channel, message)

    async def _answer(self, text: str, extras: Extras) -> int:
        if self._original is None:
            original = await self._interaction.edit_original_response(
                content=text, view=extras.view, attachments=extras.as_files()
            )
            self._original = original.id
            return original.id
        sent = await self._interaction.followup.send(
            text,
            wait=True,
            suppress_embeds=True,
            view=extras.view,
            files=extras.as_files(),
            ephemeral=self._alone,
        )
        return sent.id


def random_nonce() -> str:
    """Return a nonce of one use: it keeps a request that is repeated after a bad gateway from being done twice."""
    return secrets.token_hex(_NONCE_CHARS // 2)


def nonce_of(reply_to: str | None, number: int, text: str) -> str:
    """Return the nonce of one of several parts, so that a reply that broke off is not shown twice when sent again."""
    digest = hashlib.sha256(f"{reply_to}/{number}/{text}".encode())
    return digest.hexdigest()[:_NONCE_CHARS]

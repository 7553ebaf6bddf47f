"""Attachments: named by where they stand, because Discord's download addresses expire within a day."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import discord

from adapters.discord.failures import UNREACHABLE, explain
from bot.errors import AdapterError, AttachmentError
from bot.events import Attachment
from bot.translation import gettext

PIECE_BYTES = 1 << 16
_FORBIDDEN = 403


def reference_to(channel: int, message: int, file: int) -> str:
    """Return the handle of a file, which holds as long as its message stands."""
    return f"{channel}/{message}/{file}"


async def fetch(client: discord.Client, session: aiohttp.ClientSession, attachment: Attachment) -> AsyncIterator[bytes]:
    """Yield a file's bytes. Raises AttachmentError when it is gone, AdapterError when Discord does not give it."""
    url = await _address(client, attachment)
    try:
        async with session.get(url) as response:
            if response.status in {_FORBIDDEN, 404}:
                raise AttachmentError(gettext("{name} is no longer on Discord.", name=attachment.name))
            response.raise_for_status()
            async for piece in response.content.iter_chunked(PIECE_BYTES):
                yield piece
    except (aiohttp.ClientError, OSError) as error:
        raise AdapterError(f"{attachment.name} can't be fetched from Discord: {explain(error)}") from error


async def _address(client: discord.Client, attachment: Attachment) -> str:
    """Ask for the message again: the addresses in it are fresh."""
    channel, message, file = (int(part) for part in attachment.reference.split("/"))
    try:
        found = await client.get_partial_messageable(channel).fetch_message(message)
    except discord.NotFound:
        raise AttachmentError(gettext("{name} is no longer on Discord.", name=attachment.name)) from None
    except UNREACHABLE as error:
        raise AdapterError(f"{attachment.name} can't be fetched from Discord: {explain(error)}") from error
    files = [*found.attachments, *(each for snapshot in found.message_snapshots for each in snapshot.attachments)]
    for each in files:
        if each.id == file:
            return each.url
    raise AttachmentError(gettext("{name} is no longer on Discord.", name=attachment.name))

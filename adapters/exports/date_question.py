"""What an export's dates leave open, settled by what is remembered of the chat, or to be asked."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from itertools import islice

from adapters.exports.chat_matching import find_again
from adapters.exports.parsed import DateOrder, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.sources import ExportSource
from bot.context import Histories

_OPENING = 50


async def settle_order(
    memory: Histories, owner_id: int, source: ExportSource, options: ParseOptions
) -> DateOrder | None:
    """Return the order of day and month in which a chat's first messages are remembered; None when it is not open."""
    if options.date_order or options.likely_order or not source.path.exists():
        return None
    orders = tuple(await asyncio.to_thread(_open_orders, source, options))
    for order in orders:
        opening = await asyncio.to_thread(_read_opening, source, replace(options, date_order=order))
        if await find_again(memory, owner_id, source.format.name, opening):
            return order
    return None


def _open_orders(source: ExportSource, options: ParseOptions) -> list[DateOrder]:
    chat = _first(source, options)
    return list(chat.open_orders) if chat else []


def _read_opening(source: ExportSource, options: ParseOptions) -> list[ParsedMessage]:
    with closing(source.format.open(source.path, options)) as chats:  # type: ignore[type-var] # a generator
        chat = next(iter(chats), None)
        return list(islice(chat.messages, _OPENING)) if chat else []


def _first(source: ExportSource, options: ParseOptions) -> ParsedChat | None:
    with closing(source.format.open(source.path, options)) as chats:  # type: ignore[type-var] # a generator
        return next(iter(chats), None)

"""Hands a chat on while its messages are still being read, so that none needs to be held in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing

from adapters.exports.import_warnings import WarningCounter
from adapters.exports.parsed import ParsedChat, ParsedMessage


def stream_chat(chat: ParsedChat, messages: Iterator[ParsedMessage], warnings: WarningCounter) -> Iterator[ParsedChat]:
    """Yield the chat with these messages; its warnings are complete when the next chat is asked for.

    What nobody has asked for by then is read and passed over: the next chat stands behind it in the file.
    """
    streamed = _tell_at_the_end(chat, messages, warnings)
    chat.messages = streamed
    with closing(streamed):
        yield chat
        deque(streamed, maxlen=0)


def _tell_at_the_end(
    chat: ParsedChat, messages: Iterator[ParsedMessage], warnings: WarningCounter
) -> Generator[ParsedMessage]:
    try:
        yield from messages
    finally:
        warnings.add_to(chat)

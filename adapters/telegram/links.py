"""Addresses behind the words of a message: Telegram tells them beside the text."""

from __future__ import annotations

from telegram import Message, MessageEntity

_LINKS: list[str | None] = [MessageEntity.TEXT_LINK]


def text_with_links(message: Message) -> str:
    """Return what was written, with the address of each link after its words; offsets count UTF-16 units."""
    linked = message.parse_entities(_LINKS) | message.parse_caption_entities(_LINKS)
    written = (message.text or message.caption or "").encode("utf-16-le")
    for entity, shown in sorted(linked.items(), key=lambda each: each[0].offset, reverse=True):
        if entity.url and entity.url.rstrip("/") != shown.rstrip("/"):
            end = (entity.offset + entity.length) * 2
            written = written[:end] + f" ({entity.url})".encode("utf-16-le") + written[end:]
    return written.decode("utf-16-le", "replace")

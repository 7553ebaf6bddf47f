"""Files that come with messages, and how they are fetched."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Protocol

from telegram import Message, PaidMediaInfo, PaidMediaPhoto, PaidMediaVideo
from telegram.error import BadRequest, TelegramError

from adapters.telegram.client import Bot, explain
from bot.errors import AdapterError, AttachmentError
from bot.events import Attachment
from bot.translation import gettext

DOWNLOAD_LIMIT = 20_000_000
"""The most bytes that a bot may download (https://core.telegram.org/bots/api#getfile)."""
PIECE = 1 << 16


class _Media(Protocol):
    file_id: str
    file_unique_id: str
    file_size: int | None


def attachments_of(message: Message) -> tuple[Attachment, ...]:
    """Return the files of a message; of a photo the largest size."""
    return tuple(_attachments(message))


async def fetch(bot: Bot, attachment: Attachment) -> AsyncIterator[bytes]:
    """Yield a file's bytes. Raises AttachmentError when it is too large or gone, else AdapterError."""
    if attachment.size is not None and attachment.size > DOWNLOAD_LIMIT:
        raise AttachmentError(_too_large(attachment))
    try:
        file = await bot.get_file(attachment.reference)
        data = bytes(await file.download_as_bytearray())
    except BadRequest as error:
        if "too big" in error.message.lower():
            raise AttachmentError(_too_large(attachment)) from error
        raise AttachmentError(
            gettext("Telegram no longer has {name}. Please send it again.", name=attachment.name)
        ) from error
    except TelegramError as error:
        raise AdapterError(f"{attachment.name} can't be fetched: {explain(error)}") from None
    for start in range(0, len(data), PIECE):
        yield data[start : start + PIECE]


def _too_large(attachment: Attachment) -> str:
    size = f" ({attachment.size / 1e6:.0f} MB)" if attachment.size else ""
    return (
        f"{attachment.name}{size} is too large for me: Telegram lets bots fetch files of up to 20 MB. "
        "Please send it in smaller parts."
    )


def _attachments(message: Message) -> Iterator[Attachment]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        yield _attachment(largest, None, "photo", "image/jpeg", ".jpg")
    if message.animation:  # comes with a copy as a document
        yield _attachment(message.animation, message.animation.file_name, "animation", "video/mp4", ".mp4")
    elif message.document:
        document = message.document
        yield _attachment(document, document.file_name, "file", document.mime_type or "application/octet-stream", "")
    if message.paid_media:
        yield from _paid(message.paid_media)
    if message.voice:
        yield _attachment(message.voice, "voice note", "voice", message.voice.mime_type or "audio/ogg", "")
    if message.audio:
        yield _attachment(message.audio, message.audio.file_name, "audio", message.audio.mime_type or "audio/mpeg", "")
    if message.video:
        yield _attachment(message.video, message.video.file_name, "video", message.video.mime_type or "video/mp4", "")
    if message.video_note:
        yield _attachment(message.video_note, "video note", "video", "video/mp4", "")


def _paid(info: PaidMediaInfo) -> Iterator[Attachment]:
    """Yield what was paid for already; of the rest there is only a preview."""
    for media in info.paid_media:
        if isinstance(media, PaidMediaPhoto):
            largest = max(media.photo, key=lambda size: size.width * size.height)
            yield _attachment(largest, None, "photo", "image/jpeg", ".jpg")
        elif isinstance(media, PaidMediaVideo):
            yield _attachment(media.video, media.video.file_name, "video", media.video.mime_type or "video/mp4", ".mp4")


def _attachment(media: _Media, name: str | None, kind: str, media_type: str, suffix: str) -> Attachment:
    named = name or f"{kind}-{media.file_unique_id}{suffix}"
    return Attachment(named, media_type, media.file_id, media.file_size)

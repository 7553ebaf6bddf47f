"""Files that come with messages, and how they are fetched.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from adapters.whatsapp.api import GraphApi
from adapters.whatsapp.failures import RefusedError
from adapters.whatsapp.places import Json
from bot.errors import AdapterError, AttachmentError
from bot.events import Attachment
from bot.translation import gettext

DOWNLOAD_LIMIT = 100_000_000
"""In bytes: WhatsApp's own limit for documents; sounds and videos have 16 MB, pictures 5."""
PIECE = 1 << 16
_SUFFIXES = {"image": ".jpg", "video": ".mp4"}
_UNKNOWN_TYPE = "application/octet-stream"
_GONE = frozenset({httpx.codes.NOT_FOUND, httpx.codes.GONE})


def attachments_of(message: Json) -> tuple[Attachment, ...]:
    """Return the file of a message; a sticker is no file to anybody."""
    kind = str(message.get("type", ""))
    if kind not in {"image", "video", "audio", "document"}:
        return ()
    media = message[kind]
    identity = str(media["id"])
    media_type = str(media.get("mime_type") or _UNKNOWN_TYPE)
    return (Attachment(_name_of(kind, media, identity), media_type.partition(";")[0].strip(), identity),)


async def fetch(api: GraphApi, attachment: Attachment) -> AsyncIterator[bytes]:
    """Yield a file's bytes. Raises AttachmentError when it is too large, gone or not Meta's own, else AdapterError."""
    url = await _find_address(api, attachment)
    async with api.download(url) as response:
        _check(response, attachment)
        size = 0
        async for piece in response.aiter_bytes(PIECE):
            size += len(piece)
            if size > DOWNLOAD_LIMIT:
                raise _make_size_error(attachment)
            yield piece


async def _find_address(api: GraphApi, attachment: Attachment) -> str:
    """Return where a file is; the address holds for five minutes, so it is asked for each time."""
    try:
        media = await api.get(attachment.reference, phone_number_id=api.number)
    except RefusedError:
        raise _make_gone_error(attachment) from None
    if int(media.get("file_size") or 0) > DOWNLOAD_LIMIT:
        raise _make_size_error(attachment)
    url = str(media.get("url", ""))
    if not api.may_fetch(url):  # the token goes with the question, so nobody else is asked
        raise AttachmentError(
            gettext("{name} is not kept by WhatsApp, so I can't fetch it. Please send it again.", name=attachment.name)
        )
    return url


def _check(response: httpx.Response, attachment: Attachment) -> None:
    """Refuse what is not the file, such as a page or the description of an error."""
    if response.status_code in _GONE:
        raise _make_gone_error(attachment)
    if response.status_code != httpx.codes.OK:
        raise AdapterError(f"{attachment.name} can't be fetched: WhatsApp says {response.status_code}")
    sent = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if sent == "text/html" and not attachment.media_type.startswith("text/html"):
        raise AdapterError(f"{attachment.name} can't be fetched: WhatsApp sends a page in its place")


def _name_of(kind: str, media: Json, identity: str) -> str:
    if media.get("filename"):
        return str(media["filename"])
    if media.get("voice"):
        return "voice note"
    label = "photo" if kind == "image" else kind
    return f"{label}-{identity}{_SUFFIXES.get(kind, '')}"


def _make_gone_error(attachment: Attachment) -> AttachmentError:
    return AttachmentError(f"WhatsApp no longer has {attachment.name}. Please send it again.")


def _make_size_error(attachment: Attachment) -> AttachmentError:
    return AttachmentError(f"{attachment.name} is too large for me. Please send it in smaller parts.")

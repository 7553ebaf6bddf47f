"""Files that come with messages, and how they are fetched."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp

from adapters.slack.api import Api, Json, RefusedError
from bot.errors import AdapterError, AttachmentError
from bot.events import Attachment
from bot.translation import gettext

logger = logging.getLogger(__name__)

PIECE = 1 << 16
DOWNLOAD_SECONDS = 300.0
_ID = "id:"
_UNKNOWN_TYPE = "application/octet-stream"
_SCOPE = "the app needs the scope files:read; add it and install the app again"


def attachments_of(message: Json) -> tuple[Attachment, ...]:
    """Return the files of a message, apart from those that are gone already."""
    files = [file for file in message.get("files") or () if file.get("mode") not in {"tombstone", "hidden_by_limit"}]
    return tuple(
        Attachment(
            name=str(file.get("name") or file.get("title") or file["id"]),
            media_type=str(file.get("mimetype") or _UNKNOWN_TYPE),
            reference=str(file.get("url_private_download") or file.get("url_private") or f"{_ID}{file['id']}"),
            size=file.get("size"),
        )
        for file in files
    )


async def fetch(api: Api, token: str, attachment: Attachment) -> AsyncIterator[bytes]:
    """Yield a file's bytes. Raises AttachmentError when it is gone or not Slack's own, else AdapterError."""
    url = await _address(api, attachment)
    if not _is_slacks(api, url):  # the token goes with the question, so nobody else is asked
        raise AttachmentError(
            gettext(
                "{name} is not kept by Slack, so I can't fetch it. Please send the file itself.", name=attachment.name
            )
        )
    try:
        async with api.session.get(
            url,
            headers={"Authorization": f"Bearer {token}"},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=DOWNLOAD_SECONDS),
        ) as response:
            _check(response, attachment)
            async for piece in response.content.iter_chunked(PIECE):
                yield piece
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise AdapterError(f"{attachment.name} can't be fetched from Slack: {type(error).__name__}") from None


async def _address(api: Api, attachment: Attachment) -> str:
    """Return where a file is; of one in a shared channel the event tells nothing but its id."""
    if not attachment.reference.startswith(_ID):
        return attachment.reference
    identity = attachment.reference.removeprefix(_ID)
    try:
        told = await api.call(lambda client: client.files_info(file=identity))
    except RefusedError as error:
        if error.code == "missing_scope":
            raise AdapterError(f"{attachment.name} can't be fetched from Slack: {_SCOPE}") from None
        raise _make_gone_error(attachment) from None
    file = told.get("file") or {}
    return str(file.get("url_private_download") or file.get("url_private") or "")


def _check(response: aiohttp.ClientResponse, attachment: Attachment) -> None:
    """Refuse what is not the file: without the scope Slack answers with its page to sign in."""
    if response.status in {404, 410}:
        raise _make_gone_error(attachment)
    is_page = response.content_type == "text/html" and not attachment.media_type.startswith("text/html")
    if response.status in {301, 302, 303, 307, 308, 401, 403} or is_page:
        raise AdapterError(f"{attachment.name} can't be fetched from Slack: {_SCOPE}")
    if response.status != 200:
        raise AdapterError(f"{attachment.name} can't be fetched: Slack says {response.status}")


def _make_gone_error(attachment: Attachment) -> AttachmentError:
    return AttachmentError(f"Slack no longer has {attachment.name}. Please send it again.")


def _is_slacks(api: Api, url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    return host == api.host or (parts.scheme == "https" and host.endswith(".slack.com"))

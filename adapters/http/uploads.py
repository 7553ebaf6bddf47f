"""Files that come with messages: kept beside the memory, so that they can be read after a restart as well."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

from starlette.datastructures import UploadFile

from bot import Attachment
from bot.errors import AttachmentError

FOLDER = "uploads"
_PIECE = 1 << 20
_REFERENCE = re.compile("[0-9a-f]{32}")
_MOST_NAME_CHARS = 200


async def keep_upload(folder: Path, file: UploadFile) -> Attachment:
    """Write a file below the adapter's folder, and return it as an attachment; its name there is never the sender's."""
    reference = uuid4().hex
    path = folder / FOLDER / reference
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    size = 0
    try:
        with path.open("xb") as kept:
            while piece := await file.read(_PIECE):
                size += len(piece)
                await asyncio.to_thread(kept.write, piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    name = Path(file.filename or "file").name[:_MOST_NAME_CHARS] or "file"
    return Attachment(name, file.content_type or "application/octet-stream", reference, size)


async def read_upload(folder: Path, attachment: Attachment) -> AsyncIterator[bytes]:
    """Yield a kept file in pieces. Raises AttachmentError when it is gone."""
    if not _REFERENCE.fullmatch(attachment.reference):
        raise AttachmentError(f"{attachment.name} is no file that was sent here.")
    try:
        with (folder / FOLDER / attachment.reference).open("rb") as kept:
            while piece := await asyncio.to_thread(kept.read, _PIECE):
                yield piece
    except FileNotFoundError:
        raise AttachmentError(f"{attachment.name} is not there any more.") from None

"""Files of requests: those of messages are kept beside the memory, others in a folder for as long as they are read."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

from starlette.datastructures import UploadFile

from bot import Attachment
from bot.errors import AttachmentError
from bot.reading import safe_name
from bot.translation import gettext

FOLDER = "uploads"
_PIECE = 1 << 20
_REFERENCE = re.compile("[0-9a-f]{32}")


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
    return Attachment(
        safe_name(file.filename or "file"), file.content_type or "application/octet-stream", reference, size
    )


async def read_upload(folder: Path, attachment: Attachment) -> AsyncIterator[bytes]:
    """Yield a kept file in pieces. Raises AttachmentError when it is gone."""
    if not _REFERENCE.fullmatch(attachment.reference):
        raise AttachmentError(gettext("{name} is no file that was sent here.", name=attachment.name))
    try:
        with (folder / FOLDER / attachment.reference).open("rb") as kept:
            while piece := await asyncio.to_thread(kept.read, _PIECE):
                yield piece
    except FileNotFoundError:
        raise AttachmentError(gettext("{name} is not there any more.", name=attachment.name)) from None


async def write_to_folder(file: UploadFile, prefix: str) -> Path:
    """Write the file to a new folder, which whoever called removes, and return its path.

    Its name is made safe: nothing can be written elsewhere.
    """
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=prefix))
    path = folder / safe_name(file.filename or "file")
    try:
        with path.open("xb") as written:
            while piece := await file.read(_PIECE):
                await asyncio.to_thread(written.write, piece)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return path

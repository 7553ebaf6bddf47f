"""Documents: files that were read, and files to read."""

from __future__ import annotations

import asyncio
import shutil
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, File, HTTPException, UploadFile
from pydantic import BaseModel

from adapters.http.api.schemas import PROBLEMS, Cursor, DocumentShape, Limit, PathId, ReceiptShape, page_after
from adapters.http.security.authentication import CallerOf
from adapters.http.uploads import write_to_folder
from bot.errors import CommandError
from bot.reading import IncomingFile

router = APIRouter(prefix="/api", tags=["documents"], responses={**PROBLEMS})


class DocumentRead(BaseModel):
    """What came of reading a file: `said` tells it in a sentence; `added` counts the passages that are new."""

    document_id: int
    name: str
    media_type: str
    added: int
    passages: int
    known: bool
    said: str


class DocumentPage(BaseModel):
    """Documents, the latest first."""

    documents: list[DocumentShape]
    next_cursor: int | None


@router.get("/documents")
async def list_documents(caller: CallerOf, limit: Limit = 50, cursor: Cursor = None) -> DocumentPage:
    """List the files that were read."""
    known = await caller.memory.documents.summarize(caller.scope)
    page, after = page_after(known, [each.document.id for each in known], cursor, limit)
    return DocumentPage(documents=[DocumentShape.of(each) for each in page], next_cursor=after)


@router.delete("/documents/{document_id}")
async def forget_document(document_id: PathId, caller: CallerOf) -> ReceiptShape:
    """Forget a file that was read, with all that was drawn from it."""
    try:
        return ReceiptShape.of(await caller.handler_memory().forget_document(document_id))
    except CommandError as error:
        raise HTTPException(404, f"There is no document {document_id} that you may forget.") from error


@router.post("/documents", status_code=201)
async def read_document(
    caller: CallerOf, file: Annotated[UploadFile, File(description="A file of any kind that a plugin reads.")]
) -> DocumentRead:
    """Read a file into the caller's own memory. The same file again adds nothing."""
    await caller.spend("messages")
    path = await write_to_folder(file, "scrubjay-read-")
    try:
        media_type = file.content_type or "application/octet-stream"
        incoming = IncomingFile(path, path.name, media_type, path.stat().st_size, f"upload:{uuid4().hex}")
        outcome = await caller.read_file(incoming)
    finally:
        await asyncio.to_thread(shutil.rmtree, path.parent, ignore_errors=True)
    document = outcome.change.document
    return DocumentRead(
        document_id=document.id,
        name=document.name,
        media_type=document.media_type,
        added=outcome.change.added,
        passages=outcome.passages,
        known=outcome.duplicate or outcome.unchanged,
        said=outcome.sentence(),
    )

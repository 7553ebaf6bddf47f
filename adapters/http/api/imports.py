"""Imports: a history is sent, taken in beside the request, and followed while it goes on."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from adapters.http.api.schemas import PROBLEMS, PathId, ReceiptShape
from adapters.http.event_stream import EventStreamResponse
from adapters.http.import_jobs import ImportJob
from adapters.http.security.authentication import CallerOf
from adapters.http.services import services_of
from adapters.http.uploads import write_to_folder
from bot import zone_of
from memory import Selection

router = APIRouter(prefix="/api", tags=["imports"], responses={**PROBLEMS})

ShortText = Annotated[str | None, Form(max_length=200)]


class ImportProgress(BaseModel):
    """How far an import is; `reports` has what came of each chat, as `scrubjay import --json` prints it."""

    id: str
    name: str
    state: Literal["running", "done", "failed"]
    chat: str
    stored: int
    problem: str | None
    reports: list[dict[str, Any]]

    @classmethod
    def of(cls, job: ImportJob) -> ImportProgress:
        """Return how far a job is."""
        return cls(
            id=job.id,
            name=job.name,
            state=job.state,
            chat=job.chat,
            stored=job.stored,
            problem=job.problem,
            reports=[dict(report.to_record()) for report in job.outcome.reports],
        )


class PastImport(BaseModel):
    """An import of which something is left."""

    id: int
    source: str
    begun_at: datetime
    ended_at: datetime | None
    passages: int
    conversation_ids: list[int]


class PastImports(BaseModel):
    """The imports, the latest first."""

    imports: list[PastImport]


@router.post("/imports", status_code=202)
async def start_import(
    request: Request,
    caller: CallerOf,
    file: Annotated[UploadFile, File(description="An export of a chat app, JSON lines or CSV.")],
    me: ShortText = None,
    timezone: ShortText = None,
    title: ShortText = None,
) -> ImportProgress:
    """Begin to import a history into the caller's own memory; `me` is the name that the caller has in it."""
    try:
        zone = zone_of(timezone) if timezone else services_of(request).requests.zone
    except ValueError as error:
        raise HTTPException(400, f"timezone: {error}") from error
    await caller.spend("messages")
    path = await write_to_folder(file, "scrubjay-import-")
    job = services_of(request).imports.start(caller, path, me=me or None, zone=zone, title=title or None)
    return ImportProgress.of(job)


@router.get("/imports")
async def list_imports(caller: CallerOf) -> PastImports:
    """List the imports of which something is left within the caller's scope."""
    known = await caller.memory.imports.select(caller.scope)
    return PastImports(
        imports=[
            PastImport(
                id=each.id,
                source=each.source,
                begun_at=each.begun_at,
                ended_at=each.ended_at,
                passages=each.passages,
                conversation_ids=[*each.conversation_ids],
            )
            for each in known
        ]
    )


@router.get("/imports/running/{job_id}")
async def read_progress(request: Request, job_id: str, caller: CallerOf) -> ImportProgress:
    """Return how far an import is that the caller has begun since the bot started."""
    return ImportProgress.of(_job(request, job_id, caller))


@router.get("/imports/running/{job_id}/events", response_class=StreamingResponse)
async def follow_progress(request: Request, job_id: str, caller: CallerOf) -> StreamingResponse:
    """Follow an import as server-sent events, each the whole progress; the last has another state than "running"."""
    job = _job(request, job_id, caller)

    async def events() -> AsyncGenerator[str]:
        async for state in job.follow():
            yield f"event: progress\ndata: {json.dumps(ImportProgress.of(state).model_dump(mode='json'))}\n\n"

    return EventStreamResponse(events())


@router.delete("/imports/{import_id}")
async def undo_import(import_id: PathId, caller: CallerOf) -> ReceiptShape:
    """Forget all that an import has brought."""
    if all(each.id != import_id for each in await caller.memory.imports.select(caller.scope)):
        raise HTTPException(404, f"There is no import {import_id}.")
    return ReceiptShape.of(await caller.forget(Selection(import_id=import_id)))


def _job(request: Request, job_id: str, caller: CallerOf) -> ImportJob:
    job = services_of(request).imports.find(job_id, caller.person)
    if job is None:
        raise HTTPException(404, "There is no such import.")
    return job

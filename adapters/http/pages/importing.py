"""Importing: a history is dropped, looked through, and taken in while one watches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Form, HTTPException, Request, UploadFile
from starlette.responses import RedirectResponse, Response, StreamingResponse

from adapters.exports.report import describe_warning
from adapters.http.import_jobs import ImportJob
from adapters.http.pages.rendering import render, render_part
from adapters.http.pages.signed_in import VisitorOf
from adapters.http.security.authentication import CallerOf
from adapters.http.services import services_of
from adapters.http.uploads import write_to_folder
from bot import zone_of
from bot.translation import gettext, gettext_noop
from memory import Selection

router = APIRouter(include_in_schema=False)

_GONE = gettext_noop("That file is not there any more; send it again.")


@router.get("/import")
async def show_import(request: Request, caller: VisitorOf) -> Response:
    """Show where to drop a file, and what was imported."""
    imports = await caller.memory.imports.select(caller.scope)
    return render(request, "import.html", place="import", imports=imports)


@router.post("/import/look")
async def look(request: Request, caller: CallerOf, file: UploadFile) -> Response:
    """Look a file through, and ask how it is to be imported."""
    services = services_of(request)
    path = await write_to_folder(file, "scrubjay-import-")
    waiting = await services.waiting_imports.look(caller.person, path, services.requests.zone)
    refusals = [text.replace(str(path), path.name) for text in waiting.outcome.refusals]
    return render(
        request,
        "import_ask.html",
        waiting=waiting,
        reports=[report for report in waiting.outcome.reports if report.messages],
        warnings=[describe_warning(each) for report in waiting.outcome.reports for each in report.warnings],
        refusals=refusals,
        zones=sorted(available_timezones()),
    )


@router.post("/import/{waiting_id}/start")
async def start(
    request: Request,
    waiting_id: str,
    caller: CallerOf,
    me: Annotated[str, Form(max_length=200)] = "",
    zone: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Begin to import what was looked through."""
    services = services_of(request)
    try:
        chosen = zone_of(zone.strip()) if zone.strip() else services.requests.zone
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    waiting = services.waiting_imports.take(waiting_id, caller.person)
    if waiting is None:
        raise HTTPException(404, gettext(_GONE))
    job = services.imports.start(caller, waiting.path, me=me or None, zone=chosen, title=None)
    messages = sum(report.messages for report in waiting.outcome.reports)
    return render(request, "import_running.html", job=job, messages=messages)


@router.get("/import/running/{job_id}/events")
async def follow(request: Request, job_id: str, caller: VisitorOf, messages: int = 0) -> Response:
    """Send how far an import is as parts of the page, and at the end its report."""
    job = services_of(request).imports.find(job_id, caller.person)
    if job is None:
        raise HTTPException(404, gettext("There is no such import."))
    return StreamingResponse(_events(job, messages), media_type="text/event-stream")


@router.post("/import/{import_id}/undo")
async def undo(import_id: int, caller: CallerOf) -> Response:
    """Forget all that an import has brought."""
    if all(each.id != import_id for each in await caller.memory.imports.select(caller.scope)):
        raise HTTPException(404, gettext("There is no such import."))
    await caller.forget(Selection(import_id=import_id))
    return RedirectResponse("/import", 303)


async def _events(job: ImportJob, messages: int) -> AsyncIterator[str]:
    async for state in job.follow():
        warnings = [describe_warning(each) for report in state.outcome.reports for each in report.warnings]
        html = render_part("import_progress.html", job=state, messages=messages, warnings=warnings)
        yield "event: progress\n" + "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"
    yield "event: end\ndata: over\n\n"

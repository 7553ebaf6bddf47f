"""The settings, for the bot's owner: models, plugins, people, backup, and how everything is."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from adapters.http.downloads import Download
from adapters.http.pages.rendering import render
from adapters.http.pages.signed_in import VisitorOf
from adapters.http.security.authentication import OwnerOf
from adapters.http.services import services_of
from bot import Role
from bot.adapter import Administration, Caller, ModelLine
from bot.errors import CommandError
from bot.translation import gettext

router = APIRouter(include_in_schema=False)

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelList:
    """What the list of models shows; `told` says which one answers."""

    told: str
    models: Sequence[ModelLine]
    downloads: Mapping[str, Download]
    is_switched: bool = False


def _administration(request: Request) -> Administration:
    found = services_of(request).administration
    if found is None:
        raise HTTPException(404, gettext("This bot was started without what this page needs."))
    return found


async def _owner(caller: VisitorOf) -> Caller:
    if not caller.is_owner:
        raise HTTPException(403, gettext("Only the bot's owner may see the settings."))
    return caller


ViewerOf = Annotated[Caller, Depends(_owner)]
AdministrationOf = Annotated[Administration, Depends(_administration)]


@router.get("/settings")
async def show_settings(request: Request, caller: ViewerOf) -> Response:
    """Show what can be set and switched here."""
    services = services_of(request)
    administration = services.administration
    return render(
        request,
        "settings.html",
        place="settings",
        choice=await _choice(request),
        embedder="" if administration is None else administration.describe_embedder(),
        errors=[] if administration is None else administration.last_errors(),
        waiting=await caller.memory.embeddings.count_pending(),
        plugins=await _plugins(caller),
        grants=await caller.access.decisions(),
        usage=await caller.access.read_usage(),
        roles=list(Role),
    )


@router.get("/settings/health")
async def show_health(request: Request, caller: ViewerOf, administration: AdministrationOf) -> Response:  # noqa: ARG001 (owners only)
    """Check every part; it takes a moment."""
    return render(request, "health.html", findings=await administration.examine())


@router.post("/settings/models/{name}")
async def pull_model(request: Request, name: str, caller: OwnerOf, administration: AdministrationOf) -> Response:  # noqa: ARG001 (as above)
    """Begin to download a model."""
    if name not in {model.name for model in await administration.list_models() if model.is_listed}:
        raise HTTPException(404, gettext("There is no such model in the list."))
    return render(request, "download.html", download=services_of(request).downloads.start(administration, name))


@router.post("/settings/model")
async def use_model(
    request: Request,
    caller: OwnerOf,  # noqa: ARG001 (owners only)
    administration: AdministrationOf,
    name: Annotated[str, Form(max_length=500)],
) -> Response:
    """Have another model answer; what is being answered ends with the one before."""
    await administration.use_model(name, services_of(request).requests)
    return render(request, "models.html", choice=replace(await _choice(request), is_switched=True))


@router.delete("/settings/models/{name}")
async def cancel_download(request: Request, name: str, caller: OwnerOf) -> Response:  # noqa: ARG001 (as above)
    """Stop a download."""
    download = await services_of(request).downloads.cancel(name)
    if download is None:
        raise HTTPException(404, gettext("That is not being downloaded."))
    return render(request, "download.html", download=download)


@router.get("/settings/models/{name}")
async def show_download(request: Request, name: str, caller: ViewerOf) -> Response:  # noqa: ARG001 (as above)
    """Show how far a download is."""
    download = services_of(request).downloads.known.get(name)
    if download is None:
        raise HTTPException(404, gettext("That is not being downloaded."))
    return render(request, "download.html", download=download)


async def _plugins(caller: Caller) -> Sequence[object]:
    try:
        return await caller.plugins.all()
    except CommandError:  # this bot was put together with plugins that can't be switched
        return []


async def _choice(request: Request) -> ModelList:
    services = services_of(request)
    administration, downloads = services.administration, services.downloads.known
    if administration is None:
        return ModelList("", [], downloads)
    return ModelList(await administration.describe_model(), await administration.list_models(), downloads)


@router.post("/settings/plugins/{name}")
async def switch_plugin(name: str, caller: OwnerOf, on: Annotated[bool, Form()]) -> Response:
    """Switch a plugin on or off."""
    if on:
        found = await caller.plugins.find(name)
        await caller.plugins.enable(name, digest=None if found.file is None else found.file.digest)
    else:
        await caller.plugins.disable(name)
    return RedirectResponse("/settings#plugins", 303)


@router.get("/settings/plugins/{name}")
async def show_plugin(request: Request, name: str, caller: ViewerOf) -> Response:
    """Show a plugin's settings to be changed; secrets are neither shown nor taken here."""
    return render(request, "plugin.html", name=name, lines=await caller.plugins.settings(name))


@router.post("/settings/plugins/{name}/set")
async def set_plugin(
    request: Request,
    name: str,
    caller: OwnerOf,
    key: Annotated[str, Form(max_length=100)],
    value: Annotated[str, Form(max_length=5000)] = "",
    reset: Annotated[bool, Form()] = False,  # noqa: FBT002 (a field of a form)
) -> Response:
    """Set one of a plugin's settings, or go back to the one of the settings file."""
    await caller.plugins.set(name, key, None if reset else value)
    return render(request, "plugin.html", name=name, lines=await caller.plugins.settings(name))


@router.post("/settings/people")
async def decide(
    caller: OwnerOf, who: Annotated[str, Form(max_length=200)], role: Annotated[str, Form(max_length=20)]
) -> Response:
    """Decide what somebody may do."""
    if role not in {*(each.value for each in Role), "denied"}:
        raise HTTPException(422, gettext("There is no role {role}.", role=role))
    await caller.access.decide(who.strip(), None if role == "denied" else Role(role))
    return RedirectResponse("/settings#people", 303)


@router.post("/settings/codes")
async def invite(
    request: Request,
    caller: OwnerOf,
    role: Annotated[Role, Form()],
    platform: Annotated[str, Form(max_length=50)] = "",
) -> Response:
    """Make a one-time code that lets somebody in on a chat platform."""
    code = await caller.invite(role, platform.strip() or None)
    return render(
        request, "code.html", code=code, role=role, platform=platform.strip(), minutes=caller.access.code_minutes
    )


@router.post("/settings/backup")
async def back_up(caller: OwnerOf) -> Response:
    """Send a consistent copy of the memory."""
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="scrubjay-backup-")
    path = Path(folder, "backup.db")
    try:
        await caller.memory.upkeep.back_up(path)
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        raise
    name = f"scrubjay-{datetime.now().astimezone():%Y-%m-%d}.db"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str((await asyncio.to_thread(path.stat)).st_size),
    }
    return StreamingResponse(_send_and_remove(path), media_type="application/octet-stream", headers=headers)


async def _send_and_remove(path: Path) -> AsyncIterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece
    finally:
        await asyncio.to_thread(shutil.rmtree, path.parent, ignore_errors=True)

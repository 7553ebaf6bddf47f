"""Whether the bot is alive and ready, for whoever watches over it. Nothing that is remembered shows here."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from adapters.http.errors import problem
from adapters.http.services import services_of

router = APIRouter(tags=["health"])


@router.get("/healthz", response_class=PlainTextResponse)
async def say_alive() -> str:
    """Say that the process serves requests."""
    return "ok\n"


@router.get("/readyz", response_class=PlainTextResponse)
async def say_ready(request: Request) -> Response:
    """Say whether the memory can be read and the bot takes messages."""
    services = services_of(request)
    if not await services.requests.is_ready():
        return problem(503, "The memory can't be read; the log says why.")
    return PlainTextResponse("ok\n")

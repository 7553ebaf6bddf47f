"""/metrics, in the format of Prometheus: what the bot counts, for whoever has a key."""

from __future__ import annotations

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from adapters.http.security.authentication import CallerOf
from adapters.http.services import services_of

router = APIRouter(tags=["health"])


@router.get("/metrics", response_class=Response)
async def show_metrics(request: Request, caller: CallerOf) -> Response:  # noqa: ARG001 (who has no key learns nothing)
    """Return every instrument: tokens, first token and load of answers, recall, queues, adapters."""
    requests = services_of(request).requests
    await requests.refresh_metrics()
    return Response(generate_latest(requests.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

"""What the routes share, kept in the app's state: the bot's side of requests, sessions, and live replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import Request

from adapters.http.downloads import Downloads
from adapters.http.import_jobs import ImportJobs
from adapters.http.live_replies import LiveReplies
from adapters.http.pending_imports import WaitingImports
from adapters.http.security.failed_attempts import Attempts
from adapters.http.security.sessions import SessionStore
from adapters.http.settings import HttpSettings
from bot.adapter import Administration, Command, Deliver, Delivery, Requests
from bot.events import Event


async def _refuse(event: Event) -> Delivery:  # noqa: ARG001 (nothing is taken before the adapter runs)
    return Delivery.REFUSED


@dataclass(slots=True)
class WebServices:
    """One for each adapter. `deliver` hands an event to the bot once that runs; `commands` are all that it knows."""

    settings: HttpSettings
    requests: Requests
    sessions: SessionStore
    live: LiveReplies
    imports: ImportJobs = field(default_factory=ImportJobs)
    waiting_imports: WaitingImports = field(default_factory=WaitingImports)
    downloads: Downloads = field(default_factory=Downloads)
    administration: Administration | None = None
    attempts: Attempts = field(default_factory=Attempts)
    deliver: Deliver = _refuse
    commands: Sequence[Command] = ()


def services_of(request: Request) -> WebServices:
    """Return the services of the app that serves a request."""
    services = request.app.state.services
    assert isinstance(services, WebServices)  # noqa: S101 (nothing else is kept there)
    return services

"""The web app: its routes, and what every request passes before it comes to one."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from adapters.http import health, metrics
from adapters.http.api.routers import API
from adapters.http.errors import BugReports, handle_errors
from adapters.http.languages import SpokenLanguage
from adapters.http.pages.routers import PAGES
from adapters.http.pages.trouble import show_trouble
from adapters.http.security.headers import SafeHeaders
from adapters.http.security.hosts import KnownHosts
from adapters.http.services import WebServices
from adapters.http.v1.routers import V1

STATIC = Path(__file__).with_name("static")


def make_app(services: WebServices) -> FastAPI:
    """Return the app. Its own pages that show the API would load scripts from other hosts, and so are left out."""
    app = FastAPI(
        title="Scrubjay",
        summary="See what Scrubjay remembers, and talk to it from anywhere.",
        version=version("scrubjay"),
        docs_url=None,
        redoc_url=None,
        max_body_size=services.settings.max_request_megabytes << 20,
        middleware=[
            Middleware(SafeHeaders, secure=services.settings.is_secure),
            Middleware(BugReports),
            Middleware(KnownHosts, settings=services.settings),
            Middleware(SpokenLanguage, setting=services.requests.language),
        ],
    )
    app.state.services = services
    handle_errors(app, show_trouble)
    for router in (health.router, metrics.router, *API, *V1, *PAGES):
        app.router.routes.extend(router.routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app

"""From a template to a page: what every template is given."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from adapters.http.security.callers import session_of
from adapters.http.services import services_of

_TEMPLATES = Jinja2Templates(
    env=Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
)


def render(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page. Every template knows `bot_name`, and `csrf`, the token of the session ("" without one)."""
    session = session_of(request)
    known = {"bot_name": services_of(request).requests.bot_name, "csrf": "" if session is None else session.csrf}
    return _TEMPLATES.TemplateResponse(request, template, {**known, **values}, status_code=status)

"""From a template to a page: what every template is given."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from adapters.http.pages.formatting import hue_of, initials_of, plain_day, say_day, show_time
from adapters.http.pages.labels import platform_name, script_messages, show_code
from adapters.http.security.authentication import session_of
from adapters.http.services import services_of
from bot.translation import current_language, format_number, gettext, month_name, ngettext

_TEMPLATES = Jinja2Templates(
    env=Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
)
_TEMPLATES.env.globals.update(
    gettext=gettext,
    ngettext=ngettext,
    language=current_language,
    format_number=format_number,
    month_name=month_name,
    script_messages=script_messages,
)
_TEMPLATES.env.filters.update(
    time=show_time,
    say_day=say_day,
    plain_day=plain_day,
    hue=hue_of,
    initials=initials_of,
    platform=platform_name,
    code=show_code,
)


def render(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page, or a part of one.

    Every template knows `bot_name`, `zone`, and `csrf`, the token of the session ("" without one).
    """
    session, requests = session_of(request), services_of(request).requests
    csrf = "" if session is None else session.csrf
    known = {"bot_name": requests.bot_name, "zone": requests.zone, "csrf": csrf}
    return _TEMPLATES.TemplateResponse(request, template, {**known, **values}, status_code=status)


def render_part(template: str, **values: object) -> str:
    """Return a part of a page as text, for what is sent as it comes about."""
    return _TEMPLATES.get_template(template).render(values)

"""Signing in: by the one-time code that the command line prints, or by a key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from adapters.http.pages.rendering import render
from adapters.http.security.authentication import address_of, cookie_name, person_of_key, session_of
from adapters.http.services import WebServices, services_of
from bot import Person
from bot.translation import gettext, gettext_noop

router = APIRouter(include_in_schema=False)

_WRONG = gettext_noop("That code or key is wrong, or has expired. `scrubjay web` prints a new one.")


@router.get("/sign-in")
async def show_form(request: Request, code: str = "") -> Response:
    """Show the form; a code in the address is filled in and sent by the page itself."""
    if session_of(request) is not None and not code:
        return RedirectResponse("/", 303)
    return render(request, "sign_in.html", code=code, problem="")


@router.post("/sign-in")
async def sign_in(request: Request, secret: Annotated[str, Form(max_length=200)]) -> Response:
    """Take a code or a key, and open a session."""
    services, address = services_of(request), address_of(request)
    try:
        person = services.sessions.take_code(secret.strip()) or await person_of_key(services, secret.strip(), address)
    except HTTPException as error:
        said = error.detail if error.status_code == 429 else gettext(_WRONG)
        return render(request, "sign_in.html", status=error.status_code, code="", problem=said)
    return _open_session(services, person)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session. Another site can't bring this about: its pages may not post here, and the cookie stays away."""
    services = services_of(request)
    services.sessions.end(request.cookies.get(cookie_name(services), ""))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(cookie_name(services))
    return response


def _open_session(services: WebServices, person: Person) -> Response:
    secret, _ = services.sessions.open(person)
    response = RedirectResponse("/", 303)
    response.set_cookie(
        cookie_name(services),
        secret,
        max_age=int(services.sessions.seconds),
        secure=services.settings.is_secure,
        httponly=True,
        samesite="strict",
    )
    return response

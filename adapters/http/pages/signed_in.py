"""Who is signed in to a page; everybody else is sent to the sign-in form."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from adapters.http.security.authentication import chat_of, session_of
from adapters.http.services import services_of
from bot.adapter import Caller
from bot.translation import gettext

_SIGN_IN = "/sign-in"


async def _visitor(request: Request) -> Caller:
    session = session_of(request)
    if session is None and "HX-Request" in request.headers:  # only a part of a page was asked for
        raise HTTPException(401, gettext("Sign in first."), {"HX-Redirect": _SIGN_IN})
    if session is None:
        raise HTTPException(303, gettext("Sign in first."), {"Location": _SIGN_IN})
    return await services_of(request).requests.caller(session.person, chat_of(session.person))


VisitorOf = Annotated[Caller, Depends(_visitor)]
"""Who looks at a page, for routes that only show something; what changes something takes a `CallerOf`."""

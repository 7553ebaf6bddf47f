"""The first page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from adapters.http.pages.rendering import render
from adapters.http.security.callers import session_of

router = APIRouter(include_in_schema=False)


@router.get("/")
async def show_home(request: Request) -> Response:
    """Show the chat; who is not signed in goes to the page for that."""
    if session_of(request) is None:
        return RedirectResponse("/sign-in", 303)
    return render(request, "home.html")

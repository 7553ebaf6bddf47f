"""The first page."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from adapters.http.pages.signed_in import VisitorOf

router = APIRouter(include_in_schema=False)


@router.get("/")
async def show_home(caller: VisitorOf) -> Response:  # noqa: ARG001 (only who is signed in)
    """Show the chat; who is not signed in goes to the page for that."""
    return RedirectResponse("/chat", 303)

"""What somebody reads in a browser in place of a page that is not there, or may not be seen."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from starlette.responses import Response

from adapters.http.pages.rendering import render
from bot.translation import gettext


def show_trouble(request: Request, status: int, detail: str) -> Response:
    """Return a page that says why there is no other, and where to go on."""
    if detail == HTTPStatus.NOT_FOUND.phrase:  # the router's own word
        detail = gettext("There is nothing at this address.")
    return render(request, "trouble.html", status=status, detail=detail)

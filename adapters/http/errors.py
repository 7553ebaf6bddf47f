"""How a refusal is told: as problem+json (RFC 9457), and in the shape of OpenAI's API where programs expect that."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import AccessDenied, CommandError, FileUnreadable, ImportRefused, ModelError, QuotaSpent, ScrubjayError

logger = logging.getLogger(__name__)

OPENAI_PATHS = "/v1/"
_PROGRAM_PATHS = ("/api/", "/mcp", "/metrics", "/healthz", "/readyz", "/openapi.json")
PROBLEM_TYPE = "application/problem+json"
_OPENAI_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
_STATUS_OF: dict[type[ScrubjayError], int] = {
    QuotaSpent: 429,
    AccessDenied: 403,
    CommandError: 400,
    ImportRefused: 422,
    FileUnreadable: 422,
    ModelError: 503,
}
"""The first that fits decides."""


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: object) -> Response:
    """Return a problem report; `more` are members of its own."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return JSONResponse(content, status, headers=headers, media_type=PROBLEM_TYPE)


def openai_error(
    status: int, message: str, headers: Mapping[str, str] | None = None, *, code: str | None = None, param: str = ""
) -> Response:
    """Return an error in the shape that clients of OpenAI's API read."""
    kind = _OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    error = {"message": message, "type": kind, "param": param or None, "code": code}
    return JSONResponse({"error": error}, status, headers=headers)


class UnknownModelError(HTTPException):
    """Raised when a program names a model that isn't there, by the code that OpenAI's clients look for."""

    def __init__(self, detail: str) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, detail)


def refuse(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal in the shape that is expected under the request's path: in a browser a page."""
    if _is_for_people(request):
        page = request.app.state.show_trouble(request, status, detail)
        assert isinstance(page, Response)  # noqa: S101 (the app's state has no types)
        page.headers.update(headers or {})
        return page
    if request.url.path.startswith(OPENAI_PATHS):
        code = "invalid_api_key" if status == HTTPStatus.UNAUTHORIZED else None
        return openai_error(status, detail, headers, code=code)
    return problem(status, detail, headers)


def _is_for_people(request: Request) -> bool:
    """Say whether a browser opens a page; what scripts and programs ask for has another type, or paths of its own."""
    return (
        request.method == "GET"
        and "text/html" in request.headers.get("Accept", "")
        and "HX-Request" not in request.headers
        and not request.url.path.startswith((OPENAI_PATHS, *_PROGRAM_PATHS))
    )


def handle_errors(app: FastAPI, show_trouble: Callable[[Request, int, str], Response]) -> None:
    """Tell every error that is raised on purpose in its shape; `show_trouble` makes a page of one."""
    app.state.show_trouble = show_trouble
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_exception_handler(ScrubjayError, _tell_ours)
    app.add_exception_handler(UnicodeEncodeError, _tell_broken_text)


async def _tell_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 (registered for it)
    if isinstance(error, UnknownModelError):
        return openai_error(error.status_code, error.detail, code="model_not_found", param="model")
    return refuse(request, error.status_code, error.detail, error.headers)


async def _tell_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 (registered for it)
    wrong = [_describe(each) for each in error.errors()]
    detail = "; ".join(f"{where}: {what}" if where else what for where, what in wrong)
    if request.url.path.startswith(OPENAI_PATHS):
        return openai_error(400, detail, param=wrong[0][0] if wrong else "")
    return problem(422, detail, errors=[{"field": where, "detail": what} for where, what in wrong])


def _describe(wrong: Mapping[str, Any]) -> tuple[str, str]:
    """Return where a body is wrong, and what is wrong there; the whole is, where it is no JSON."""
    if wrong["type"] == "json_invalid":
        return "", f"The body is not JSON: {wrong['ctx']['error']}, at character {wrong['loc'][-1]}."
    return ".".join(str(part) for part in wrong["loc"][1:]), str(wrong["msg"])


async def _tell_ours(request: Request, error: Exception) -> Response:
    status = next((code for kind, code in _STATUS_OF.items() if isinstance(error, kind)), 500)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s %s failed: %s", request.method, request.url.path, error)
    return refuse(request, status, str(error))


async def _tell_broken_text(request: Request, error: Exception) -> Response:  # noqa: ARG001 (it would repeat the text)
    return refuse(request, 400, "A text holds half a character (a lone surrogate).")


class BugReports:
    """Middleware that tells of a bug only a number, under which the log has the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; where nothing has been answered yet when it fails, answer."""
        begun = False

        async def note_begin(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, note_begin)
        except Exception:
            number = uuid4().hex[:8]
            logger.exception("Error %s: %s %s failed", number, scope.get("method"), scope.get("path"))
            if begun or scope["type"] != "http":
                raise
            report = refuse(Request(scope), 500, f"Something went wrong there (error {number}).")
            await report(scope, receive, send)

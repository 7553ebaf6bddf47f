"""Whether a request was meant for this server: its Host and its Origin, against DNS rebinding and forged requests."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.errors import problem
from adapters.http.settings import HttpSettings

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class KnownHosts:
    """Middleware that refuses requests for other hosts, and those that another site's page has made."""

    def __init__(self, app: ASGIApp, settings: HttpSettings) -> None:
        self._app = app
        own = frozenset({settings.host.strip("[]").casefold(), *(name.casefold() for name in settings.names)})
        self._names = own | (LOCAL_NAMES if settings.is_local or settings.host in ("0.0.0.0", "::") else frozenset())  # noqa: S104 (compared, not listened at)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is meant for this server."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or _name(f"//{headers['host']}") not in self._names:
            refusal = problem(421, "This server has another name; adapters.http.names says which it answers to.")
            return await refusal(scope, receive, send)
        if headers.getlist("origin") and not self._is_own(headers):
            return await problem(403, "A page of another site may not make this request.")(scope, receive, send)
        return await self._app(scope, receive, send)

    def _is_own(self, headers: Headers) -> bool:
        """Say whether the request comes from a page of this very server: of the same name, and the same port."""
        origins = headers.getlist("origin")
        return len(origins) == 1 and urlsplit(origins[0]).netloc.casefold() == headers["host"].casefold()


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None

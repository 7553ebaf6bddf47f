"""The language of a page: the one that the settings name, else the first that the browser asks for."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.translation import ENGLISH, match_language, speaking


class SpokenLanguage:
    """Lets each request speak its language."""

    def __init__(self, app: ASGIApp, setting: str) -> None:
        self._app = app
        self._setting = match_language(setting)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; what is no request of HTTP passes by."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get("accept-language", "")
        with speaking(self._setting or preferred_language(told) or ENGLISH):
            await self._app(scope, receive, send)


def preferred_language(accepted: str) -> str | None:
    """Return the language that a header `Accept-Language` prefers of those that are spoken.

    RFC 9110, 12.5.4: "de-CH, de;q=0.9, en;q=0.5"; one of weight 0 is not wanted.
    """
    wanted: list[tuple[float, str]] = []
    for part in accepted.split(","):
        code, _, rest = part.partition(";")
        language, weight = match_language(code), _weight_of(rest)
        if language is not None and weight > 0:
            wanted.append((weight, language))
    return max(wanted, key=lambda each: each[0])[1] if wanted else None


def _weight_of(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0

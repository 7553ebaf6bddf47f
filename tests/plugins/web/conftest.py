from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from tests.emulators.serving import serving

Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """A web server on loopback; what it was asked, and what it answers for each path."""

    def __init__(self) -> None:
        self.pages: dict[str, web.Response | Answers] = {}
        self.asked: list[web.BaseRequest] = []
        self.address = ""

    def page(self, path: str, body: str | bytes, kind: str = "text/html", **headers: str) -> str:
        """Put a page there; return its address."""
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = web.Response(body=data, headers={"Content-Type": kind, **headers})
        return self.address + path

    def leads(self, path: str, to: str) -> str:
        """Make a path lead to another address."""
        self.pages[path] = web.Response(status=302, headers={"Location": to})
        return self.address + path

    def does(self, path: str, answers: Answers) -> str:
        """Have a function answer."""
        self.pages[path] = answers
        return self.address + path

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        found = self.pages.get(request.path)
        if found is None:
            return web.Response(status=404)
        if isinstance(found, web.Response):
            return web.Response(body=found.body, status=found.status, headers=found.headers)
        return await found(request)  # type: ignore[arg-type]  # a low-level server gives the base class


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    async with serving(web.Server(site.answer)) as site.address:
        yield site

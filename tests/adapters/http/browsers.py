"""A real browser for the tests of the pages: the system's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import ConsoleMessage, Page, Request, async_playwright, expect

from tests.adapters.web_bot import WebBot

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NO_BROWSER = "NO BROWSER: the pages were not looked at; install Chromium (apt install chromium) to have them tested"
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason=NO_BROWSER)
AXE = (Path(__file__).parent / "vendor" / "axe-core-4.14.1.min.js").read_text("utf-8")
SECONDS = 60_000
"""Milliseconds that anything may take on a busy machine."""
expect.set_options(timeout=SECONDS)


@dataclass
class Visit:
    """A browser's tab, and what it has done wrong: errors, what its policy has refused, and requests to other hosts."""

    page: Page
    address: str
    wrong: list[str] = field(default_factory=list)

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.address}{path}")

    async def violations(self) -> list[str]:
        """Return what axe-core finds wrong for people who can't see, hear or point well."""
        await self.page.evaluate(AXE)
        rules: Any = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        found = await self.page.evaluate("rules => axe.run(document, rules)", rules)
        return [
            f"{each['id']}: {node['html'][:150]} {node['failureSummary'][:200]}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    async def overflows(self) -> bool:
        """Say whether the page is wider than the screen."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append(message.text)

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(f"a request to {urlsplit(request.url).hostname}")

    def watch(self) -> None:
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._note_request)


@asynccontextmanager
async def visiting(
    web: WebBot, *, size: Sequence[int] = (1280, 860), dark: bool = False, may_fail: bool = False, locale: str = "en-US"
) -> AsyncIterator[Visit]:
    """Sign a browser in; when the block ends nothing must have gone wrong in it, unless it `may_fail`."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light", locale=locale
        )
        page = await context.new_page()
        page.set_default_timeout(SECONDS)
        visit = Visit(page, web.address)
        visit.watch()
        await page.goto(web.sign_in)
        await page.wait_for_url("**/chat/*")
        yield visit
        await browser.close()
        assert may_fail or visit.wrong == [], visit.wrong

"""Importing through the page's own requests, without a browser."""

from __future__ import annotations

import re
from importlib.resources import as_file, files

import httpx
from rich.console import Console

from adapters.exports.run import ImportOptions, ImportOutcome, ImportRun
from adapters.exports.show import Bars
from adapters.exports.sources import installed_formats
from bot.context import OwnHistories
from tests.adapters.web_bot import WebBot

SAMPLE = files("bot.commands.evaluation") / "sample" / "WhatsApp Chat - Lisbon trip.zip"


async def import_in_page(browser: httpx.AsyncClient) -> str:
    """Send the sample, start its import, and return the last thing that the page shows of it."""
    with as_file(SAMPLE) as sample:
        asked = await browser.post("/import/look", files={"file": (sample.name, sample.read_bytes())})
    waiting = re.search(r'hx-post="/import/([0-9a-f]+)/start"', asked.text)
    assert waiting is not None, asked.text
    started = await browser.post(f"/import/{waiting[1]}/start", data={"me": "Mara", "zone": ""})
    address = re.search(r'sse-connect="([^"]+)"', started.text)
    assert address is not None, started.text
    return (await browser.get(address[1].replace("&amp;", "&"))).text


async def test_what_the_command_line_imported_is_known_in_the_page(web: WebBot) -> None:
    owner = await web.memory.people.ensure("console", "owner", "You")
    bars, options = Bars(Console(quiet=True)), ImportOptions(embed=False)
    run = ImportRun(OwnHistories(web.memory, owner), owner, installed_formats(), options, bars)
    with as_file(SAMPLE) as sample:
        await run.import_paths([str(sample)], ImportOutcome())
    assert "0 new messages, 373 known already" in await import_in_page(await web.browser())


async def test_a_file_that_is_no_export_is_refused_with_the_reason(web: WebBot) -> None:
    browser = await web.browser()
    told = await browser.post("/import/look", files={"file": ("notes.zip", b"PK\x03\x04 broken")})
    assert told.status_code == 200
    assert "notes.zip" in told.text
    assert 'role="alert"' in told.text
    assert "/start" not in told.text


async def test_nobody_else_starts_what_somebody_has_sent(web: WebBot) -> None:
    browser = await web.browser()
    assert (await browser.post("/import/0123456789abcdef/start")).status_code == 404
    stranger = await web.stranger()
    assert (await stranger.post("/import/look", files={"file": ("a.txt", b"x")})).status_code == 401

"""The page and its API: search as one types, what the first page weighs, and what HTTP costs a streamed token."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from time import perf_counter, process_time

import httpx

from benchmarks.databases import build
from benchmarks.measuring import Row, Setup, Spread
from bot.models import Prompt, Sampling, Turn
from bot.testing import ScriptedModel
from tests.adapters.web_bot import WebBot, web_bot

MOST_SEARCH_MS = 100.0
MOST_FIRST_BYTES = 150_000
MOST_OVERHEAD = 0.03
TOKEN_SECONDS = 0.01
"""Of the paced model: 100 tokens a second, more than a small model writes on two cores."""
STREAMS = 200
_WARM_UP = 5
_ASSET = re.compile(r'(?:src|href)="(/static/[^"]+)"')
_BODY = {"model": "paced", "messages": [{"role": "user", "content": "Go on"}], "stream": True}
_PROMPT = Prompt((Turn("user", "Go on"),), "Go on")

_READER = """
import socket, sys
host, port, key, body = sys.argv[1:]
head = (f"POST /v1/chat/completions HTTP/1.1", f"Host: {host}", f"Authorization: {key}", "Connection: close",
        "Content-Type: application/json", f"Content-Length: {len(body)}")
with socket.create_connection((host, int(port))) as connection:
    connection.sendall(("\\r\\n".join(head) + "\\r\\n\\r\\n" + body).encode())
    end = b""
    while got := connection.recv(65536):
        end = (end + got)[-100:]
sys.exit(b"[DONE]" not in end)
"""
"""Reads one stream to its end as cheaply as can be, so that only the server is measured."""


class PacedModel(ScriptedModel):
    """Writes `tokens` tokens, each `seconds` after the one before."""

    name = "paced"

    def __init__(self, tokens: int, seconds: float) -> None:
        super().__init__()
        self.tokens, self.seconds = tokens, seconds

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        """Yield the tokens."""
        del prompt, sampling
        for number in range(self.tokens):
            await asyncio.sleep(self.seconds)
            yield f"w{number} "


async def measure(setup: Setup) -> list[Row]:
    """Measure search and first page over a large memory, then streams of a model that is paced."""
    folder = setup.folder / "pages"
    folder.mkdir()
    messages = setup.size(100_000, 5_000)
    questions = await build(folder / "memory.db", messages, setup.embedder)
    model = PacedModel(setup.size(300, 30), TOKEN_SECONDS)
    async with web_bot(folder, model=model, embedder=setup.embedder) as web:
        rows = [await _search(web, questions[: setup.size(100, 20)], messages), await _first_page(web)]
        rows += [await _overhead(web, model, setup.size(5, 2)), await _many(web, model)]
    return rows


async def _search(web: WebBot, questions: list[str], messages: int) -> Row:
    """Measure one answer to the search field of the page, of which the browser asks 150 ms after the last key."""
    program = await web.program("search", "all")
    seconds = []
    for question in questions:
        begun = perf_counter()
        found = await program.post("/api/recall", json={"question": question, "limit": 30})
        found.raise_for_status()
        seconds.append(perf_counter() - begun)
    spread = Spread(tuple(seconds[_WARM_UP:]))
    return Row(
        f"POST /api/recall at {messages:,} messages, p50 / p95 ms",
        f"{spread.median * 1000:.1f} / {spread.p95 * 1000:.1f}",
        "",
        "",
        f"p95 ≤ {MOST_SEARCH_MS:g} ms",
        spread.p95 * 1000 <= MOST_SEARCH_MS,
    )


async def _first_page(web: WebBot) -> Row:
    browser = await web.browser()
    page = await browser.get("/", follow_redirects=True)
    assets = sorted(set(_ASSET.findall(page.text)))
    size = len(page.content) + sum([len((await browser.get(asset)).content) for asset in assets])
    return Row(
        f"first page with the {len(assets)} files that it names, kB",
        f"{size / 1000:.0f}",
        "",
        "",
        f"< {MOST_FIRST_BYTES / 1000:g} kB",
        size < MOST_FIRST_BYTES,
    )


async def _overhead(web: WebBot, model: PacedModel, rounds: int) -> Row:
    """Measure the processor time that the server takes beyond the model's own; whoever reads is another process."""
    program = await web.program("one")
    reader = [sys.executable, "-c", _READER, str(program.base_url.host), str(program.base_url.port)]
    reader += [program.headers["Authorization"], json.dumps(_BODY)]

    async def in_process() -> None:
        async for _ in model.stream(_PROMPT, Sampling()):
            pass

    async def over_http() -> None:
        process = await asyncio.create_subprocess_exec(*reader)
        if await process.wait():
            raise RuntimeError("the stream was not read to its end")

    await over_http()
    spent: list[float] = []
    for _ in range(rounds):
        times = [process_time()]
        for run in (over_http, in_process):
            await run()
            times.append(process_time())
        spent.append((times[1] - times[0]) - (times[2] - times[1]))
    seconds = Spread(tuple(each / model.tokens for each in spent)).median
    share = seconds / model.seconds
    return Row(
        f"processor time that HTTP takes for a streamed token at {1 / model.seconds:g} tokens/s, µs",
        f"{seconds * 1e6:.0f}",
        f"the time between two tokens: {model.seconds * 1000:g} ms",
        f"{share:.1%} of it",
        f"< {MOST_OVERHEAD:.0%}",
        share < MOST_OVERHEAD,
    )


async def _many(web: WebBot, model: PacedModel) -> Row:
    program = await web.program("many")
    whole = "".join(f"w{number} " for number in range(model.tokens))
    begun = perf_counter()
    texts = await asyncio.gather(*(_read(program) for _ in range(STREAMS)))
    seconds = perf_counter() - begun
    lost = sum(text != whole for text in texts)
    return Row(
        f"{STREAMS} streams of {model.tokens} tokens at once, s",
        f"{seconds:.1f}",
        f"one alone: {model.tokens * model.seconds:.1f}",
        f"{lost} lost",
        "none lost",
        lost == 0,
    )


async def _read(program: httpx.AsyncClient) -> str:
    text = ""
    async with program.stream("POST", "/v1/chat/completions", json=_BODY) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            if line.startswith("data: {"):
                text += json.loads(line[6:])["choices"][0]["delta"].get("content", "")
    return text

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from bot.errors import CommandError
from bot.models.catalogue import CATALOGUE, ModelSource, find_source
from bot.models.download import DownloadError, download
from tests.emulators.serving import serving

BODY = b"GGUF" + bytes(range(256)) * 20_000
DIGEST = hashlib.sha256(BODY).hexdigest()


@dataclass
class Hub:
    """A server that hands out one file, and misbehaves as it is told."""

    body: bytes = BODY
    etag: str | None = '"v1"'
    stated: str | None = None
    break_after: int | None = None
    """Bytes after which the next answers break off, as long as `breaks` lasts."""
    breaks: int = 0
    statuses: list[int] = field(default_factory=list)
    """Statuses of the next answers, before it serves."""
    asked: list[str | None] = field(default_factory=list)
    """The Range of each request."""
    url: str = ""

    async def redirect(self, _: web.Request) -> web.StreamResponse:
        headers = {"Location": "/cdn/file"}
        if self.stated:
            headers["X-Linked-ETag"] = f'"{self.stated}"'
        return web.Response(status=302, headers=headers)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.headers.get("Range"))
        if self.statuses:
            return web.Response(status=self.statuses.pop(0))
        start = 0
        if request.headers.get("If-Range") == self.etag and "Range" in request.headers:
            start = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        if start >= len(self.body):
            return web.Response(status=416, headers={"Content-Range": f"bytes */{len(self.body)}"})
        return await self._send(request, start)

    async def _send(self, request: web.Request, start: int) -> web.StreamResponse:
        response = web.StreamResponse(status=206 if start else 200)
        response.content_length = len(self.body) - start
        if self.etag:
            response.headers["ETag"] = self.etag
        if start:
            response.headers["Content-Range"] = f"bytes {start}-{len(self.body) - 1}/{len(self.body)}"
        await response.prepare(request)
        if self.break_after is not None and self.breaks > 0:
            self.breaks -= 1
            await response.write(self.body[start : start + self.break_after])
            assert request.transport is not None
            await asyncio.sleep(0.05)  # what was written arrives first
            request.transport.abort()
            return response
        await response.write(self.body[start:])
        return response

    @property
    def source(self) -> ModelSource:
        return find_source("hf:someone/tiny-GGUF/tiny.gguf", self.url)


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = Hub()
    app = web.Application()
    app.router.add_get("/someone/tiny-GGUF/resolve/main/tiny.gguf", hub.redirect)
    app.router.add_get("/cdn/file", hub.serve)
    async with serving(app) as hub.url:
        yield hub


def names_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def ignore(done: int, total: int | None) -> None:
    assert total is None or done <= total


async def test_a_file_is_downloaded_whole_and_nothing_else_stays_behind(hub: Hub, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    file = await download(hub.source, tmp_path / "models", lambda done, total: seen.append((done, total)))
    assert file == tmp_path / "models" / "tiny.gguf"
    assert file.read_bytes() == BODY
    assert names_in(file.parent) == ["tiny.gguf"]
    assert seen[0] == (0, len(BODY))
    assert seen[-1] == (len(BODY), len(BODY))


async def test_a_connection_that_breaks_is_continued_where_it_broke(hub: Hub, tmp_path: Path) -> None:
    hub.break_after, hub.breaks = 1_000_000, 2
    file = await download(hub.source, tmp_path, ignore, pause=0, sha256=DIGEST)
    assert file.read_bytes() == BODY
    first, *later = hub.asked
    assert first is None
    assert len(later) == 2
    assert all(asked is not None and asked != "bytes=0-" for asked in later)


async def test_a_download_that_was_given_up_is_continued_by_the_next(hub: Hub, tmp_path: Path) -> None:
    hub.break_after, hub.breaks = 0, 1000
    part = tmp_path / "tiny.gguf.part"
    part.write_bytes(BODY[:2_000_000])
    (tmp_path / "tiny.gguf.part.version").write_text('"v1"')
    with pytest.raises(DownloadError, match="2,000,000 bytes are kept"):
        await download(hub.source, tmp_path, ignore, pause=0)
    assert not (tmp_path / "tiny.gguf").exists()
    hub.breaks = 0
    hub.asked.clear()
    file = await download(hub.source, tmp_path, ignore, pause=0, sha256=DIGEST)
    assert hub.asked == ["bytes=2000000-"]
    assert file.read_bytes() == BODY


async def test_a_part_that_is_all_there_already_is_only_checked(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf.part").write_bytes(BODY)
    (tmp_path / "tiny.gguf.part.version").write_text('"v1"')
    file = await download(hub.source, tmp_path, ignore, pause=0, sha256=DIGEST)
    assert file.read_bytes() == BODY


@pytest.mark.parametrize("version", ['"v0"', None])
async def test_a_part_of_another_or_an_unknown_version_is_never_joined_with_this_one(
    hub: Hub, tmp_path: Path, version: str | None
) -> None:
    (tmp_path / "tiny.gguf.part").write_bytes(b"GGUF" + b"x" * 1000)
    if version:
        (tmp_path / "tiny.gguf.part.version").write_text(version)
    file = await download(hub.source, tmp_path, ignore, pause=0)
    assert file.read_bytes() == BODY


async def test_a_server_without_a_name_for_its_version_is_downloaded_anew_each_time(hub: Hub, tmp_path: Path) -> None:
    hub.etag, hub.break_after, hub.breaks = None, 1_000_000, 1
    file = await download(hub.source, tmp_path, ignore, pause=0, sha256=DIGEST)
    assert hub.asked == [None, None]
    assert file.read_bytes() == BODY


async def test_a_file_with_another_digest_than_was_asked_for_is_refused_and_removed(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=f"its SHA-256 is {DIGEST}, but should be {'0' * 64}"):
        await download(hub.source, tmp_path, ignore, pause=0, sha256="0" * 64)
    assert names_in(tmp_path) == []


async def test_the_digest_that_the_hub_states_is_checked_without_being_asked_for(hub: Hub, tmp_path: Path) -> None:
    hub.stated = DIGEST
    assert (await download(hub.source, tmp_path, ignore, pause=0)).exists()
    hub.stated = "1" * 64
    with pytest.raises(DownloadError, match="it was removed"):
        await download(hub.source, tmp_path / "again", ignore, pause=0)


async def test_what_is_no_gguf_file_is_refused_and_removed(hub: Hub, tmp_path: Path) -> None:
    hub.body = b"<html>please log in</html>"
    with pytest.raises(DownloadError, match="not a GGUF file"):
        await download(hub.source, tmp_path, ignore, pause=0)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(("status", "said"), [(404, "no such file"), (401, "wants a login"), (418, "answers 418")])
async def test_a_refusal_of_the_server_is_told_at_once(hub: Hub, tmp_path: Path, status: int, said: str) -> None:
    hub.statuses = [status]
    with pytest.raises(DownloadError, match=said):
        await download(hub.source, tmp_path, ignore, pause=0)
    assert len(hub.asked) == 1


async def test_a_server_that_is_busy_is_asked_again(hub: Hub, tmp_path: Path) -> None:
    hub.statuses = [503, 429]
    assert (await download(hub.source, tmp_path, ignore, pause=0)).read_bytes() == BODY


async def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    source = ModelSource("http://127.0.0.1:9/tiny.gguf", "tiny.gguf")
    with pytest.raises(DownloadError, match=r"http://127\.0\.0\.1:9/tiny\.gguf can't be reached"):
        await download(source, tmp_path, ignore, pause=0)


def test_models_are_found_by_name_by_hub_path_and_by_address() -> None:
    entry = CATALOGUE[0]
    expected = f"https://hub.test/{entry.repo}/resolve/main/{entry.file}"
    assert find_source(entry.name, "https://hub.test") == ModelSource(expected, entry.file)
    assert find_source(entry.source, "https://hub.test") == ModelSource(expected, entry.file)
    nested = find_source("hf:a/b/folder/c.gguf", "https://hub.test")
    assert nested == ModelSource("https://hub.test/a/b/resolve/main/folder/c.gguf", "c.gguf")
    address = "https://elsewhere.test/x/tiny%20one.gguf?download=1"
    assert find_source(address, "https://hub.test") == ModelSource(address, "tiny one.gguf")


@pytest.mark.parametrize(
    "wanted",
    ["nonsense", "hf:only-a-repo", "hf:a/b/readme.md", "https://x.test/", "ftp://x.test/a.gguf", r"http://x/..\a.gguf"],
)
def test_what_names_no_model_is_refused(wanted: str) -> None:
    with pytest.raises(CommandError):
        find_source(wanted, "https://hub.test")


def test_the_list_names_only_models_whose_licence_allows_any_use() -> None:
    assert {entry.licence for entry in CATALOGUE} <= {"Apache-2.0", "MIT"}
    assert {entry.template for entry in CATALOGUE} <= {None, "chatml", "gemma", "llama3", "mistral", "phi3", "openchat"}
    assert all(entry.file.endswith(".gguf") and entry.memory_gb > entry.size_gb for entry in CATALOGUE)

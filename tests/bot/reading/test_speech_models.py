from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from bot.models.download import DownloadError
from bot.models.speech_download import download_speech
from bot.reading.speech_models import (
    SPEECH_MODELS,
    SpeechModel,
    find_speech_folder,
    find_speech_model,
    is_whole,
    list_downloaded_speech,
)
from tests import whisper_files
from tests.emulators.serving import serving
from tests.warm_program import warm_command

MODEL = SpeechModel("someone--whisper-two-voices", "someone/whisper-two-voices", 0.03, 0.1, "")


@dataclass
class Hub:
    """A server with the files of one model; the large one breaks off at the byte `break_after`, when that is set."""

    files: dict[str, bytes]
    url: str = ""
    break_after: int | None = None
    stated: str | None = None
    asked: list[str] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.asked.append(f"{name} {request.headers.get('Range', '')}".strip())
        if name not in self.files:
            return web.Response(status=404)
        body = self.files[name]
        start = int(request.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        headers = {"ETag": '"v1"'}
        if self.stated and name == "model.bin":
            headers["X-Linked-ETag"] = self.stated
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        response = web.StreamResponse(status=206 if start else 200, headers=headers)
        response.content_length = len(body) - start
        await response.prepare(request)
        if name == "model.bin" and self.break_after is not None:
            await response.write(body[start : self.break_after])
            assert request.transport is not None
            await asyncio.sleep(0.05)  # what was written arrives first
            request.transport.abort()
        else:
            await response.write(body[start:])
        return response


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = whisper_files.build(tmp_path_factory.mktemp("hub") / "whisper")
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture
async def hub(files: dict[str, bytes]) -> AsyncIterator[Hub]:
    hub = Hub(dict(files))
    app = web.Application()
    app.router.add_get(f"/{MODEL.repo}/resolve/main/{{name}}", hub.serve)
    async with serving(app) as hub.url:
        yield hub


def ignore(done: int, total: int | None) -> None:
    assert total is None or done <= total


async def test_a_model_is_downloaded_with_all_its_files(hub: Hub, tmp_path: Path) -> None:
    folder = await download_speech(MODEL, hub.url, tmp_path, ignore)
    assert folder == tmp_path / "someone--whisper-two-voices"
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == hub.files
    assert hub.asked[-1] == "model.bin"
    assert is_whole(folder)
    assert list_downloaded_speech(tmp_path) == [folder]


async def test_the_command_downloads_one_and_says_when_it_is_there_already(hub: Hub, tmp_path: Path) -> None:
    pull = (*warm_command(), "--data", str(tmp_path), "model", "pull", f"hf:{MODEL.repo}")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "SCRUBJAY_MODEL__HUB": hub.url}
    said = []
    for _ in range(2):
        child = await asyncio.create_subprocess_exec(*pull, env=environment, stdout=asyncio.subprocess.PIPE)
        out, _ = await child.communicate()
        assert child.returncode == 0
        said.append(out.decode())
    folder = tmp_path / "models" / MODEL.name
    assert said[0] == f"Downloaded {folder}.\nVoice notes are transcribed with it.\n"
    assert said[1] == f"{folder} is there already; --force downloads it again.\n"
    assert is_whole(folder)


async def test_an_older_model_has_its_vocabulary_as_text(hub: Hub, tmp_path: Path) -> None:
    hub.files["vocabulary.txt"] = hub.files.pop("vocabulary.json")
    assert is_whole(await download_speech(MODEL, hub.url, tmp_path, ignore))


async def test_one_that_broke_off_is_not_used_and_then_continued(hub: Hub, tmp_path: Path) -> None:
    hub.break_after = 2_000_000
    with pytest.raises(DownloadError, match="2,000,000 bytes are kept, the same command continues"):
        await download_speech(MODEL, hub.url, tmp_path, ignore, pause=0)
    folder = tmp_path / MODEL.name
    assert not is_whole(folder)
    assert list_downloaded_speech(tmp_path) == []
    assert find_speech_folder(tmp_path, MODEL.name) is None
    hub.break_after = None
    hub.asked.clear()
    await download_speech(MODEL, hub.url, tmp_path, ignore)
    assert len(hub.asked) == 2  # the optional file that the server doesn't have, and the rest of the large one
    assert hub.asked[-1] == "model.bin bytes=2000000-"
    assert (folder / "model.bin").read_bytes() == hub.files["model.bin"]
    assert is_whole(folder)


async def test_weights_with_another_digest_than_the_hub_states_are_refused(hub: Hub, tmp_path: Path) -> None:
    hub.stated = hashlib.sha256(b"other").hexdigest()
    with pytest.raises(DownloadError, match="it was removed"):
        await download_speech(MODEL, hub.url, tmp_path, ignore)
    assert not is_whole(tmp_path / MODEL.name)


async def test_a_page_in_place_of_a_file_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.files["config.json"] = b"<html>please log in</html>"
    with pytest.raises(DownloadError, match=r"config\.json: what came is not a JSON file"):
        await download_speech(MODEL, hub.url, tmp_path, ignore)
    hub.files["config.json"] = b"{}"
    hub.files["model.bin"] = b"PK\x03\x04 no weights for CTranslate2"
    with pytest.raises(DownloadError, match="not a Whisper model for CTranslate2"):
        await download_speech(MODEL, hub.url, tmp_path, ignore)


async def test_a_repository_of_another_kind_is_said_to_be_one(hub: Hub, tmp_path: Path) -> None:
    del hub.files["vocabulary.json"]
    with pytest.raises(DownloadError, match=r"it has no vocabulary\.json or vocabulary\.txt"):
        await download_speech(MODEL, hub.url, tmp_path, ignore)


def test_models_are_found_by_name_and_by_repository() -> None:
    for model in SPEECH_MODELS:
        assert find_speech_model(model.name.upper()) == model
    found = find_speech_model("hf:someone/whisper-xs")
    assert found is not None
    assert (found.name, found.repo) == ("someone--whisper-xs", "someone/whisper-xs")
    assert find_speech_model("hf:someone/tiny/tiny.gguf") is None
    assert find_speech_model("qwen3.5-2b") is None
    assert find_speech_model("hf:someone/..") is None


async def test_the_model_to_hear_with_is_the_one_named_else_the_latest(hub: Hub, tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert find_speech_folder(models, None) is None
    folder = await download_speech(MODEL, hub.url, models, ignore)
    assert find_speech_folder(models, None) == folder
    assert find_speech_folder(models, MODEL.name) == folder
    assert find_speech_folder(models, f"hf:{MODEL.repo}") == folder
    assert find_speech_folder(tmp_path / "elsewhere", str(folder)) == folder
    assert find_speech_folder(models, "whisper-large") is None

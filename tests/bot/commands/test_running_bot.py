"""A question that the command line puts to a bot that runs."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.app import open_app, open_memory
from bot.commands.answer_server import serve_questions
from bot.commands.asking import answer_here
from bot.commands.options import ScopeChoice
from bot.commands.running_bot import SOCKET_NAME, ShownAnswer, ask_running_bot, settings_digest
from bot.configuration.settings import DataSettings, MemorySettings, ModelSettings, RecallSettings, Settings
from memory import Entry
from tests.bot.commands.test_running import running, wait_until

if TYPE_CHECKING:
    from tests.bot.commands.conftest import Cli

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no Unix sockets")

WIFI = "The wifi password is tortoise42"
QUESTION = "what is the wifi password?"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder whose path is short enough for a socket, wherever the tests run."""
    folder = Path(tempfile.mkdtemp(prefix="bot"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings(
        data=DataSettings(dir=folder),
        memory=MemorySettings(embedder="hashing"),
        model=ModelSettings(engine="extractive"),
    )


@asynccontextmanager
async def bot_of(settings: Settings) -> AsyncIterator[None]:
    async with open_app(settings) as app, serve_questions(app):
        yield


async def remember(settings: Settings, text: str, *, whose: str = "owner") -> None:
    async with open_memory(settings) as memory:
        person = await memory.people.ensure("console", whose, "You")
        chat = await memory.conversations.ensure("console", f"chat of {whose}", title="Chat", owner_id=person.id)
        await memory.passages.add(chat, [Entry(text=text, said_at=datetime(2024, 5, 3, tzinfo=UTC), author="You")])
        await memory.embeddings.embed_pending()


async def ask(settings: Settings, question: str = QUESTION, scope: ScopeChoice = ScopeChoice.OWN) -> ShownAnswer | None:
    return await asyncio.to_thread(ask_running_bot, settings, question, scope.value, None)


async def exchange(folder: Path, request: bytes) -> bytes:
    """Return all that the bot says to some bytes."""
    reader, writer = await asyncio.open_unix_connection(folder / SOCKET_NAME)
    with closing(writer):
        writer.write(request)
        return await reader.read()


def untimed(answer: ShownAnswer) -> dict[str, Any]:
    return {**answer.record, "timings": None, "sources_shown": answer.sources, "text": answer.text}


@pytest.mark.parametrize("question", [QUESTION, "hello", "who stole the tarts?"])
async def test_a_running_bot_answers_as_the_command_itself_would(settings: Settings, question: str) -> None:
    await remember(settings, WIFI)
    async with bot_of(settings):
        answer = await ask(settings, question)
    alone = await asyncio.to_thread(answer_here, settings, question, ScopeChoice.OWN, None)
    assert answer is not None
    assert untimed(answer) == untimed(alone)


async def test_what_others_said_is_behind_the_same_wall(settings: Settings) -> None:
    await remember(settings, WIFI, whose="somebody else")
    async with bot_of(settings):
        own, everything = await ask(settings), await ask(settings, scope=ScopeChoice.ALL)
    assert own is not None
    assert everything is not None
    assert (own.record["abstained"], own.sources) == (True, [])
    assert WIFI in everything.text


async def test_the_socket_is_its_users_alone_and_goes_with_the_bot(settings: Settings, folder: Path) -> None:
    async with bot_of(settings):
        assert stat.S_IMODE((folder / SOCKET_NAME).stat().st_mode) == 0o600
    assert not (folder / SOCKET_NAME).exists()
    assert await ask(settings) is None


async def test_with_other_settings_or_another_model_the_command_answers_itself(settings: Settings) -> None:
    other = settings.model_copy(update={"recall": RecallSettings(limit=3)})
    server = ModelSettings(engine="openai", base_url="http://127.0.0.1:9/v1", name="other")
    async with bot_of(settings):
        assert await ask(settings) is not None
        assert await ask(other) is None
        assert await ask(settings.model_copy(update={"model": server})) is None


async def test_a_secret_counts_among_the_settings(settings: Settings) -> None:
    def with_key(key: str) -> Settings:
        return settings.model_copy(
            update={"model": ModelSettings.model_validate({"engine": "openai", "api_key": key, "name": "a"})}
        )

    assert settings_digest(with_key("one")) != settings_digest(with_key("two"))
    assert settings_digest(with_key("one")) == settings_digest(with_key("one"))


async def test_a_socket_that_a_dead_bot_left_is_passed_over_and_replaced(settings: Settings, folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(folder / SOCKET_NAME))
    assert await ask(settings) is None
    async with bot_of(settings):
        assert await ask(settings) is not None


async def test_the_socket_of_a_bot_that_lives_stays_its_own(settings: Settings, folder: Path) -> None:
    async with bot_of(settings):
        inode = (folder / SOCKET_NAME).stat().st_ino
        async with bot_of(settings):
            assert await ask(settings) is not None
        assert (folder / SOCKET_NAME).stat().st_ino == inode
        assert await ask(settings) is not None


async def test_a_file_of_that_name_is_left_alone(settings: Settings, folder: Path) -> None:
    (folder / SOCKET_NAME).write_text("mine")
    async with bot_of(settings):
        assert await ask(settings) is None
    assert (folder / SOCKET_NAME).read_text() == "mine"


async def test_whoever_listens_there_and_says_nothing_of_use_is_passed_over(settings: Settings, folder: Path) -> None:
    said = iter([b"", b"\n", b"{}\n", b"[1]\n", b'{"accepted": true}\n', b'{"accepted": true}\n{"answer": {}}\n'])

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(next(said))
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_unix_server(say, folder / SOCKET_NAME):
        for _ in range(6):
            assert await ask(settings) is None
    assert next(said, None) is None


@pytest.mark.parametrize(
    "request_", [b"\n", b"GET / HTTP/1.1\r\n", b"[]\n", b"{}\n", b'{"settings": 1}\n', b"\xff\n", b"x" * 70_000]
)
async def test_the_bot_goes_on_after_a_request_that_is_none(settings: Settings, folder: Path, request_: bytes) -> None:
    async with bot_of(settings):
        try:
            assert b"answer" not in await exchange(folder, request_)
        except ConnectionResetError:
            assert len(request_) > 60_000  # what it did not read is thrown away
        assert await ask(settings) is not None


async def test_a_question_that_is_no_text_is_not_answered(settings: Settings, folder: Path) -> None:
    asked = {"settings": settings_digest(settings), "question": 7, "scope": "own", "grow": False}
    async with bot_of(settings):
        assert b'"answer"' not in await exchange(folder, json.dumps(asked).encode() + b"\n")
        assert await ask(settings) is not None


async def test_a_bot_that_stops_hangs_up_on_who_has_not_asked_yet(settings: Settings, folder: Path) -> None:
    async with bot_of(settings):
        reader, writer = await asyncio.open_unix_connection(folder / SOCKET_NAME)
    with closing(writer), suppress(ConnectionResetError):  # it may not have been accepted yet
        assert await reader.read() == b""


def test_the_command_prints_the_same_whether_a_bot_runs_or_was_killed(bot: Cli, folder: Path) -> None:
    bot.env["SCRUBJAY_DATA__DIR"] = str(folder)
    bot.run("remember", WIFI)
    alone = bot.run("ask", QUESTION)
    with running(bot):
        wait_until((folder / SOCKET_NAME).is_socket, "the socket")
        assert bot.run("ask", QUESTION) == alone
        asked = bot.run("ask", QUESTION, "--json").json
        assert asked["answer"] in alone.out
        assert (asked["abstained"], asked["model"]) == (False, "extractive")
    assert (folder / SOCKET_NAME).is_socket()  # it was killed
    assert bot.run("ask", QUESTION) == alone

"""Plugins that do what they must not: each is named, its user told, and everyone else served on."""

# ruff: noqa: ARG002 (a handler is given its context, whether it needs it or not)

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from pathlib import Path
from typing import Self

import pytest

from bot import CommandError, Context, JobContext, Plugin, command, every, on_message
from bot.adapter import Delivery
from bot.configuration.settings import PluginSettings
from bot.errors import AdapterError
from bot.hosting.isolation import FAILURES
from bot.hosting.registry import PluginRegistry
from bot.pipeline.core import CoreOptions
from bot.testing import chat
from tests.loop_time import let_pass

_SHAKY = '''"""Falls over."""
from bot import Context, Plugin, command


class Shaky(Plugin):
    @command("shake", "divide by nothing")
    async def shake(self, context: Context) -> str:
        return str(1 / 0)
'''
PATIENT = CoreOptions(grace=1)


class Good(Plugin):
    """Does what it should."""

    name = "good"

    @command("ping", "answer")
    async def ping(self, context: Context) -> str:
        return f"pong {context.message.sender.name}"


class Faulty(Plugin):
    """Does what it must not."""

    name = "faulty"

    def __init__(self) -> None:
        super().__init__()
        self.tasks: list[asyncio.Task[None]] = []
        self.late_reply: BaseException | None = None
        self.seen = threading.Event()
        self.began = asyncio.Event()

    @command("raise", "fail")
    async def fail(self, context: Context, words: str = "no") -> str:
        raise RuntimeError(words)

    @command("say", "say on purpose that it can't be")
    async def say(self, context: Context) -> str:
        raise CommandError("not today")

    @command("blame", "fail for somebody else's fault")
    async def blame(self, context: Context) -> str:
        raise AdapterError("the platform is down")

    @command("exit", "end the process")
    async def exit(self, context: Context) -> str:
        raise SystemExit(3)

    @command("suicide", "cancel itself")
    async def cancel_itself(self, context: Context) -> str:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(1)
        return "never"

    @command("stubborn", "never end")
    async def stubborn(self, context: Context) -> str:
        self.began.set()
        try:
            while True:
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(3600)
        finally:
            try:
                await context.reply("better late than never")
            except BaseException as error:
                self.late_reply = error
                raise

    @command("deaf", "ignore everything")
    async def deaf(self, context: Context) -> str:
        self.began.set()
        while not self.seen.is_set():
            with contextlib.suppress(BaseException):
                await asyncio.sleep(0.05)
        return "enough"

    @command("swallow", "go on after being cancelled")
    async def swallow(self, context: Context) -> str:
        self.began.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
        await context.reply("as if nothing had been")
        return "and more"

    @command("leak", "leave tasks running")
    async def leak(self, context: Context) -> str:
        async def begin() -> None:
            self.tasks.append(asyncio.create_task(self.wait_for_ever(), name="second leak"))

        self.tasks.append(asyncio.create_task(self.wait_for_ever(), name="first leak"))
        await asyncio.create_task(begin())
        return "leaked"

    @command("block", "hold the loop")
    async def block(self, context: Context) -> str:
        self.seen.wait(30)
        return "done"

    async def wait_for_ever(self) -> None:
        await asyncio.Event().wait()


async def test_three_failures_in_a_row_switch_a_plugin_off_and_its_owner_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with chat(tmp_path, plugins=[Good(), Faulty()]) as ann:
        await ann.says("/ping")
        ben = ann.as_person("Ben")
        for _ in range(FAILURES - 1):
            (told,) = await ben.says("/raise broken clapper")
            assert told.startswith("Sorry, something went wrong there (error ")
        assert [sent for sent in ann.adapter.sent if "switched off" in sent.reply.text] == []
        (told,) = await ben.says("/raise broken clapper")
        assert told.startswith("Sorry, something went wrong")
        (notice,) = [sent for sent in ann.adapter.sent if "switched off" in sent.reply.text]
        assert notice.conversation == ann.place
        assert notice.reply.text == (
            "I have switched off the plugin faulty: it failed 3 times in a row, the last time with "
            "RuntimeError; the log has more. “/plugins enable faulty” switches it on again."
        )
        assert (await ben.says("/raise"))[0].startswith("I have no command /raise")
        assert await ben.says("/ping") == ["pong Ben"]
        state = await ann.memory.ledger.plugin_states.find("faulty")
        assert (state.enabled, state.reason) == (
            False,
            "it failed 3 times in a row, the last time with RuntimeError; the log has more",
        )
        failures = ann.core.services.metrics.plugin_failures.labels("faulty")._value.get()
        assert failures == FAILURES
    assert "The plugin faulty is switched off: it failed 3 times in a row" in caplog.text


async def test_a_plugin_that_was_switched_off_stays_off_until_its_owner_switches_it_on(tmp_path: Path) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "shaky.py").write_text(_SHAKY, encoding="utf-8")
    registry = PluginRegistry(folder, PluginSettings(enabled=["plugins"]))
    async with chat(tmp_path, registry=registry) as ann:
        await ann.says("/plugins enable shaky")
        assert await ann.says("yes") == ["shaky is on."]
        for _ in range(FAILURES):
            await ann.says("/shake")
        assert "I have switched off the plugin shaky: it failed 3 times in a row" in ann.last.text
    async with chat(tmp_path, registry=registry, first_minute=60) as ann:
        assert (await ann.says("/shake"))[0].startswith("I have no command /shake")
        (listed,) = await ann.says("/plugins")
        assert "**shaky** off after failures" in listed
        assert "it failed 3 times in a row, the last time with ZeroDivisionError" in listed
        await ann.says("/plugins enable shaky")
        await ann.says("yes")
        assert "something went wrong" in (await ann.says("/shake"))[0]  # it counts anew
        assert "**shaky** on" in (await ann.says("/plugins"))[0]


async def test_failures_count_only_in_a_row_and_only_when_they_are_the_plugins_own(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Faulty()]) as ann:
        for words in ["/raise", "/raise", "/say", "/raise", "/raise", "/leak", *["/blame"] * 4, "/raise", "/raise"]:
            await ann.says(words)
        assert await ann.says("/say") == ["not today"]
        assert [sent for sent in ann.adapter.sent if "switched off" in sent.reply.text] == []


@pytest.mark.parametrize("word", ["exit", "suicide"])
async def test_a_handler_that_ends_more_than_itself_ends_only_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, word: str
) -> None:
    async with chat(tmp_path, plugins=[Good(), Faulty()]) as ann:
        (told,) = await ann.says(f"/{word}")
        assert told.startswith("Sorry, something went wrong there (error ")
        assert await ann.says("/ping") == ["pong Ann"]
    assert "the plugin faulty failed on message" in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Python's own complaint about "deaf"
@pytest.mark.parametrize("word", ["stubborn", "deaf", "swallow"])
async def test_a_handler_that_ignores_its_end_does_not_hold_its_lane(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    faulty = Faulty()
    async with chat(tmp_path, plugins=[Good(), faulty], options=PATIENT) as ann:
        said = asyncio.create_task(ann.says(f"/{word}"))
        await faulty.began.wait()
        let_pass(PATIENT.deadline + 1, monkeypatch)
        (told,) = await said
        assert told.startswith("Sorry, that took too long and I gave up (error ")
        assert await ann.says("/ping") == ["pong Ann"]
        assert len(ann.adapter.sent) == 2  # what the handler says after its end is not sent
        faulty.seen.set()
    if word == "stubborn":
        assert isinstance(faulty.late_reply, Exception)
    assert "the plugin faulty failed on message" in caplog.text


async def test_what_a_plugin_leaves_running_is_named_and_ended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    faulty = Faulty()
    async with chat(tmp_path, plugins=[Good(), faulty]) as ann:
        assert await ann.says("/leak") == ["leaked"]
        assert not any(task.done() for task in faulty.tasks)
    assert all(task.cancelled() for task in faulty.tasks)
    assert (
        "The plugin faulty has left 2 tasks running, which are ended now: "
        "first leak (Faulty.wait_for_ever), second leak (Faulty.wait_for_ever)"
    ) in caplog.text


async def test_what_a_plugin_leaves_running_ends_with_it_when_it_is_exchanged_for_a_newer_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = Faulty(), Faulty()
    async with chat(tmp_path, plugins=[old]) as ann:
        await ann.says("/leak")
        plugins = ann.core.services.hosting.running
        await plugins.start(new)
        assert await ann.says("/leak") == ["leaked"]
        await plugins.settle()
        assert all(task.cancelled() for task in old.tasks)
        assert not any(task.done() for task in new.tasks)
    assert all(task.cancelled() for task in new.tasks)
    assert caplog.text.count("The plugin faulty has left 2 tasks running") == 2


async def test_what_a_plugin_leaves_running_when_it_can_not_start_is_ended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tasks: list[asyncio.Task[object]] = []

    class Halfway(Plugin):
        name = "halfway"

        async def __aenter__(self) -> Self:
            tasks.append(asyncio.create_task(asyncio.Event().wait(), name="half"))
            raise RuntimeError("no more")

    async with chat(tmp_path, plugins=[Halfway()]):
        assert tasks[0].cancelled()
    assert "The plugin halfway has left 1 tasks running, which are ended now: half (Event.wait)" in caplog.text


async def test_a_task_that_a_plugin_starts_with_itself_and_ends_with_itself_is_no_leak(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Tidy(Plugin):
        async def __aenter__(self) -> Self:
            self.task = asyncio.create_task(asyncio.Event().wait())
            return self

        async def __aexit__(self, *exc: object) -> None:
            self.task.cancel()
            await asyncio.wait([self.task])

    async with chat(tmp_path, plugins=[Tidy()]) as ann:
        await ann.says("hello there")
    assert "left" not in caplog.text


async def test_who_holds_the_event_loop_is_named_with_the_line_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    faulty = Faulty()

    class Release(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "event loop is blocked" in record.getMessage():
                faulty.seen.set()

    release = Release()
    logging.getLogger("bot.hosting.watchdog").addHandler(release)
    try:
        async with chat(tmp_path, plugins=[faulty], options=CoreOptions(block_seconds=0.1)) as ann:
            assert await ann.says("/block") == ["done"]
            while "goes on after" not in caplog.text:  # noqa: ASYNC110 (said by the heartbeat)
                await asyncio.sleep(0.01)
            assert ann.core.services.metrics.plugin_failures.labels("faulty")._value.get() == 1
    finally:
        logging.getLogger("bot.hosting.watchdog").removeHandler(release)
    assert "The event loop is blocked by the plugin faulty, so nobody is served. It is at:" in caplog.text
    assert "self.seen.wait(30)" in caplog.text


async def test_a_loop_that_goes_on_is_held_by_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with chat(tmp_path, plugins=[Good()]) as ann:
        for _ in range(5):
            await ann.says("/ping")
    assert "held" not in caplog.text


async def test_a_job_that_fails_often_switches_its_plugin_off(tmp_path: Path) -> None:
    class Clock(Plugin):
        name = "clock"

        @every(minutes=10)
        async def tick(self, context: JobContext) -> None:
            raise RuntimeError("stuck")

    async with chat(tmp_path, plugins=[Clock()]) as ann:
        await ann.says("hello there")
        before = len(ann.adapter.sent)
        for _ in range(FAILURES):
            await ann.waits(Clock.tick.__scrubjay__[0].schedule.length)  # type: ignore[attr-defined]  # its mark
        assert len(ann.adapter.sent) == before + 1
        assert "clock: it failed 3 times in a row, the last time with RuntimeError; the log has more" in ann.last.text


async def test_of_two_plugins_with_one_command_the_first_has_it_and_the_log_names_both(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Usurper(Plugin):
        name = "usurper"

        @command("ping", "claim what is taken")
        async def ping(self, context: Context) -> str:
            return "mine"

        @command("pang", "something else")
        async def pang(self, context: Context) -> str:
            return "still here"

    async with chat(tmp_path, plugins=[Good(), Usurper()]) as ann:
        assert await ann.says("/ping") == ["pong Ann"]
        assert await ann.says("/pang") == ["still here"]
    said = [record.getMessage() for record in caplog.records if "usurper" in record.getMessage()]
    assert said == ["The plugin usurper can't have /ping: good has it"]


async def test_a_plugin_that_fails_to_start_or_to_end_is_named_and_the_others_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Unready(Plugin):
        name = "unready"

        async def __aenter__(self) -> Self:
            raise SystemExit(1)

    class Endless(Plugin):
        name = "endless"

        async def __aexit__(self, *exc: object) -> None:
            raise RuntimeError("I will not go")

    async with chat(tmp_path, plugins=[Unready(), Endless(), Good()]) as ann:
        assert await ann.says("/ping") == ["pong Ann"]
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(said) == 2
    assert "unready could not be started: SystemExit: 1" in said[0]
    assert said[1] == "The plugin endless has failed"


async def test_a_slow_handler_stalls_nobody_elses_lane(tmp_path: Path) -> None:
    started, release = asyncio.Event(), asyncio.Event()

    class Slow(Plugin):
        @on_message("wait")
        async def wait(self, context: Context) -> str:
            started.set()
            await release.wait()
            return "waited"

    async with chat(tmp_path, plugins=[Slow(), Good()]) as ann:
        assert await ann.core.deliver(ann.message("please wait")) is Delivery.ACCEPTED
        await started.wait()
        ben = ann.as_person("Ben")
        await ben.core.deliver(ben.message("/ping"))
        while not ann.adapter.sent:  # noqa: ASYNC110 (others are handled meanwhile)
            await asyncio.sleep(0.001)
        assert [sent.reply.text for sent in ann.adapter.sent] == ["pong Ben"]
        release.set()
        await ann.core.idle()
        assert ann.last.text == "waited"

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import Self

import pytest

from bot import Context, Plugin, command, on_message
from bot.errors import PluginError
from bot.hosting.lifecycle import PluginLifecycle
from bot.hosting.running import RunningPlugins
from bot.pipeline.core import Core
from bot.pipeline.metrics import Metrics
from bot.testing import Chat, chat
from plugins.help import HelpPlugin
from tests.emulators.patience import PATIENCE


class Greeter(Plugin):
    """Says a greeting, and writes down what happens to it."""

    name = "greeter"

    def __init__(self, greeting: str, diary: list[str], gate: asyncio.Event | None = None) -> None:
        super().__init__()
        self.greeting = greeting
        self.diary = diary
        self.gate = gate

    async def __aenter__(self) -> Self:
        self.diary.append(f"{self.greeting} enters")
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.diary.append(f"{self.greeting} leaves")

    @command("greet", "greets")
    async def greet(self, _: Context) -> str:
        if self.gate is not None:
            self.diary.append(f"{self.greeting} waits")
            await self.gate.wait()
        self.diary.append(f"{self.greeting} greets")
        return self.greeting


class Sulking(Plugin):
    name = "greeter"

    async def __aenter__(self) -> Self:
        raise ValueError("not today")


class Leaving(Plugin):
    name = "leaving"

    async def __aenter__(self) -> Self:
        sys.exit("bye")


class Slow(Plugin):
    name = "slow"

    async def __aenter__(self) -> Self:
        await asyncio.sleep(3600)
        return self


class Grouped(Plugin):
    """Keeps a task group open for as long as it lives, which only the task that opened it may close."""

    name = "grouped"

    async def __aenter__(self) -> Self:
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        self._ticking = self._group.create_task(asyncio.sleep(3600))
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._ticking.cancel()
        await self._group.__aexit__(None, None, None)


def running(of: Core) -> RunningPlugins:
    return of.services.hosting.running


async def until(diary: list[str], line: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while line not in diary:  # noqa: ASYNC110 (the plugin under test has no event to wait for)
            await asyncio.sleep(0.01)


async def test_a_plugin_is_exchanged_while_its_handler_is_at_work(tmp_path: Path) -> None:
    diary: list[str] = []
    gate = asyncio.Event()
    async with chat(tmp_path, plugins=[Greeter("hello", diary, gate)]) as ann:
        waiting = asyncio.create_task(ann.says("/greet"))
        await until(diary, "hello waits")
        await running(ann.core).start(Greeter("ahoy", diary))
        bo = ann.as_person("Bo")
        assert await others(bo) == ["ahoy"]
        assert "hello leaves" not in diary
        gate.set()
        assert "hello" in await waiting
        await running(ann.core).settle()
        assert diary.index("hello greets") < diary.index("hello leaves")
        assert await ann.says("/greet") == ["ahoy"]
    assert diary[-1] == "ahoy leaves"


async def others(person: Chat) -> list[str]:
    """Let somebody greet while another's message is still being handled."""
    await person.core.deliver(person.message("/greet"))
    async with asyncio.timeout(PATIENCE):
        while not (said := said_to(person)):  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.01)
    return said


async def test_a_plugin_that_can_not_start_leaves_the_one_that_runs(tmp_path: Path) -> None:
    diary: list[str] = []
    async with chat(tmp_path, plugins=[Greeter("hello", diary)]) as ann:
        with pytest.raises(PluginError, match="the plugin greeter could not be started: ValueError: not today"):
            await running(ann.core).start(Sulking())
        assert await ann.says("/greet") == ["hello"]
    assert diary == ["hello enters", "hello greets", "hello leaves"]


async def test_a_plugin_that_is_stopped_loses_its_commands_at_once(tmp_path: Path) -> None:
    diary: list[str] = []
    async with chat(tmp_path, plugins=[Greeter("hello", diary), HelpPlugin()]) as ann:
        changes: list[int] = []
        with running(ann.core).listening(lambda: changes.append(len(running(ann.core).commands))):
            assert running(ann.core).stop("greeter")
        assert not running(ann.core).stop("greeter")
        assert "no command /greet" in (await ann.says("/greet"))[0]
        assert "greet" not in (await ann.says("/help"))[0]
        assert changes == [2]
        await running(ann.core).settle()
        assert diary == ["hello enters", "hello leaves"]


async def test_a_handler_of_a_stopped_plugin_is_passed_by_for_messages_routed_before(tmp_path: Path) -> None:
    class Stopper(Plugin):
        name = "stopper"

        @on_message(priority=1)
        async def first(self, _: Context) -> None:
            running(core).stop("late")

    class Late(Plugin):
        name = "late"

        @on_message()
        async def second(self, _: Context) -> str:
            return "too late"

    async with chat(tmp_path, plugins=[Stopper(), Late()]) as ann:
        core = ann.core
        assert "too late" not in await ann.says("anything")


async def test_one_that_exits_or_is_slow_to_start_does_not_take_the_bot_with_it() -> None:
    with pytest.raises(PluginError, match="the plugin leaving could not be started: SystemExit: bye"):
        await PluginLifecycle(Leaving()).start()
    with pytest.raises(PluginError, match=r"the plugin slow was not ready within 0\.01 seconds"):
        await PluginLifecycle(Slow()).start(seconds=0.01)


async def test_a_task_group_may_live_as_long_as_its_plugin(caplog: pytest.LogCaptureFixture) -> None:
    async with RunningPlugins([Grouped()], "Scrubjay", Metrics()) as plugins:
        await asyncio.create_task(plugins.start(Grouped()))
        await plugins.settle()
    assert caplog.records == []


async def test_of_two_plugins_with_one_name_the_second_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    diary: list[str] = []
    with caplog.at_level(logging.ERROR):
        async with RunningPlugins([Greeter("a", diary), Greeter("b", diary)], "Scrubjay", Metrics()) as plugins:
            assert [plugin.greeting for plugin in plugins.plugins if isinstance(plugin, Greeter)] == ["a"]
    assert sorted(diary) == ["a enters", "a leaves", "b enters", "b leaves"]
    assert "A second plugin called greeter is left out" in caplog.text


def said_to(person: Chat) -> list[str]:
    return [sent.reply.text for sent in person.adapter.sent if sent.conversation == person.place]


async def test_a_handler_outlives_two_exchanges_and_a_stop(tmp_path: Path) -> None:
    diary: list[str] = []
    gate = asyncio.Event()
    async with chat(tmp_path, plugins=[Greeter("hello", diary, gate)]) as ann:
        waiting = asyncio.create_task(ann.says("/greet"))
        await until(diary, "hello waits")
        await running(ann.core).start(Greeter("ahoy", diary))
        await running(ann.core).start(Greeter("servus", diary))
        assert running(ann.core).stop("greeter")
        await until(diary, "servus leaves")
        await until(diary, "ahoy leaves")
        gate.set()
        assert await waiting == ["hello"]
        await running(ann.core).settle()
        assert diary[-2:] == ["hello greets", "hello leaves"]

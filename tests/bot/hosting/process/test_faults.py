"""What a plugin's process may do wrong: one clear message each, and the bot goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from bot.errors import PluginError
from bot.hosting.process.plugin import PluginInProcess
from bot.hosting.process.process import ProcessOptions
from bot.pipeline.core import CoreOptions
from bot.testing import chat
from plugins.help import HelpPlugin
from tests.bot.hosting.process.conftest import PATIENT, Make
from tests.emulators.patience import PATIENCE
from tests.loop_time import let_pass

UNRULY = '''
import asyncio, os, sys, time
from pathlib import Path

from bot import Context, Plugin, command


class Unruly(Plugin):
    """Does what it must not."""

    @command("fine", "is fine")
    async def fine(self, context: Context) -> str:
        return "fine"

    @command("wait", "waits")
    async def wait(self, context: Context) -> str:
        try:  # it may be cancelled before it hears that the reply was sent
            await context.reply("waiting")
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            await self.store.set("cancelled", True)
            raise

    @command("cancelled", "whether it was")
    async def cancelled(self, context: Context) -> str:
        return str(await self.store.get("cancelled"))

    @command("block", "blocks")
    async def block(self, context: Context) -> str:
        time.sleep(3600)

    @command("garbage", "writes into the pipe")
    async def garbage(self, context: Context, text: str) -> str:
        for fd in range(3, 20):
            try:
                os.write(fd, text.encode() + b"\\n")
            except OSError:
                pass
        await asyncio.sleep(3600)

    @command("flood", "writes without end")
    async def flood(self, context: Context) -> str:
        for fd in range(3, 20):
            try:
                for _ in range(17):
                    os.write(fd, b"x" * (1 << 20))
            except OSError:
                pass
        await asyncio.sleep(3600)

    @command("eat", "eats memory")
    async def eat(self, context: Context) -> str:
        return str(len(bytearray(1 << 34)))

    @command("leave", "ends the process")
    async def leave(self, context: Context) -> str:
        os._exit(3)

    @command("exit", "calls sys.exit()")
    async def exit(self, context: Context) -> str:
        sys.exit(4)

    @command("say", "prints")
    async def say(self, context: Context) -> str:
        print("not JSON")
        sys.stdout.flush()
        os.write(1, b"nor this\\n")
        return sys.stdin.read() or "said"

    @command("environment", "lists its variables")
    async def environment(self, context: Context) -> str:
        return " ".join(sorted(os.environ))
'''


async def test_a_process_that_is_killed_in_the_middle_of_a_command_is_started_again(
    tmp_path: Path, in_process: Make
) -> None:
    plugin = in_process(UNRULY)
    async with chat(tmp_path, options=PATIENT, plugins=[plugin, HelpPlugin()]) as ann:
        waiting = asyncio.create_task(ann.says("/wait"))
        async with asyncio.timeout(PATIENCE):
            while not ann.adapter.sent:  # noqa: ASYNC110 (the process says so)
                await asyncio.sleep(0.01)
        former = plugin.pid
        assert former is not None
        os.kill(former, signal.SIGKILL)
        told = (await waiting)[-1]
        assert told.startswith("far stopped in the middle of this: it was killed by SIGKILL. I am starting it again.")
        assert "/help" in (await ann.says("/help"))[0]
        await started_again(plugin, former)
        assert await ann.says("/fine") == ["fine"]
        assert plugin.pid not in (None, former)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("/leave", "it ended by itself, with exit code 3"),
        ("/garbage nonsense {0}", "it wrote something that is not JSON: b'nonsense {0}"),
        ("/garbage [1]", "it wrote something that is not JSON-RPC 2.0: b'[1]"),
        ('/garbage {"jsonrpc": "2.0"}', "it sent a message that is neither a call nor an answer"),
        ("/garbage " + "[" * 100_000, "it wrote something that is not JSON: b'[[["),
        ("/flood", "it wrote a line of more than 16 MiB"),
    ],
)
async def test_a_process_that_misbehaves_is_ended_and_its_user_told(
    command: str, why: str, tmp_path: Path, in_process: Make
) -> None:
    plugin = in_process(UNRULY, options=ProcessOptions(silent_seconds=PATIENCE))
    async with chat(tmp_path, plugins=[plugin], options=PATIENT) as ann:
        before = plugin.pid
        (told,) = await ann.says(command)
        assert f"far stopped in the middle of this: {why}" in told
        assert "error " in told
        await started_again(plugin, before)
        assert await ann.says("/fine") == ["fine"]


async def test_a_process_that_blocks_is_ended_and_its_user_told(
    tmp_path: Path, in_process: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = in_process(UNRULY, options=ProcessOptions(silent_seconds=600))
    async with chat(tmp_path, plugins=[plugin], options=CoreOptions(deadline=100_000, grace=1)) as ann:
        pid = plugin.pid
        assert pid is not None
        told = asyncio.create_task(ann.says("/block"))
        while is_there(pid):  # it is asked every 300 seconds, and has 600 to answer
            let_pass(300, monkeypatch)
            await asyncio.sleep(0.2)
        assert "far stopped in the middle of this: it was blocked, and did not answer for 600" in (await told)[0]
        await started_again(plugin, pid)
        assert await ann.says("/fine") == ["fine"]


@pytest.mark.parametrize("command", ["/eat", "/exit"])
async def test_what_the_process_survives_is_an_error_like_any_other(
    command: str, tmp_path: Path, in_process: Make, caplog: pytest.LogCaptureFixture
) -> None:
    plugin = in_process(UNRULY, options=ProcessOptions(memory_mb=2048))
    async with chat(tmp_path, options=PATIENT, plugins=[plugin]) as ann:
        before = plugin.pid
        assert (await ann.says(command))[0].startswith("Sorry, something went wrong there (error ")
        assert ("MemoryError" if command == "/eat" else "SystemExit") in caplog.text
        assert await ann.says("/fine") == ["fine"]
        assert plugin.pid == before


async def test_a_handler_past_its_deadline_is_cancelled_over_there(
    tmp_path: Path, in_process: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = in_process(UNRULY, options=ProcessOptions(silent_seconds=100_000))
    async with chat(tmp_path, plugins=[plugin], options=CoreOptions(deadline=600, grace=1)) as ann:
        before = plugin.pid
        told = asyncio.create_task(ann.says("/wait"))
        while not ann.adapter.sent:  # noqa: ASYNC110 (what it says comes when it comes)
            await asyncio.sleep(0.01)
        let_pass(600, monkeypatch)
        assert (await told)[1].startswith("Sorry, that took too long")
        async with asyncio.timeout(PATIENCE):
            while await ann.says("/cancelled") != ["True"]:  # noqa: ASYNC110 (what it stores comes when it comes)
                await asyncio.sleep(0.01)
        assert plugin.pid == before


async def test_a_process_that_ends_again_and_again_is_switched_off(tmp_path: Path, in_process: Make) -> None:
    async with chat(tmp_path, options=PATIENT, plugins=[in_process(UNRULY), HelpPlugin()]) as ann:
        for _ in range(3):
            await ann.says("/leave")
        assert "no command /leave" in (await ann.says("/leave"))[0]
        state = await ann.memory.ledger.plugin_states.find("far")
        assert state.enabled is False
        assert "it failed 3 times in a row" in str(state.reason)


async def test_a_process_that_ends_while_nothing_is_done_counts_as_a_failure(in_process: Make) -> None:
    plugin = in_process(UNRULY)
    reasons: list[str] = []
    async with plugin:
        plugin.on_stop(reasons.append)
        assert plugin.pid is not None
        os.kill(plugin.pid, signal.SIGTERM)
        former = plugin.pid
        async with asyncio.timeout(PATIENCE):
            while plugin.pid in (None, former):  # noqa: ASYNC110 (another process ends)
                await asyncio.sleep(0.01)
    assert reasons == ["it was killed by SIGTERM"]


async def test_what_a_plugin_prints_is_logged_and_harms_nothing(
    tmp_path: Path, in_process: Make, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        async with chat(tmp_path, options=PATIENT, plugins=[in_process(UNRULY)]) as ann:
            assert await ann.says("/say") == ["said"]
        assert "[far] not JSON" in caplog.text
        assert "[far] nor this" in caplog.text


async def test_the_bots_variables_do_not_reach_it(
    tmp_path: Path, in_process: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRUBJAY_ADAPTERS__TELEGRAM__TOKEN", "123:secret")
    plugin = in_process(UNRULY, options=ProcessOptions(environment={"COLOUR": "blue"}))
    async with chat(tmp_path, options=PATIENT, plugins=[plugin]) as ann:
        names = (await ann.says("/environment"))[0].split()
        assert "COLOUR" in names
        assert set(names) <= {"COLOUR", "LC_CTYPE", "PATH"}


BLOCKED = "from bot import Plugin\nclass Far(Plugin):\n    async def __aenter__(self):\n        "


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("raise RuntimeError('no luck')", "far.py can't be imported: RuntimeError: no luck"),
        ("import os; os._exit(5)", "the process of far did not start: it ended by itself, with exit code 5"),
        ("while True: pass", "far was not (imported|ready) within 2 seconds"),
        (BLOCKED + "raise OSError('no dice')", "OSError: no dice"),
        (BLOCKED + "import time; time.sleep(3600)", "far was not (imported|ready) within 2 seconds"),
        (BLOCKED + "import os; os._exit(6)", "the process of far ended as it was started: it ended by itself"),
        ("from bot import Plugin\nclass Far(Plugin):\n    name = 'near'", "far calls itself near"),
        ("import ctypes; ctypes.string_at(0)", "it was killed by SIGSEGV"),
    ],
)
async def test_one_that_can_not_be_started_says_why(source: str, why: str, in_process: Make) -> None:
    plugin = in_process(source, options=ProcessOptions(start_seconds=2 if "within 2" in why else PATIENCE))
    with pytest.raises(PluginError, match=why):
        await plugin.__aenter__()
    assert plugin.pid is None


async def test_settings_are_checked_over_there(in_process: Make) -> None:
    source = (
        "from bot import Plugin\nfrom pydantic import BaseModel\n"
        "class Far(Plugin):\n    class Settings(BaseModel):\n        sides: int"
    )
    with pytest.raises(
        PluginError, match="the settings of the plugin far are wrong: sides: Input should be a valid int"
    ):
        await in_process(source, settings={"sides": "many"}).__aenter__()
    async with in_process(source, settings={"sides": "6"}):
        pass


async def test_an_interpreter_that_is_none_or_too_different_is_named(tmp_path: Path, in_process: Make) -> None:
    with pytest.raises(PluginError, match="gone/python can't be run: No such file"):
        await in_process(UNRULY, options=ProcessOptions(python=tmp_path / "gone" / "python")).__aenter__()
    other = tmp_path / "python"
    other.write_text(
        dedent(f"""\
        #!/bin/sh
        shift 4
        exec {sys.executable} -I -S -c "
        import json, sys
        sys.implementation.name = 'otherpython'
        sys.argv[1:] = [sys.argv[2]]
        exec(open('{Path(sys.modules["bot"].__path__[0]) / "hosting" / "process" / "bootstrap.py"}').read())" x "$@"
        """)
    )
    other.chmod(other.stat().st_mode | stat.S_IEXEC)
    with pytest.raises(PluginError, match=r"can't load Scrubjay's SDK: ModuleNotFoundError.*install scrubjay in its"):
        await in_process(UNRULY, options=ProcessOptions(python=other)).__aenter__()


DYING_BOT = """
import asyncio, base64, os, signal, sys
from pathlib import Path

from bot.models import Sampling
from bot.models.extractive import ExtractiveModel
from bot.hosting.process.plugin import PluginInProcess
from bot.hosting.process.process import ProcessOptions
from bot.answering.writer import Writer

SOURCE = b'''
import threading, time
from bot import Plugin
class Far(Plugin):
    async def __aenter__(self):
        import asyncio
        asyncio.get_running_loop().call_later(0.1, time.sleep, 3600)
        return self
'''

async def main():
    target = {"file": "far.py", "source": base64.b64encode(SOURCE).decode()}
    plugin = PluginInProcess("far", target, {}, ProcessOptions(start_seconds=300))
    plugin.model, plugin.data_dir = Writer(ExtractiveModel(), Sampling()), Path.cwd()
    async with plugin:
        print(plugin.pid, flush=True)
        await asyncio.sleep(0.3)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_blocked_process_does_not_outlive_a_bot_that_is_killed() -> None:
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", DYING_BOT], capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    pid = int(done.stdout)
    async with asyncio.timeout(PATIENCE):
        while is_there(pid):  # noqa: ASYNC110 (another process ends)
            await asyncio.sleep(0.1)


async def started_again(plugin: PluginInProcess, before: int | None) -> None:
    """Wait for a new process of a plugin: who uses it meanwhile is told after ten seconds that it is not up."""
    async with asyncio.timeout(PATIENCE):
        while plugin.pid in (None, before):  # noqa: ASYNC110 (another process starts)
            await asyncio.sleep(0.02)


def is_there(pid: int) -> bool:
    """Say whether a process runs; one that has ended may stay as a zombie where nobody collects it."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8").replace(")", " ", 1)
    except OSError:
        return False


async def test_leaving_ends_the_process_and_what_it_has_started(in_process: Make) -> None:
    source = (
        "import subprocess, sys\nfrom bot import Plugin\nclass Far(Plugin):\n"
        "    async def __aenter__(self):\n"
        "        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)'])\n"
        "        await self.store.set('pid', child.pid)\n        return self"
    )
    kept: dict[str, str] = {}

    class Kept:
        async def set_json(self, key: str, text: str, drawn_from: Sequence[int]) -> None:
            assert not drawn_from
            kept[key] = text

    plugin: PluginInProcess = in_process(source)
    plugin.store = Kept()  # type: ignore[assignment] # all that this one uses
    async with plugin:
        pid = plugin.pid
    assert pid is not None
    assert not is_there(pid)
    async with asyncio.timeout(PATIENCE):
        while is_there(int(kept["pid"])):  # noqa: ASYNC110 (another process ends)
            await asyncio.sleep(0.05)

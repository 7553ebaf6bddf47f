"""The guide to adapters: its adapter talks, by dotted name too; its tests pass; its tables name what there is."""

from __future__ import annotations

import asyncio
import importlib
import re
import sys
import tomllib
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import bot.adapter
import bot.choices
import bot.errors
import bot.events
from bot.configuration.adapters_setup import make_adapters
from bot.configuration.settings import Settings
from bot.errors import AdapterError, ConfigError
from bot.events import Conversation, Message, Reply
from bot.testing import serve
from tests.emulators.patience import PATIENCE

GUIDE = (Path(__file__).parents[2] / "docs" / "adapters.md").read_text("utf-8")
ADAPTER, TESTS = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
SETTINGS, ENTRY_POINT = map(tomllib.loads, re.findall(r"^```toml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def irc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The guide's two blocks as an importable module."""
    (tmp_path / "irc_adapter.py").write_text(ADAPTER + TESTS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "irc_adapter", raising=False)
    return importlib.import_module("irc_adapter")


async def test_the_test_of_the_guide_passes(irc: ModuleType, tmp_path: Path) -> None:
    tests: list[Callable[[Path], Coroutine[Any, Any, None]]] = [
        member for name, member in vars(irc).items() if name.startswith("test_")
    ]
    assert len(tests) == 1
    for test in tests:
        await asyncio.wait_for(test(tmp_path), PATIENCE)


def test_it_is_as_short_as_the_guide_says() -> None:
    lines = [line for line in ADAPTER.splitlines() if line.strip()]
    assert len(lines) <= 110


def test_it_is_loaded_by_its_dotted_name_with_its_settings(irc: ModuleType) -> None:
    (adapter,) = make_adapters(Settings.model_validate(SETTINGS).adapters)
    assert isinstance(adapter, irc.IrcAdapter)
    assert ENTRY_POINT["project"]["entry-points"]["scrubjay.adapters"] == {"irc": "irc_adapter:IrcAdapter"}


@pytest.mark.usefixtures("irc")
@pytest.mark.parametrize(
    ("table", "wrong"), [({}, "host is missing"), ({"host": "h", "prot": 1}, "prot is not a setting")]
)
def test_a_wrong_setting_is_named_with_its_table(table: dict[str, object], wrong: str) -> None:
    with pytest.raises(ConfigError, match=rf"adapters\.irc_adapter:IrcAdapter\.{wrong}$"):
        make_adapters({"irc_adapter:IrcAdapter": table})


async def test_a_server_that_can_not_be_reached_is_told(irc: ModuleType) -> None:
    adapter = irc.IrcAdapter(irc.IrcAdapter.Settings(host="127.0.0.1", port=9))
    with pytest.raises(AdapterError, match=r"127\.0\.0\.1:9 can't be reached"):
        await adapter.__aenter__()


async def test_no_reply_can_give_the_server_a_command(irc: ModuleType) -> None:
    async with irc.IrcServer() as server:
        settings = irc.IrcAdapter.Settings(host="127.0.0.1", port=server.port)
        async with irc.IrcAdapter(settings) as adapter:
            await adapter.send(Conversation("irc", "ann"), Reply("one\r\nQUIT :two\n\nthree"))
            said = [await asyncio.wait_for(server.lines.get(), PATIENCE) for _ in range(5)]
    assert said[2:] == ["PRIVMSG ann :one", "PRIVMSG ann :QUIT :two", "PRIVMSG ann :three"]


async def test_it_reconnects(irc: ModuleType, tmp_path: Path) -> None:
    async with irc.IrcServer() as server:
        settings = irc.IrcAdapter.Settings(host="127.0.0.1", port=server.port, reconnect_seconds=0, channels=["#a"])
        async with serve(tmp_path, irc.IrcAdapter(settings), plugins=[irc.Hello()]):
            await asyncio.wait_for(server.hear("JOIN "), PATIENCE)
            server._writer.close()
            await asyncio.wait_for(server.hear("JOIN "), PATIENCE)
            server.say("ann", "scrubjay", "/hello")
            assert await asyncio.wait_for(server.hear("PRIVMSG ann :"), PATIENCE) == "Hello, ann!"


def test_the_names_of_the_guide_are_there() -> None:
    helpers = GUIDE[GUIDE.index("## Helpers") : GUIDE.index("## Test it")]
    for module in (bot.adapter, bot.choices, bot.errors):
        row = next(line for line in helpers.splitlines() if line.startswith(f"| `{module.__name__}`"))
        named = re.findall(r"`(\w+)`", row)
        assert named
        assert [name for name in named if not hasattr(module, name)] == []
    protocols = re.findall(r"^\| `(\w+)` \|", helpers, re.MULTILINE)
    assert [name for name in protocols if not hasattr(bot.adapter, name)] == []
    events = re.search(r"event in `bot\.events`: (.*?)\.\n", GUIDE, re.DOTALL)
    assert events is not None
    assert set(re.findall(r"`(\w+)`", events[1])) == {kind.__name__ for kind in bot.events.Event.__args__}
    fields = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", GUIDE, re.MULTILINE)))
    assert {"event_id", "forwarded"} < set(fields) & set(Message.__dataclass_fields__)

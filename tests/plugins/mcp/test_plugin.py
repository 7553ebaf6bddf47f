"""Tools of MCP servers: a model may call them as it may those of plugins. The server here is Scrubjay's own."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.answering.tools import Tool, Toolbox
from bot.models import Sampling, ToolSpec, Turn, WantedCall
from bot.testing import ScriptedModel
from plugins.mcp import McpPlugin
from tests.adapters.web_bot import WebBot, web_bot


class CallingModel(ScriptedModel):
    """Wants one call, once."""

    def __init__(self, name: str, arguments: str) -> None:
        super().__init__()
        self.wanted: list[tuple[WantedCall, ...]] = [(WantedCall(name, arguments),)]
        self.offered: list[str] = []

    async def choose_calls(
        self, turns: Sequence[Turn], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> tuple[WantedCall, ...] | None:
        del turns, sampling
        self.offered = [tool.name for tool in tools]
        return self.wanted.pop() if self.wanted else ()


async def settings_for(web: WebBot, **more: object) -> McpPlugin.Settings:
    headers = {"Authorization": f"Bearer {await web.keys.create('model')}"}
    server = {"url": f"{web.address}/mcp", "headers": headers, **more}
    return McpPlugin.Settings.model_validate({"servers": {"home": server}})


async def run(tool: Tool, values: Sequence[object]) -> tuple[str, bool]:
    try:
        return str(await tool.handler(None, *values)), False
    except Exception as error:  # noqa: BLE001 (as the bot does)
        return f"error: {error}", True


async def ask(plugin: McpPlugin, name: str, arguments: str) -> tuple[str, bool]:
    tools = [each for each in plugin.capabilities() if isinstance(each, Tool)]
    model = CallingModel(name, arguments)
    (call,) = await Toolbox(tools, run).use(model, "do it", datetime.now(UTC), Sampling())
    return call.result, call.failed


async def test_a_model_calls_a_servers_tools(tmp_path: Path) -> None:
    async with web_bot(tmp_path) as web, McpPlugin(await settings_for(web)) as plugin:
        names = {each.name for each in plugin.capabilities() if isinstance(each, Tool)}
        assert names == {"home_recall", "home_remember", "home_forget", "home_conversations"}
        said, failed = await ask(plugin, "home_remember", '{"text": "The kettle is red.", "key": "kettle"}')
        assert (failed, '"key": "kettle"' in said) == (False, True)
        assert "The kettle is red." in (await ask(plugin, "home_recall", '{"question": "kettle"}'))[0]


async def test_what_a_server_refuses_is_told_to_the_model(tmp_path: Path) -> None:
    async with web_bot(tmp_path) as web, McpPlugin(await settings_for(web)) as plugin:
        assert await ask(plugin, "home_recall", "{}") == ("error: question is missing", True)
        said, failed = await ask(plugin, "home_forget", '{"ids": [7]}')
        assert (failed, "There is no passage 7" in said) == (True, True)


async def test_only_the_tools_that_are_named_are_offered(tmp_path: Path) -> None:
    async with web_bot(tmp_path) as web, McpPlugin(await settings_for(web, tools=["recall"])) as plugin:
        assert [each.name for each in plugin.capabilities() if isinstance(each, Tool)] == ["home_recall"]


async def test_the_bot_does_without_a_server_that_can_not_be_reached(caplog: pytest.LogCaptureFixture) -> None:
    settings = McpPlugin.Settings.model_validate({"servers": {"gone": {"command": "/no/such/program"}}})
    async with McpPlugin(settings) as plugin:
        assert plugin.capabilities() == ()
    assert "The MCP server gone can't be used" in caplog.text


@pytest.mark.parametrize("server", [{}, {"command": "x", "url": "http://127.0.0.1/"}, {"comand": "x"}])
def test_a_server_that_is_set_wrongly_is_refused(server: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        McpPlugin.Settings.model_validate({"servers": {"weather": server}})


def test_the_example_of_the_guide_is_valid() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
    table = tomllib.loads(guide.split("```toml\n")[1].split("```")[0])["plugins"]
    assert table["tools"] == ["mcp"]
    assert McpPlugin.Settings.model_validate(table["settings"]["mcp"]).servers["weather"].command == "weather-server"

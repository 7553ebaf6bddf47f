from __future__ import annotations

from pathlib import Path

from bot import Context, Plugin, command
from bot.testing import chat
from plugins.access import AccessPlugin
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin


async def test_help_lists_every_command_with_its_usage(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin(), HelpPlugin()]) as ann:
        (text,) = await ann.says("/help")
        for usage in (
            "/ask QUESTION…",
            "/remember TEXT…",
            "/forget [WHAT…]",
            "/memories [SEARCH…]",
            "/why",
            "/help [NAME…]",
        ):
            assert f"- `{usage}` " in text
        (short,) = await ann.says("/start")
        assert "`/help` lists all that I can do" in short
        assert len(short.splitlines()) < 10


async def test_help_explains_one_command(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin(), HelpPlugin()]) as ann:
        (text,) = await ann.says("/help forget")
        assert text.startswith("`/forget [WHAT…]`")
        assert "- what: numbers from /memories, or a text" in text
        assert "Also: /start, /commands" in (await ann.says("/help /help"))[0]
        assert (await ann.says("/help nonsense"))[0].startswith("I have no command /nonsense")


async def test_help_begins_with_what_is_used_every_day_and_ends_with_what_other_plugins_add(tmp_path: Path) -> None:
    class WeatherPlugin(Plugin):
        name = "weather"

        @command("weather", "tell the weather")
        async def weather(self, context: Context) -> str:
            return f"rain, and {len(context.commands)} commands"

    plugins = [AccessPlugin(), WeatherPlugin(), MemoryPlugin(), HelpPlugin()]
    async with chat(tmp_path, plugins=plugins) as ann:
        (text,) = await ann.says("/help")
        order = [
            "**Every day**",
            "`/ask",
            "`/forget",
            "**Facts and files**",
            "`/facts",
            "**Who may talk with me**",
            "`/allow",
        ]
        order += ["**More**", "`/weather`"]
        assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
        assert text.count("`/forget") == 1


async def test_help_is_found_by_its_name_in_other_languages(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[HelpPlugin()]) as ann:
        for word in ("/hilfe", "/ayuda", "/aide", "/ajuda", "/aiuto"):
            (reply,) = await ann.says(word)
            assert "/stop" in reply

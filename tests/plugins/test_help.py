from __future__ import annotations

from pathlib import Path

from bot.testing import chat
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
        assert (await ann.says("/start"))[0] == text


async def test_help_explains_one_command(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin(), HelpPlugin()]) as ann:
        (text,) = await ann.says("/help forget")
        assert text.startswith("`/forget [WHAT…]`")
        assert "- what: numbers from /memories, or a text" in text
        assert "Also: /start, /commands" in (await ann.says("/help /help"))[0]
        assert (await ann.says("/help nonsense"))[0].startswith("I have no command /nonsense")

"""For the tests of plugins and adapters: a chat script with a real memory, and a platform that is only a list.

async with chat(tmp_path, plugins=[DicePlugin()]) as ann:
    assert await ann.says("/roll 6") == ["You rolled a 4."]
"""

from bot.testing.bots import Everybody, RunningBot, serve
from bot.testing.conversation import START, Chat, chat
from bot.testing.platform import PLATFORM, FakeAdapter, Sent
from bot.testing.scripted_model import ScriptedModel

__all__ = [
    "PLATFORM",
    "START",
    "Chat",
    "Everybody",
    "FakeAdapter",
    "RunningBot",
    "ScriptedModel",
    "Sent",
    "chat",
    "serve",
]

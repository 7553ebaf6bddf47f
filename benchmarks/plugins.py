"""What ten more plugins that look at each message cost it, beside the bot with the one that answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from benchmarks.measuring import Row, Setup, Spread, interleaved
from bot import Context, Plugin, on_message
from bot.testing import chat

PLUGINS = 10
MESSAGES = 100
_TARGET_MS = 1.0


class Answering(Plugin):
    """Answers each message, after all others have seen it."""

    name = "answering"

    @on_message("ping", priority=-1)
    async def answer(self, context: Context) -> str:
        """Answer at once."""
        return f"pong {context.message.sender.name}"


class Looking(Plugin):
    """Looks at each message, and leaves it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.looked = 0
        self.name = f"looking{number}"  # type: ignore[misc]  # as many of one class as are measured

    @on_message("ping")
    async def look(self, context: Context) -> None:
        """Leave it."""
        self.looked += bool(context.message.text)


async def measure(setup: Setup) -> list[Row]:
    """Measure the time of a message with and without them, and what routing alone takes of it."""
    rounds = setup.size(7, 2)
    others = [Looking(number) for number in range(PLUGINS)]
    async with (
        chat(setup.folder / "plugins-few", plugins=[Answering()]) as few,
        chat(setup.folder / "plugins-many", plugins=[*others, Answering()]) as many,
    ):
        with_all, with_one = await interleaved(_talk(many.says), _talk(few.says), rounds)
    if any(other.looked != (rounds + 1) * MESSAGES for other in others):
        raise RuntimeError("not every plugin has seen every message")
    pairs = zip(with_all.values, with_one.values, strict=True)
    cost = Spread(tuple((more - less) / MESSAGES for more, less in pairs))
    return [
        Row(
            f"{PLUGINS} plugins look at one message, ms more",
            cost.shown(1000, 3),
            f"one plugin: {_each(with_one).shown(1000, 2)}; {PLUGINS + 1}: {_each(with_all).shown(1000, 2)}",
            "",
            f"< {_TARGET_MS:g} ms",
            cost.median * 1000 < _TARGET_MS,
        )
    ]


def _talk(says: Callable[[str], Awaitable[list[str]]]) -> Callable[[], Awaitable[None]]:
    async def talk() -> None:
        for _ in range(MESSAGES):
            await says("ping")

    return talk


def _each(spread: Spread) -> Spread:
    return Spread(tuple(seconds / MESSAGES for seconds in spread.values))

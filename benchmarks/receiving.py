"""What it takes a running bot to take a message in, against the memory that stores it.

    python -m benchmarks receiving

Messages of many groups come at once, none of them for the bot, which routes, admits and stores them. The memory alone
is given the same messages at once. What counts is processor time, for the disk is the same.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measuring import Row, Setup
from benchmarks.vocabulary import vocabulary
from bot.events import Conversation, Message, Person
from bot.testing import chat
from memory import Entry, Memory
from memory.embedders.hashing import HashingEmbedder

CHATS = 500
_BEGIN = datetime(2024, 5, 3, tzinfo=UTC)
_WORDS = vocabulary(4000)


async def measure(setup: Setup) -> list[Row]:
    """Compare the processor time that a message takes in both, by turns."""
    chats, rounds = setup.size(CHATS, 5), setup.size(10, 2)
    ratios, ours = [], []
    for turn in range(setup.size(3, 1)):
        folder = setup.folder / f"receiving{turn}"
        folder.mkdir()
        taken, stored = await take_in(folder, chats, rounds), await store(folder / "plain.db", chats, rounds)
        ours.append(taken * 1e6 / (chats * rounds))
        ratios.append(taken / stored)
    ratios.sort()
    return [
        Row(
            f"taking in a message of one of {chats} groups, µs of processor time",
            f"{sorted(ours)[len(ours) // 2]:.0f}",
            "the memory alone, the same messages",
            f"{ratios[len(ratios) // 2]:.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})",
            "measured only",
        )
    ]


async def take_in(folder: Path, chats: int, rounds: int) -> float:
    """Return the processor time in which a bot takes in `rounds` messages of each chat, all chats at once."""
    async with chat(folder) as someone:
        core = someone.core
        await asyncio.gather(*(core.deliver(message(number, 0)) for number in range(chats)))
        begun = time.process_time()
        for count in range(1, rounds + 1):
            await asyncio.gather(*(core.deliver(message(number, count)) for number in range(chats)))
        return time.process_time() - begun


async def store(path: Path, chats: int, rounds: int) -> float:
    """Return the processor time in which a memory stores the same, as many at once."""
    async with Memory.open(path, HashingEmbedder()) as memory:
        places = [
            await memory.conversations.ensure("fake", f"g{number}", title=f"Group {number}", kind="group")
            for number in range(chats)
        ]
        begun = time.process_time()
        for count in range(1, rounds + 1):
            entries = [_entry(message(number, count)) for number in range(chats)]
            await asyncio.gather(
                *(memory.passages.add(place, [entry]) for place, entry in zip(places, entries, strict=True))
            )
        return time.process_time() - begun


def message(number: int, count: int) -> Message:
    """Return a message of a chat, in words of everyday and invented ones."""
    text = " ".join(_WORDS[(number * 7919 + count * 104729 + word * 31) % len(_WORDS)] for word in range(12))
    return Message(
        event_id=f"g{number}:{count}",
        conversation=Conversation("fake", f"g{number}", f"Group {number}", "group"),
        sender=Person("fake", f"p{number % 50}", f"Person {number % 50}"),
        text=text,
        sent_at=_BEGIN + timedelta(minutes=count),
    )


def _entry(said: Message) -> Entry:
    return Entry(said.text, said.sent_at, author=said.sender.name, kind="message", event_id=said.event_id)

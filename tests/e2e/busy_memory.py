"""A process that does everything to a memory at once, and says what was confirmed to it, until it is killed."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

from memory import Conversation, Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from tests.memory.sayings import said


def tell(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 (whoever killed the process reads it)


async def store(memory: Memory, place: Conversation, run: str) -> None:
    """Store batches, as an import does, and store each a second time."""
    number = 0
    while True:
        events = [f"{run}:{number + n}" for n in range(random.choice([1, 3, 40]))]
        entries = [said(f"text {event} v0", random.randrange(5000), event_id=event) for event in events]
        await memory.passages.add(place, entries)
        for event in events:
            tell("stored", event)
        assert not any(each.new for each in await memory.passages.add(place, entries))
        number += len(events)


async def change(memory: Memory, place: Conversation, run: str) -> None:
    """Store, edit and forget single messages."""
    number = 0
    while True:
        number += 1
        event = f"{run}:changed:{number}"
        ((stored),) = await memory.passages.add(
            place, [said(f"text {event} v0", random.randrange(5000), event_id=event)]
        )
        tell("stored", event)
        await memory.passages.edit(place, event, f"text {event} v1")
        tell("edited", event)
        if number % 2:
            tell("forgetting", event)
            await memory.forget(Scope.all(), Selection(passage_ids=(stored.id,)))
            tell("forgot", event)


async def answer(memory: Memory, place: Conversation, run: str) -> None:
    """Receive messages and answer every second one, up to a reply that is sent."""
    number = 0
    while True:
        number += 1
        event = f"{run}:received:{number}"
        stored = await memory.delivery.receive(place, said(f"text {event} v0", number, event_id=event), event)
        tell("received", event)
        if number % 2:
            tell("replying", event)
            outgoing = await memory.delivery.queue_reply(place, stored.id, event)
            tell("queued", event)
            if number % 3:
                tell("sending", event)
                await memory.delivery.mark_sent(
                    outgoing, said("answer", number, kind="answer", event_id=f"{event}:answer")
                )
                tell("sent", event)


async def main(path: str, run: str) -> None:
    async with Memory.open(Path(path), HashingEmbedder()) as memory, memory.embeddings.embed_in_background():
        place = await memory.conversations.ensure("test", "1")
        tell("ready")
        await asyncio.gather(*(work(memory, place, run) for work in (store, change, answer)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""A process that does everything to a memory at once, and says what was confirmed to it, until it is killed."""

from __future__ import annotations

import asyncio
import random
import sys
from dataclasses import replace
from pathlib import Path

from memory import ConversationRecord, Memory, Scope, Selection
from memory.embedders import EmbedderIdentity
from memory.embedders.hashing import HashingEmbedder
from memory.plugin_records import PluginSpace
from tests.memory.sayings import said

PLUGIN = "busy"


def tell(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 (whoever killed the process reads it)


async def store(memory: Memory, place: ConversationRecord, run: str) -> None:
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


async def change(memory: Memory, place: ConversationRecord, run: str) -> None:
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


async def answer(memory: Memory, place: ConversationRecord, run: str) -> None:
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


async def keep_values(memory: Memory, place: ConversationRecord, run: str) -> None:
    """Keep values as a plugin does."""
    number = 0
    while True:
        number += 1
        key = f"{run}:value:{number}"
        await memory.ledger.plugin_values.put(PluginSpace(PLUGIN, place.id), key, f'"{key}"')
        tell("kept", key)


async def back_up(memory: Memory, _: ConversationRecord, run: str) -> None:
    """Write backups, each in place of the one before."""
    number = 0
    while True:
        number += 1
        target = memory.folder / f"backup-{run}-{number}.db"
        await memory.upkeep.back_up(target)
        tell("copied", target.name)
        await asyncio.sleep(0.05)
        target.unlink()


class OtherEmbedder(HashingEmbedder):
    """Another model by its name: a memory that is opened with it embeds everything again."""

    @property
    def identity(self) -> EmbedderIdentity:
        return replace(super().identity, name="hashing again")


async def main(path: str, run: str) -> None:
    embedder = OtherEmbedder() if run.isdecimal() and int(run) % 2 else HashingEmbedder()
    async with (
        Memory.open(Path(path), embedder, load=lambda _: HashingEmbedder()) as memory,
        memory.embeddings.embed_in_background(),
    ):
        place = await memory.conversations.ensure("test", "1")
        tell("ready")
        await asyncio.gather(*(work(memory, place, run) for work in (store, change, answer, keep_values, back_up)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

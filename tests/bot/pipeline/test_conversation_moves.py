"""A group whose platform gives it another id: who talks there notices nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.adapter import Delivery
from bot.configuration.settings import AccessSettings
from bot.events import Conversation, ConversationMoved, from_json
from bot.pipeline.outbox import OutgoingReply
from bot.testing import Chat, chat
from plugins.memory import MemoryPlugin

ACCESS = AccessSettings(owners=("test:ann",), conversations=("test:group-Trip",))
TOLD = "the launch code of the boat is 4711"
ASKED = "what is the launch code of the boat?"


def moved(ann: Chat, **changes: tuple[str, str]) -> tuple[Chat, ConversationMoved]:
    """Return somebody's place in the group from then on, and the event."""
    there = replace(ann, place=replace(ann.place, id="new"))
    return there, ConversationMoved(ann.place, "new", **changes)


async def test_its_members_are_listened_to_and_answered_from_what_was_said(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()], access=ACCESS) as direct:
        bob = direct.as_person("Bob").in_group("Trip")
        await bob.says(TOLD)
        there, event = moved(bob)
        assert await there.says(ASKED, addressed=True) == []
        assert await bob.core.deliver(event) is Delivery.ACCEPTED
        assert "4711" in (await there.says(ASKED, addressed=True))[0]
        assert await bob.core.deliver(event) is Delivery.REFUSED  # told twice, as Telegram does
        assert "4711" in (await there.says(ASKED, addressed=True))[0]


async def test_what_waits_to_be_answered_or_sent_goes_to_the_new_place(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()], access=ACCESS) as ann:
        group = ann.in_group("Trip")
        ann.adapter.down = True
        await group.says("/help me", addressed=True)
        _, event = moved(group, message_ids=("group-Trip:", "new:"))
        await ann.core.deliver(event)
        (unsent,) = await ann.memory.delivery.list_unsent()
        outgoing = from_json(OutgoingReply, unsent.payload)
        assert outgoing.conversation == Conversation("test", "new", "Trip", "group")
        assert (outgoing.reply_to or "").startswith("new:")

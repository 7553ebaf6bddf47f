"""One person on two platforms: what each account sees before they are linked, while they are, and after."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot import Attachment, Plugin
from bot.configuration.settings import AccessSettings
from bot.events import Conversation, MessageEdited, Person
from bot.plugin import reads
from bot.reading import IncomingFile, Piece, ReadItem
from bot.testing import Chat, FakeAdapter, chat
from plugins.access import AccessPlugin
from plugins.memory import MemoryPlugin

ACCESS = AccessSettings(owners=("test:ann",), people=("test:bob", "other:anna", "other:eve"), guests=("other:gus",))
ASKED = "what is the launch code of the boat?"


class Signs(Plugin):
    """Reads what is written on a sign, as is done with pictures and voice notes."""

    name = "signs"

    @reads("image/x-sign")
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        yield Piece(file.path.read_text("utf-8"))


@asynccontextmanager
async def two_platforms(folder: Path) -> AsyncIterator[tuple[Chat, Chat]]:
    """Yield Ann's direct chat on one platform, and hers as Anna on the other."""
    async with chat(folder, plugins=[AccessPlugin(), MemoryPlugin(), Signs()], access=ACCESS) as ann:
        other = FakeAdapter("other")
        ann.core.connect(other)
        yield ann, on_other(ann, other, "anna")


def on_other(ann: Chat, adapter: FakeAdapter, account: str) -> Chat:
    person = Person("other", account, account.title())
    place = Conversation("other", f"direct-{account}")
    return replace(ann, adapter=adapter, sender=person, place=place, numbers=itertools.count(1000))


async def all_that_is_had(asker: Chat) -> str:
    texts = (ASKED, f"/ask {ASKED}", f"/memories {ASKED}", "/memories", "/facts all", "/why", "/forget 4711")
    replies = [reply for text in texts for reply in await asker.says(text, addressed=True)]
    await asker.says("no")
    return "\n".join(replies)


async def link(one: Chat, other: Chat, confirm: str = "yes") -> list[str]:
    (offer,) = await one.says("/link")
    (asked,) = await other.says(f"/link {offer.split('`/link ')[1].split('`')[0]}")
    assert f"{one.sender.platform}:{one.sender.id}" in asked
    return await other.says(confirm)


async def test_linked_accounts_share_what_was_told_in_direct_chats_until_they_are_parted(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        await ann.says("/remember the launch code of the boat is 4711")
        await ann.in_group("Trip").says("the launch code of the boat is 8150 in the group")
        assert "4711" not in await all_that_is_had(anna)
        (told,) = await link(ann, anna)
        assert told.startswith("Linked with test:ann")
        had = await all_that_is_had(anna)
        assert "4711" in had
        assert "8150" not in had
        await anna.says("the anchor of the boat weighs 99 kilos")
        assert "99 kilos" in (await ann.says("how much does the anchor of the boat weigh?"))[0]
        assert (await anna.says("/unlink"))[0].startswith("Unlinked")
        assert "4711" not in await all_that_is_had(anna)
        assert "99 kilos" not in "".join(await ann.says("/memories"))
        assert await ann.says("/unlink") == ["This account isn't linked with any other."]


def code_of(offer: str) -> str:
    return offer.partition("`/link ")[2].partition("`")[0]


@pytest.mark.parametrize(
    "form",
    [
        "{code}",
        "/link {code}",
        "/link@scrubjay {code}",
        "look, Bob: /link {code} :-)",
        "my code is {bare}, haha",
        "{lower}",
        "{spaced}",
        "/pair {bare}",
        "``{dotted}``",
    ],
)
async def test_a_link_code_seen_in_a_group_is_good_for_nothing_in_any_form(tmp_path: Path, form: str) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        await ann.says("/remember the launch code of the boat is 4711")
        (offer,) = await ann.says("/link")
        code = code_of(offer)
        bare = code.replace("-", "")
        said = form.format(
            code=code, bare=bare, lower=bare.lower(), spaced=" ".join(bare), dotted=code.replace("-", "\u2009·\n")
        )
        await ann.in_group("Trip").says(said)
        (told,) = await anna.says(f"/link {code}")
        assert told.startswith("That code is wrong or has expired.")
        assert "4711" not in await all_that_is_had(anna)


async def test_a_code_that_an_edit_shows_in_a_group_is_spoiled(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        code = code_of((await ann.says("/link"))[0])
        await ann.core.deliver(MessageEdited(ann.in_group("Trip").place, "unknown", f"it is {code}"))
        assert (await anna.says(f"/link {code}"))[0].startswith("That code is wrong")


async def test_a_code_that_an_edit_shows_in_a_direct_chat_can_still_be_used(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        code = code_of((await ann.says("/link"))[0])
        await ann.core.deliver(MessageEdited(ann.place, "unknown", f"it is {code}"))
        assert not (await anna.says(f"/link {code}"))[0].startswith("That code is wrong")


@pytest.mark.parametrize("place", ["group", "direct"])
async def test_a_code_that_a_file_shows_is_spoiled_in_a_group_alone(tmp_path: Path, place: str) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        code = code_of((await ann.says("/link"))[0])
        ann.adapter._files["photo"] = f"To link it, send: /link {code.lower()}".encode()
        there = ann.in_group("Trip") if place == "group" else ann
        await there.says("look what it says", Attachment("photo.sign", "image/x-sign", "photo"))
        is_spoiled = (await anna.says(f"/link {code}"))[0].startswith("That code is wrong")
        assert is_spoiled is (place == "group")


async def test_a_code_in_a_message_that_somebody_replies_to_in_a_group_is_spoiled(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        code = code_of((await ann.says("/link"))[0])
        trip = ann.in_group("Trip")
        seen = replace(trip.message(f"mine is {code}"), event_id="before the bot came")
        await ann.core.deliver(replace(trip.message("why?"), reply_to=seen.event_id, replied=seen))
        assert (await anna.says(f"/link {code}"))[0].startswith("That code is wrong")


async def test_who_is_linked_with_is_told_in_their_direct_chat_and_can_undo_it(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        await ann.says("/remember the launch code of the boat is 4711")
        await link(ann, anna)
        told = ann.adapter.sent[-1]
        assert told.conversation == ann.place
        assert told.reply.text.startswith("other:anna was just linked with this account")
        assert "/unlink" in told.reply.text
        assert (await ann.says("/unlink"))[0].startswith("Unlinked")
        assert "4711" not in await all_that_is_had(anna)


async def test_others_see_nothing_of_linked_accounts(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        await ann.says("/remember the launch code of the boat is 4711")
        await link(ann, anna)
        eve = on_other(ann, anna.adapter, "eve")
        for outsider in (ann.as_person("Bob"), eve, ann.in_group("Trip"), eve.in_group("Trip")):
            assert "4711" not in await all_that_is_had(outsider)


async def test_a_link_needs_both_sides(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        await ann.says("/remember the launch code of the boat is 4711")
        assert await link(ann, anna, confirm="no") == ["Nothing was linked."]
        assert "4711" not in await all_that_is_had(anna)
        for guess in ("AAAA-BBBB-CCCC", "test:ann", "ann"):
            assert "That code is wrong" in (await anna.says(f"/link {guess}"))[0]
        assert "4711" not in await all_that_is_had(anna)


async def test_a_link_code_is_good_once_and_a_newer_one_replaces_it(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        first, second = [(await ann.says("/link"))[0].split("`/link ")[1].split("`")[0] for _ in range(2)]
        assert "That code is wrong" in (await anna.says(f"/link {first}"))[0]
        await anna.says(f"/link {second}")
        assert (await anna.says("yes"))[0].startswith("Linked")
        eve = on_other(ann, anna.adapter, "eve")
        assert "That code is wrong" in (await eve.says(f"/link {second}"))[0]


async def test_who_guesses_link_codes_is_stopped(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        for _ in range(5):
            await anna.says("/link AAAA-BBBB-CCCC")
        code = (await ann.says("/link"))[0].split("`/link ")[1].split("`")[0]
        assert await anna.says(f"/link {code}") == ["I accept no more codes from you today."]


async def test_links_are_made_in_direct_chats_by_members_with_another_account(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        assert (await ann.in_group("Trip").says("/link"))[0].startswith("Do that in a direct chat")
        assert await on_other(ann, anna.adapter, "gus").says("/link") == ["Guests have no memory to share."]
        code = (await ann.says("/link"))[0].split("`/link ")[1].split("`")[0]
        assert (await ann.says(f"/link {code}"))[0].startswith("Send that code from your other account")


async def test_a_link_gives_no_role(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        await link(ann, anna)
        assert await anna.says("/members") == ["Only my owner may use /members."]
        assert (await anna.says("/role"))[0].startswith("You are a member.")


async def test_a_code_for_a_link_lets_no_stranger_in(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (ann, anna):
        code = (await ann.says("/link"))[0].split("`/link ")[1].split("`")[0]
        mallory = on_other(ann, anna.adapter, "mallory")
        assert "That code is wrong" in (await mallory.says(code))[0]
        assert await mallory.says(f"/link {code}") != []
        assert "4711" not in await all_that_is_had(mallory)
        assert await mallory.says("/role") == []

"""Who comes to the door: strangers, those with a code, those who have had enough for today."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.access.pairing import TRIES, Pairing, code_in
from bot.access.policy import Role
from bot.access.quotas import Quota, Quotas
from bot.adapter import Delivery
from bot.configuration.settings import AccessSettings
from bot.events import MessageEdited, Person
from bot.testing import Chat, ScriptedModel, chat
from memory import Memory, Scope, Selection
from memory.access_records import Code
from memory.embedders.hashing import HashingEmbedder
from plugins.access import AccessPlugin
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin

OWNED = AccessSettings(owners=("test:ann",))
WHISPER = "the tortoise sleeps in the cellar"


async def stored(chat: Chat) -> list[str]:
    found = await chat.memory.passages.select(Scope.all(), Selection(everything=True), limit=1000)
    return [passage.text for passage in found]


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def test_a_stranger_hears_once_a_day_whom_to_ask_and_nothing_of_theirs_is_kept(tmp_path: Path) -> None:
    async with chat(tmp_path, access=OWNED) as ann:
        eve = ann.as_person("Eve")
        (told,) = await eve.says(WHISPER)
        assert "/allow test:eve" in told
        assert await eve.says(f"{WHISPER}!") == []
        assert await eve.in_group("Trip").says(WHISPER, addressed=True) == []
        assert await stored(ann) == []
        assert WHISPER.encode() not in bytes_of(tmp_path)
        assert await ann.memory.people.find("test", "eve") is None


async def test_a_code_makes_an_owner_once_and_is_stored_nowhere(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[AccessPlugin()], access=AccessSettings()) as ann:
        code = await Pairing(ann.memory.ledger).invite(Role.OWNER)
        bob = ann.as_person("Bob")
        (told,) = await ann.says(f"/pair {code.lower()}")
        assert "You are my owner here now" in told
        assert await ann.says("/role") == ["You are an owner."]
        (told,) = await bob.says(code)
        assert "That code is wrong" in told
        (grant,) = await ann.memory.ledger.grants.read_all()
        assert (grant.external_id, grant.role) == ("ann", "owner")
        assert not any(code in text for text in await stored(ann))
        for form in (code, code.replace("-", "")):
            assert form.encode() not in bytes_of(tmp_path)


async def test_a_code_for_members_never_makes_an_owner(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[AccessPlugin()], access=OWNED) as ann:
        (made,) = await ann.says("/invite")
        bob = ann.as_person("Bob")
        (told,) = await bob.says(made.split("`")[1])
        assert "Welcome" in told
        assert await bob.says("/members") == ["Only my owner may use /members."]
        assert await bob.says("/allow test:eve") == ["Only my owner may use /allow."]
        assert await bob.says("/invite") == ["Only my owner may use /invite."]
        assert (await bob.says("/role"))[0].startswith("You are a member.")


async def test_an_invitation_asked_for_in_a_group_comes_to_its_asker_alone(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[AccessPlugin()], access=OWNED) as ann:
        trip, ann.adapter.shows_privately = ann.in_group("Trip"), False
        (refused,) = await trip.says("/invite", addressed=True)
        assert "in a direct chat" in refused  # the bot has met her nowhere else
        assert "`" not in refused
        await ann.says("/help")
        ann.adapter.sent.clear()
        await trip.says("/invite", addressed=True)
        told = {sent.conversation.kind: sent.reply.text for sent in ann.adapter.sent}
        assert "directly" in told["group"]
        assert "`" not in told["group"]
        assert "Welcome" in (await ann.as_person("Bob").says(told["direct"].split("`")[1]))[0]


async def test_who_guesses_is_soon_not_even_answered_and_a_right_code_does_not_help_then(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[AccessPlugin()], access=OWNED) as ann:
        eve = ann.as_person("Eve")
        code = await Pairing(ann.memory.ledger).invite(Role.OWNER)
        replies = [await eve.says(f"/pair AAAA-BBBB-CCC{number}") for number in range(2, 2 + TRIES)]
        assert [len(each) for each in replies] == [1] * TRIES
        assert "no more codes" in replies[-1][0]
        assert await eve.says("/pair AAAA-BBBB-CCC9") == []
        assert await eve.says(code) == []
        assert (await ann.says(code))[0].startswith("You are my owner")


async def test_a_member_who_guesses_is_stopped_as_a_stranger_is(tmp_path: Path) -> None:
    access = AccessSettings(owners=("test:ann",), people=("test:bob",))
    async with chat(tmp_path, plugins=[AccessPlugin()], access=access) as ann:
        bob = ann.as_person("Bob")
        code = await Pairing(ann.memory.ledger).invite(Role.OWNER)
        for number in range(2, 2 + TRIES):
            await bob.says(f"AAAA-BBBB-CCC{number}")
        await bob.says(code)
        await bob.says(f"/pair {code}")
        assert (await bob.says("/role"))[0].startswith("You are a member.")


async def test_what_only_looks_like_a_code_is_a_message_as_any_other(tmp_path: Path) -> None:
    async with chat(tmp_path, access=OWNED) as ann:
        await ann.says("ABCD-2345-WXYZ")
        assert "ABCD-2345-WXYZ" in await stored(ann)


async def test_a_code_that_a_group_has_seen_is_spoilt(tmp_path: Path) -> None:
    async with chat(tmp_path, access=OWNED) as ann:
        code = await Pairing(ann.memory.ledger).invite(Role.OWNER)
        (told,) = await ann.in_group("Trip").says(code)
        assert "I no longer accept it" in told
        assert "That code is wrong" in (await ann.as_person("Eve").says(code))[0]


async def test_a_stranger_who_shows_a_code_in_a_group_is_not_answered_there(tmp_path: Path) -> None:
    async with chat(tmp_path, access=OWNED) as ann:
        code = await Pairing(ann.memory.ledger).invite(Role.OWNER)
        eve = ann.in_group("Trip").as_person("Eve")
        assert await eve.says(f"look what I found: {code}", addressed=True) == []
        assert await eve.says(code, addressed=True) == []
        assert "That code is wrong" in (await ann.as_person("Eve").says(code))[0], "it is good for nothing now"


async def test_a_wrong_code_in_a_group_is_not_answered_and_counts_for_nothing(tmp_path: Path) -> None:
    async with chat(tmp_path, access=OWNED) as ann:
        eve = ann.in_group("Trip").as_person("Eve")
        for number in range(2, 2 + TRIES):
            assert await eve.says(f"/pair AAAA-BBBB-CCC{number}", addressed=True) == []
        code = await Pairing(ann.memory.ledger).invite(Role.MEMBER)
        assert "Welcome" in (await ann.as_person("Eve").says(code))[0]


async def test_an_owner_who_pairs_with_a_wrong_code_is_told_so_and_it_is_stored_nowhere(tmp_path: Path) -> None:
    async with chat(tmp_path, access=OWNED) as ann:
        for said in ("/pair AAAA-BBBB-CCC2", "  /pair AAAA-BBBB-CCC2"):
            assert await ann.says(said) == ["That code is wrong or has expired. `scrubjay pair` makes a new one."]
        assert await stored(ann) == []


async def test_who_has_guessed_too_often_is_heard_on_all_the_same(tmp_path: Path) -> None:
    access = AccessSettings(owners=("test:ann",), people=("test:bob",))
    async with chat(tmp_path, access=access) as ann:
        bob = ann.as_person("Bob")
        for number in range(2, 3 + TRIES):
            await bob.says(f"AAAA-BBBB-CCC{number}")
        assert f"AAAA-BBBB-CCC{2 + TRIES}" in await stored(ann)


async def test_a_code_for_one_platform_is_no_good_on_another(tmp_path: Path) -> None:
    async with chat(tmp_path, access=OWNED) as ann:
        code = await Pairing(ann.memory.ledger).invite(Role.MEMBER, "other")
        assert "That code is wrong" in (await ann.as_person("Bob").says(code))[0]


async def test_a_code_is_good_for_ten_minutes_and_those_that_have_expired_are_removed(tmp_path: Path) -> None:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        before = time.time()
        await memory.ledger.codes.keep(Code(b"old", before - 1, role="owner"), now=before - 2)
        code = await Pairing(memory.ledger).invite(Role.MEMBER)
        (digest,) = await memory.ledger.codes.list_digests(now=0)
        kept = await memory.ledger.codes.find(digest, now=before)
        assert kept is not None
        assert before + 600 <= kept.expires_at <= time.time() + 600
        assert await Pairing(memory.ledger).is_good(code)


async def test_an_edit_by_a_member_is_kept(tmp_path: Path) -> None:
    access = AccessSettings(owners=("test:ann",), people=("test:bob",))
    async with chat(tmp_path, access=access) as ann:
        bob = ann.as_person("Bob")
        said = bob.message("the parrot is called Kiki")
        await ann.core.deliver(said)
        await ann.core.idle()
        await ann.core.deliver(MessageEdited(said.conversation, said.event_id, "the parrot is called Koko"))
        assert "the parrot is called Koko" in await stored(ann)


async def test_what_nobody_known_has_said_may_change_while_the_memory_is_on(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[AccessPlugin()], access=OWNED) as ann:
        await ann.says("/role")
        selection = Selection(kinds=("command",))
        found = await ann.memory.passages.select(Scope.all(), selection, limit=10)
        (told,) = [passage for passage in found if passage.author_id is None]
        gate, place = ann.core.services.access.gate, ann.place
        assert await gate.keeps_change(place, told)
        await ann.says("/memory off")
        assert not await gate.keeps_change(place, told)


async def test_an_expired_code_is_refused(tmp_path: Path) -> None:
    async with chat(tmp_path, access=OWNED) as ann:
        pairing = Pairing(ann.memory.ledger)
        code = await pairing.invite(Role.OWNER)
        await ann.memory.ledger.codes.keep(Code(b"later", time.time() + 900, role="owner"), now=time.time() + 601)
        assert not await pairing.is_good(code)
        assert "has expired" in (await ann.as_person("Eve").says(code))[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("K7QM-4XHD-2RTC", "K7QM-4XHD-2RTC"),
        (" `k7qm-4xhd-2rtc` ", "k7qm-4xhd-2rtc"),
        ("/pair K7QM4XHD2RTC", "K7QM4XHD2RTC"),
        ("/start@scrub_bot K7QM-4XHD-2RTC", "K7QM-4XHD-2RTC"),
        ("K7QM4XHD2RTC", None),
        ("that ends here", None),
        ("/pair", None),
        ("/start", None),
        ("K7QM-4XHD-2RTC please", None),
        ("K1QM-4XHD-2RTC", None),
    ],
)
def test_a_code_is_known_by_its_look(text: str, code: str | None) -> None:
    assert code_in(text) == code


async def test_codes_are_long_random_and_each_another(tmp_path: Path) -> None:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        codes = [await Pairing(memory.ledger).invite(Role.MEMBER) for _ in range(20)]
    assert len(set(codes)) == 20
    assert all(code_in(code) == code for code in codes)
    assert len({letter for code in codes for letter in code}) > 25


async def test_who_is_turned_away_is_so_at_once_and_let_in_again_at_once(tmp_path: Path) -> None:
    access = AccessSettings(owners=("test:ann",), people=("test:bob",))
    async with chat(tmp_path, plugins=[AccessPlugin()], access=access) as ann:
        bob = ann.as_person("Bob")
        assert await ann.core.deliver(bob.message("hello")) is Delivery.ACCEPTED
        assert (await ann.says("/deny test:bob"))[0].startswith("I no longer listen to")
        assert await ann.core.deliver(bob.message("hello?")) is Delivery.REFUSED
        async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as other_process:
            (grant,) = await other_process.ledger.grants.read_all()
            assert grant.role == "denied"
            await Pairing(other_process.ledger).pair(
                await Pairing(other_process.ledger).invite(Role.MEMBER), bob.sender, datetime.now(UTC).date()
            )
        assert await ann.core.deliver(bob.message("hello again")) is Delivery.ACCEPTED


async def test_an_edit_by_who_was_turned_away_is_not_kept(tmp_path: Path) -> None:
    access = AccessSettings(owners=("test:ann",), people=("test:bob",))
    async with chat(tmp_path, plugins=[AccessPlugin()], access=access) as ann:
        bob = ann.as_person("Bob")
        said = bob.message("the parrot is called Kiki")
        await ann.core.deliver(said)
        await ann.core.idle()
        await ann.says("/deny test:bob")
        await ann.core.deliver(MessageEdited(said.conversation, said.event_id, WHISPER))
        assert not any(WHISPER in text or "Kiki" in text for text in await stored(ann))


async def test_a_group_or_a_workspace_that_is_allowed_lets_everybody_in(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[AccessPlugin()], access=OWNED) as direct:
        ann = direct.in_group("Trip")
        bob = ann.as_person("Bob")
        assert await ann.core.deliver(bob.message("hello")) is Delivery.REFUSED
        await ann.says("/allow")
        assert await ann.core.deliver(bob.message("hello")) is Delivery.ACCEPTED
        assert await ann.core.deliver(bob.in_group("Other").message("hello")) is Delivery.REFUSED
        await ann.says("/deny here")
        assert await ann.core.deliver(bob.message("hello?")) is Delivery.REFUSED


async def test_a_guest_is_answered_in_a_group_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    access = AccessSettings(owners=("test:ann",), guests=("test:bob",), conversations=("test:group-Trip",))
    plugins = [AccessPlugin(), MemoryPlugin()]
    async with chat(tmp_path, plugins=plugins, access=access, model=ScriptedModel("In the cellar [1].")) as direct:
        ann = direct.in_group("Trip")
        bob = ann.as_person("Bob")
        await ann.says("the tortoise sleeps in the cellar")
        assert await bob.says("where does the tortoise sleep, if I may ask?", addressed=True) == [
            'In the cellar\nAnn: "the tortoise sleeps in the cellar" [1]'
        ]
        assert await bob.says("the parrot is called Kiki") == []
        assert (await bob.says("/remember the parrot is called Kiki"))[0].startswith("I keep nothing")
        texts = await stored(ann)
        assert texts == ["the tortoise sleeps in the cellar"]
        assert b"Kiki" not in bytes_of(tmp_path)
        assert b"if I may ask" not in bytes_of(tmp_path)


async def test_a_spent_quota_is_told_kindly_once_and_owners_have_none(tmp_path: Path) -> None:
    access = AccessSettings(owners=("test:ann",), people=("test:bob",), daily_messages=3)
    async with chat(tmp_path, plugins=[HelpPlugin()], access=access) as ann:
        bob = ann.as_person("Bob")
        for _ in range(3):
            assert len(await bob.says("/stop")) == 1
        (told,) = await bob.says("the parrot is called Kiki")
        assert told == "You have reached today's limit for messages (3). I'll listen again after midnight."
        assert await bob.says("hello?") == []
        assert not any("Kiki" in text for text in await stored(ann))
        for _ in range(5):
            assert len(await ann.says("/stop")) == 1


async def test_a_spent_quota_of_answers_leaves_the_rest(tmp_path: Path) -> None:
    access = AccessSettings(owners=("test:ann",), people=("test:bob",), daily_answers=1)
    async with chat(tmp_path, plugins=[MemoryPlugin()], access=access) as ann:
        bob = ann.as_person("Bob")
        await bob.says("/remember the parrot is called Kiki")
        assert "Kiki" in (await bob.says("what is the parrot called?"))[0]
        (told,) = await bob.says("what is the parrot called?")
        assert told.startswith("You have reached today's limit for answers (1).")
        assert await bob.says("/ask what is the parrot called?") == []
        assert "Kiki" in (await bob.says("/memories"))[0]
        assert await ann.as_person("Bob").says("the boiler is in the cellar") == []
        assert "the boiler is in the cellar" in await stored(ann)


async def test_talk_in_a_group_that_is_not_for_the_bot_counts_against_no_quota(tmp_path: Path) -> None:
    access = AccessSettings(conversations=("test:group-Trip",), daily_messages=1)
    async with chat(tmp_path, plugins=[HelpPlugin()], access=access) as direct:
        bob = direct.in_group("Trip").as_person("Bob")
        for number in range(4):
            await bob.says(f"message {number} about the parrot")
        assert len(await stored(direct)) == 4
        assert await bob.says("/stop") == ["There is nothing to stop."]


async def test_quotas_begin_anew_at_midnight_in_the_zone_that_is_set(tmp_path: Path) -> None:
    moments = iter(
        datetime(2024, 5, 3, hour, 59, tzinfo=UTC)
        for hour in (20, 21, 22)  # 22:59, 23:59 and 00:59 in Madrid
    )
    bob = Person("test", "bob", "Bob")
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        limits = {Role.MEMBER: Quota(answers=1)}
        now = next(moments)
        quotas = Quotas(memory.ledger, limits, ZoneInfo("Europe/Madrid"), now=lambda: now)
        assert await quotas.take(bob, Role.MEMBER, "answers") is None
        now = next(moments)
        assert await quotas.take(bob, Role.MEMBER, "answers") is not None
        now = next(moments)
        assert await quotas.take(bob, Role.MEMBER, "answers") is None

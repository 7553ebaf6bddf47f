from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from bot.configuration.settings import AccessSettings
from bot.events import Conversation, Person
from bot.testing import chat
from plugins.access import AccessPlugin
from plugins.help import HelpPlugin

ACCESS = AccessSettings(owners=("test:ann",), people=("test:bob",))
PLUGINS = (AccessPlugin(), HelpPlugin())


async def test_an_owner_lets_people_in_and_turns_them_away_by_account_or_by_name(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, access=ACCESS) as ann:
        eve = ann.as_person("Eve")
        assert await ann.says("/allow test:eve") == ["test:eve is a member now."]
        assert (await eve.says("/role"))[0].startswith("You are a member.")
        assert await ann.says("/role Eve guest") == ["Eve (test:eve) is a guest now."]
        assert (await eve.says("/role"))[0].startswith("You are a guest.")
        assert (await ann.says("/deny @eve"))[0].startswith("I no longer listen to Eve (test:eve).")
        assert len(await eve.says("/role")) == 1
        assert await eve.says("/role") == []


async def test_an_owner_can_share_and_take_back_ownership_but_not_their_own(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, access=ACCESS) as ann:
        bob = ann.as_person("Bob")
        await ann.says("/allow test:bob owner")
        assert "settings file" in (await bob.says("/deny test:ann"))[0]
        assert "your own role" in (await bob.says("/role test:bob guest"))[0]
        assert await ann.says("/role test:bob member") == ["test:bob is a member now."]
        assert await bob.says("/deny test:ann") == ["Only my owner may use /deny."]


async def test_members_may_not_decide(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, access=ACCESS) as ann:
        bob = ann.as_person("Bob")
        assert await bob.says("/role test:eve member") == ["Only my owner may decide who talks with me."]
        assert "/allow" not in (await bob.says("/help"))[0]
        assert await ann.memory.ledger.grants.read_all() == []


async def test_a_group_and_a_workspace_are_allowed_from_within(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, access=ACCESS) as direct:
        here = Conversation("test", "C1", "Trip", "group", workspace="T1")
        ann = replace(direct, place=here)
        eve = replace(ann, sender=Person("test", "eve", "Eve"))
        assert (await ann.says("/allow"))[0].startswith("Everybody in Trip (conversation test:C1) may talk with me now")
        assert (await eve.says("/role"))[0].startswith("You are a member.")
        assert await ann.says("/allow here owner") == ["Only a person can own me."]
        elsewhere = replace(eve, place=replace(here, id="C2"))
        assert await elsewhere.says("/role") == []
        await ann.says("/allow workspace guest")
        assert (await elsewhere.says("/role"))[0].startswith("You are a guest.")
        await ann.says("/deny Trip")
        assert await eve.says("/role") == []


async def test_whom_nobody_knows_or_several_are_is_asked_back(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, access=ACCESS) as ann:
        assert "“here” is for groups" in (await ann.says("/allow"))[0]
        assert "no workspace" in (await ann.in_group("Trip").says("/allow workspace"))[0]
        assert "I know nobody called Nobody" in (await ann.says("/deny Nobody"))[0]
        for account in ("bob", "bob2"):
            await ann.says(f"/allow test:{account}")
            await replace(ann.as_person("Bob"), sender=Person("test", account, "Bob")).says("/role")
        (asked,) = await ann.says("/deny Bob")
        assert "Several people are called Bob" in asked
        assert {"test:bob", "test:bob2"} <= set(re.findall(r"test:\w+", asked))
        assert "Usage: `/allow" in (await ann.says("/allow test:bob king"))[0]
        assert "Say which role" in (await ann.says("/role test:bob"))[0]


async def test_members_lists_decisions_and_settings(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, access=ACCESS) as ann:
        await ann.in_group("Trip").says("/allow")
        await ann.says("/deny test:bob")
        (listed,) = await ann.says("/members")
        assert listed.splitlines() == [
            "- Trip (conversation test:group-Trip): member",
            "- test:bob: denied",
            "- test:ann: owner",
        ]


async def test_a_role_shows_what_is_left_of_today(tmp_path: Path) -> None:
    access = AccessSettings(owners=("test:ann",), people=("test:bob",), daily_messages=7, daily_answers=None)
    async with chat(tmp_path, plugins=PLUGINS, access=access) as ann:
        assert await ann.as_person("Bob").says("/role") == ["You are a member.\n- messages today: 1 of 7"]


async def test_what_is_no_code_is_explained(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, access=ACCESS) as ann:
        assert (await ann.says("/pair"))[0].startswith("Send me the code alone")
        assert (await ann.says("/pair hello"))[0].startswith("That is not one of my codes.")
        assert "alone" in (await ann.in_group("Trip").says("/pair"))[0]

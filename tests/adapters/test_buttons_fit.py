"""Whatever options a plugin offers, and however long its question is, each platform takes what is sent."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.buttons import view_of
from adapters.discord.layout import parts_of as discord_parts
from adapters.slack.layout import parts_of as slack_parts
from adapters.telegram.buttons import keyboard_of
from adapters.telegram.layout import parts_of as telegram_parts
from adapters.telegram.spans import TEXT_LIMIT
from adapters.whatsapp.layout import parts_of as whatsapp_parts
from bot.choices import choices_of
from bot.errors import PluginError
from bot.events import Choices, OutFile, Reply
from tests.emulators.discord_rest import checked as checked_by_discord
from tests.emulators.discord_rest import checked_buttons
from tests.emulators.slack_blocks import checked_blocks, checked_text
from tests.emulators.telegram_methods import Parameters, checked_keyboard
from tests.emulators.telegram_text import checked as checked_by_telegram
from tests.emulators.whatsapp_rules import check_content


def is_offerable(texts: list[str]) -> bool:
    try:
        choices_of(texts)
    except PluginError:
        return False
    return True


options = (
    st.lists(
        st.text(min_size=1, max_size=300),
        min_size=1,
        max_size=25,
        unique_by=lambda text: " ".join(text.split()).casefold(),
    )
    .filter(is_offerable)
    .map(choices_of)
)
replies = st.builds(Reply, st.text(max_size=5000), choices=st.none() | options)
FILES = (OutFile("a.txt", "text/plain", b"1"),)


@given(options)
def test_telegram_takes_the_buttons(choices: Choices) -> None:
    rows = checked_keyboard(Parameters({"reply_markup": keyboard_of(choices).to_json()}))
    assert sum(map(len, rows)) == len(choices.options)


@given(replies)
def test_telegram_takes_the_text_above_them(reply: Reply) -> None:
    for part in telegram_parts(reply):
        entities = [entity.to_dict() for entity in part.entities or ()]
        checked_by_telegram(part.text, json.loads(json.dumps(entities)), None)
        assert part.length <= TEXT_LIMIT


@given(replies)
def test_slack_takes_blocks_and_buttons(reply: Reply) -> None:
    parts = slack_parts(reply, {})
    for part in parts:
        checked_text(part.text)
        checked_blocks(list(part.blocks))
    kinds: list[Any] = [block["type"] for part in parts for block in part.blocks]
    assert kinds.count("actions") == (reply.choices is not None)


@given(replies)
async def test_discord_takes_text_buttons_and_menus(reply: Reply) -> None:
    for part in discord_parts(reply):
        checked_by_discord(part)
    if reply.choices is not None:
        rows = checked_buttons({"components": view_of(reply.choices).to_components()})
        offered = [option for row in rows for each in row["components"] for option in each.get("options", [each])]
        assert len(offered) == len(reply.choices.options)


@given(replies, st.booleans())
def test_whatsapp_takes_text_buttons_and_lists(reply: Reply, direct: bool) -> None:  # noqa: FBT001 (a drawn value)
    parts = whatsapp_parts(reply, direct=direct)
    for part in parts:
        check_content({"messaging_product": "whatsapp", **part.content}, to_group=not direct, media={})
    offered = [part for part in parts if part.choices is not None]
    fits = reply.choices is not None and len(reply.choices.options) <= 10
    assert offered == (parts[-1:] if direct and fits else [])


def test_a_reply_that_is_a_file_alone_has_no_text_message_and_a_question_always_has_one() -> None:
    lone = Reply("", files=FILES)
    parts = [telegram_parts(lone), slack_parts(lone, {}), discord_parts(lone), whatsapp_parts(lone, direct=True)]
    assert parts == [[], [], [], []]
    asking = Reply("", files=FILES, choices=choices_of(["a"]))
    assert len(telegram_parts(asking)) == len(slack_parts(asking, {})) == len(discord_parts(asking)) == 1
    assert len(whatsapp_parts(asking, direct=True)) == 1

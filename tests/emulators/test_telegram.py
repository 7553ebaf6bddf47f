"""The emulated Telegram refuses what the real one refuses, driven through the client library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, MessageEntity
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from tests.emulators.patience import PATIENCE
from tests.emulators.telegram import TelegramServer


@pytest.fixture(name="server")
async def a_server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer.open() as server:
        yield server


@pytest.fixture(name="bot")
async def a_bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url) as bot:
        yield bot


async def test_updates_are_kept_until_a_later_offset_confirms_them(server: TelegramServer, bot: Bot) -> None:
    ana = server.user("Ana")
    await ana.says("one")
    await ana.says("two")
    first, second = await bot.get_updates()
    assert [each.message.text for each in (first, second) if each.message] == ["one", "two"]
    assert len(await bot.get_updates(offset=first.update_id)) == 2
    assert [each.update_id for each in await bot.get_updates(offset=second.update_id)] == [second.update_id]
    assert await bot.get_updates(offset=second.update_id + 1) == ()


async def test_a_long_poll_ends_when_something_arrives(server: TelegramServer, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=60))
    async with asyncio.timeout(PATIENCE):
        while not server.calls["getUpdates"]:  # noqa: ASYNC110 (the poll arrives)
            await asyncio.sleep(0.01)
    await server.user("Ana").says("hi")
    assert len(await asyncio.wait_for(poll, PATIENCE)) == 1


async def test_reactions_come_only_to_those_who_asked_for_them(server: TelegramServer, bot: Bot) -> None:
    ana = server.user("Ana")
    posted = await bot.send_message(ana.account.id, "hello")
    await ana.reacts(ana.room.messages[posted.message_id], "👍")
    assert await bot.get_updates(allowed_updates=["message", "message_reaction"]) == ()
    await ana.reacts(ana.room.messages[posted.message_id], "👎")
    (update,) = await bot.get_updates()
    assert update.message_reaction is not None


async def test_a_second_poll_ends_the_first_and_a_webhook_forbids_both(server: TelegramServer, bot: Bot) -> None:
    before = server.calls["getUpdates"]
    first = asyncio.create_task(bot.get_updates(timeout=60))
    async with asyncio.timeout(PATIENCE):
        while server.calls["getUpdates"] == before:  # noqa: ASYNC110 (the first poll arrives)
            await asyncio.sleep(0.01)
    async with Bot(server.token, base_url=server.base_url) as other:
        await other.get_updates(timeout=0)
    with pytest.raises(Conflict, match=r"(?i)terminated by other"):
        await asyncio.wait_for(first, PATIENCE)
    await bot.set_webhook("https://example.org/hook")
    with pytest.raises(Conflict, match=r"(?i)webhook is active"):
        await bot.get_updates()
    with pytest.raises(BadRequest, match=r"(?i)HTTPS"):
        await bot.set_webhook("http://example.org/hook")


@pytest.mark.parametrize(
    ("text", "entities", "wrong"),
    [
        ("   ", [], "text is empty"),
        ("x" * 4097, [], "too long"),
        ("😀" * 2049, [], "too long"),
        ("abc", [MessageEntity("bold", 1, 3)], "BOUNDS"),
        ("😀b", [MessageEntity("bold", 1, 2)], "within a character"),
        ("a b", [MessageEntity("bold", 0, 2)], "blanks"),
        ("abcd", [MessageEntity("bold", 0, 3), MessageEntity("italic", 1, 3)], "cross"),
        ("abcd", [MessageEntity("bold", 0, 4), MessageEntity("code", 1, 2)], "nested"),
        ("abcd", [MessageEntity("text_link", 0, 4, url="nowhere")], "wrong URL"),
    ],
)
async def test_a_text_that_telegram_does_not_take_is_refused(
    server: TelegramServer, bot: Bot, text: str, entities: list[MessageEntity], wrong: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){wrong}"):
        await bot.send_message(server.user("Ana").account.id, text, entities=entities)


async def test_html_is_read_and_wrong_html_is_refused(server: TelegramServer, bot: Bot) -> None:
    ana = server.user("Ana")
    await bot.send_message(ana.account.id, '<b>a &lt; b</b> <a href="https://e.org">x</a>', parse_mode="HTML")
    (posted,) = ana.messages
    assert posted.text == "a < b x"
    assert [entity["type"] for entity in posted.entities] == ["bold", "text_link"]
    for wrong in ("<b>open", "</i>", "<script>x</script>", "<b><i>x</b></i>", "a & b"):
        with pytest.raises(BadRequest, match=r"(?i)can't parse entities"):
            await bot.send_message(ana.account.id, wrong, parse_mode="HTML")


async def test_edits_are_refused_where_telegram_refuses_them(server: TelegramServer, bot: Bot) -> None:
    ana = server.user("Ana")
    posted = await bot.send_message(ana.account.id, "one")
    with pytest.raises(BadRequest, match=r"(?i)not modified"):
        await bot.edit_message_text("one", ana.account.id, posted.message_id)
    await bot.edit_message_text("two", ana.account.id, posted.message_id)
    with pytest.raises(RetryAfter):
        await bot.edit_message_text("three", ana.account.id, posted.message_id)
    assert server.flood.refused == 1
    ana.deletes(ana.room.messages[posted.message_id])
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("four", ana.account.id, posted.message_id)


async def test_a_group_takes_twenty_messages_a_minute(server: TelegramServer, bot: Bot) -> None:
    ana = server.user("Ana")
    trip = server.group("Trip", ana)
    for number in range(20):
        await bot.send_message(trip.id, str(number))
    with pytest.raises(RetryAfter) as raised:
        await bot.send_message(trip.id, "20")
    assert 50 < float(str(raised.value.retry_after)) <= 60


async def test_chats_that_are_unknown_or_closed_are_told_apart(server: TelegramServer, bot: Bot) -> None:
    ana = server.user("Ana")
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(99, "hello")
    ana.blocks_bot()
    with pytest.raises(Forbidden, match=r"(?i)blocked by the user"):
        await bot.send_message(ana.account.id, "hello")
    server.revoke_token()
    with pytest.raises(InvalidToken):
        await bot.get_me()


async def test_drafts_are_for_direct_chats_and_have_a_number(server: TelegramServer, bot: Bot) -> None:
    ana = server.user("Ana")
    await bot.send_message_draft(ana.account.id, 7, "gro")
    assert ana.room.drafts == [(7, "gro")]
    with pytest.raises(BadRequest, match=r"(?i)non-zero"):
        await bot.send_message_draft(ana.account.id, 0, "grow")
    with pytest.raises(BadRequest, match=r"(?i)private"):
        await bot.send_message_draft(server.group("Trip", ana).id, 7, "grow")


async def test_commands_with_impossible_names_are_refused(server: TelegramServer, bot: Bot) -> None:
    await bot.set_my_commands([("ask", "ask something")])
    assert server.menu == {"ask": "ask something"}
    for wrong in (("Ask", "x"), ("a-b", "x"), ("ok", "")):
        with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND"):
            await bot.set_my_commands([wrong])


async def test_faults_come_when_they_are_scheduled(server: TelegramServer, bot: Bot) -> None:
    ana = server.user("Ana")
    server.break_off("sendMessage", "before")
    server.break_off("sendMessage", "after")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(ana.account.id, "hello")
    assert len(ana.messages) == 1
    server.go_down()
    with pytest.raises(NetworkError):
        await bot.get_me()
    server.come_back()
    await bot.get_me()


async def test_with_privacy_mode_a_bot_hears_only_what_concerns_it(server: TelegramServer, bot: Bot) -> None:
    server.privacy = True
    ana = server.user("Ana")
    there = ana.in_group(server.group("Trip", ana))
    await there.says("just talking")
    await there.says("/help")
    await there.says("hey @jay_test_bot")
    assert [each.message.text for each in await bot.get_updates() if each.message] == ["/help", "hey @jay_test_bot"]


async def test_files_over_20_mb_are_not_given_to_bots(server: TelegramServer, bot: Bot) -> None:
    small, large = server.keep_file(b"x" * 100), server.keep_file(b"x" * 20_000_001)
    file = await bot.get_file(small)
    assert bytes(await file.download_as_bytearray()) == b"x" * 100
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await bot.get_file(large)

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.exports.discord.export import DiscordExport
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from bot.errors import ImportRefused

OPTIONS = ParseOptions(timezone=UTC)
FORMAT = DiscordExport()
Record = dict[str, object]


def said(
    number: int, content: str, *, author: str = "mara", at: str = "2024-05-03T21:14:00.123+01:00", **more: object
) -> Record:
    return {
        "id": str(number), "type": "Default", "timestamp": at, "timestampEdited": None, "isPinned": False,
        "content": content, "author": {"id": "11", "name": author, "discriminator": "0000", "nickname": author.title()},
        "attachments": [], "embeds": [], "stickers": [], "reactions": [], "mentions": [], **more,
    }  # fmt: skip


def channel(*messages: Record, kind: str = "GuildTextChat", name: str = "general") -> Record:
    return {
        "guild": {"id": "500", "name": "Friends", "iconUrl": ""},
        "channel": {"id": "77", "type": kind, "categoryId": "1", "category": "Text", "name": name, "topic": None},
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2024-06-01T00:00:00+00:00",
        "messages": list(messages),
        "messageCount": len(messages),
    }


def written(folder: Path, content: Record, name: str = "export.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def read(path: Path) -> list[tuple[ParsedChat, list[ParsedMessage]]]:
    return [(each, list(each.messages)) for each in FORMAT.open(path, OPTIONS)]


def only(folder: Path, *messages: Record) -> list[ParsedMessage]:
    ((_, found),) = read(written(folder, channel(*messages)))
    return found


def test_a_channel_is_read_with_authors_times_replies_and_links(tmp_path: Path) -> None:
    reply = said(
        9, "great", author="tom", type="Reply", reference={"messageId": "7", "channelId": "77", "guildId": "500"}
    )
    ((chat, (first, second)),) = read(written(tmp_path, channel(said(7, "booked"), reply)))

    assert (chat.title, chat.external_id, chat.kind) == ("Friends #general", "77", "group")
    assert (first.author, first.author_id, first.text) == ("Mara", "11", "booked")
    assert first.sent_at == datetime(2024, 5, 3, 21, 14, 0, 123_000, tzinfo=timezone(timedelta(hours=1)))
    assert first.external_id == "77:7"
    assert first.link == "https://discord.com/channels/500/77/7"
    assert second.reply_to == "77:7"


def test_a_private_chat_bears_the_friends_name(tmp_path: Path) -> None:
    ((chat, (message,)),) = read(written(tmp_path, channel(said(1, "hi"), kind="DirectTextChat", name="tom")))

    assert (chat.title, chat.kind) == ("tom", "direct")
    assert message.link == "https://discord.com/channels/@me/77/1"


def test_what_discord_says_itself_is_a_system_line(tmp_path: Path) -> None:
    (pinned, new) = only(tmp_path, said(1, "Pinned a message.", type="ChannelPinnedMessage"), said(2, "", type="46"))

    assert (pinned.kind, pinned.author, pinned.text) == ("system", None, "Mara: Pinned a message.")
    assert new.text == "Mara: 46"


def test_embeds_stickers_polls_and_forwards_are_kept(tmp_path: Path) -> None:
    embed = {
        "title": "Build 7",
        "url": "https://ci",
        "description": "failed",
        "fields": [{"name": "by", "value": "Tom"}],
    }
    forwarded = {
        "content": "the plan",
        "attachments": [{"url": "https://cdn/x.png", "fileName": "x.png"}],
        "embeds": [],
    }
    poll = {"question": {"text": "When?"}, "answers": [{"pollMedia": {"text": "May"}}]}
    messages = only(
        tmp_path,
        said(1, "", embeds=[embed]),
        said(2, "see https://ci", embeds=[embed]),
        said(3, "", stickers=[{"id": "1", "name": "wave", "format": "Png"}]),
        said(4, "", forwardedMessage=forwarded, reference={"messageId": "1", "channelId": "9", "type": "Forward"}),
        said(5, "", poll=poll),
        said(6, "edited", timestampEdited="2024-05-03T21:20:00+01:00"),
    )

    assert [each.text for each in messages] == [
        "Build 7\nfailed\nby: Tom", "see https://ci", "", "(forwarded)\nthe plan", "Poll: When?\n- May", "edited",
    ]  # fmt: skip
    assert messages[2].attachments == (ParsedAttachment("wave", "sticker", omitted=True),)
    assert messages[3].attachments == (ParsedAttachment("x.png", "image", omitted=True),)
    assert messages[3].reply_to is None
    assert messages[5].edited


def test_markup_that_was_left_in_is_worded(tmp_path: Path) -> None:
    mentions = [{"id": "22", "name": "tom", "nickname": "Tom"}]
    (message,) = only(tmp_path, said(1, "<@22> <@!33> <:wave:1> <a:x:2> <t:0:F> 1 < 2", mentions=mentions))

    assert message.text == "@Tom @33 :wave: :x: 1 January 1970 00:00 UTC 1 < 2"


def test_files_that_were_downloaded_with_the_export_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "export.json_Files").mkdir()
    (tmp_path / "export.json_Files" / "our menu-1.pdf").write_bytes(b"%PDF")
    here = {"id": "1", "url": "export.json_Files/our%20menu-1.pdf", "fileName": "our menu.pdf", "fileSizeBytes": 4}
    there = {"id": "2", "url": "https://cdn.discordapp.com/a.ogg", "fileName": "a.ogg", "fileSizeBytes": 4}
    (message,) = only(tmp_path, said(1, "menu", attachments=[here, there]))

    assert message.attachments == (
        ParsedAttachment("our menu.pdf", "document", omitted=False, path="export.json_Files/our menu-1.pdf"),
        ParsedAttachment("a.ogg", "audio", omitted=True),
    )


def test_several_channels_in_a_zip_are_several_conversations(tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("a.json", json.dumps(channel(said(1, "a"))))
        target.writestr("b.json", json.dumps(channel(said(2, "b"), name="food", kind="GuildPublicThread")))
        target.writestr("readme.json", "{}")

    assert FORMAT.sniff(archive)
    assert [chat.title for chat, _ in read(archive)] == ["Friends #general", "Friends #food"]


def test_a_file_cut_in_the_middle_gives_what_came_before(tmp_path: Path) -> None:
    path = written(tmp_path, channel(said(1, "a"), said(2, "b")))
    path.write_bytes(path.read_bytes()[:-200])
    chats = FORMAT.open(path, OPTIONS)
    chat = next(chats)

    assert next(chat.messages).text == "a"
    with pytest.raises(ImportRefused, match="ends in the middle"):
        next(chat.messages)


def test_impossible_times_are_said(tmp_path: Path) -> None:
    ((chat, messages),) = read(written(tmp_path, channel(said(1, "a", at="2024-02-31T00:00:00Z"), said(2, "b"))))

    assert [each.text for each in messages] == ["b"]
    assert [each.message for each in chat.warnings] == ["message 1 has no possible time; it was left out"]


@pytest.mark.parametrize("content", [{}, {"guild": 1, "channel": 2, "messages": []}, {"channel": {"id": "1"}}])
def test_other_json_is_not_taken_for_it(tmp_path: Path, content: Record) -> None:
    assert not FORMAT.sniff(written(tmp_path, content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["content", "author", "embeds", "attachments", "stickers", "reference", "forwardedMessage", "poll", "type",
     "mentions", "timestampEdited", "id"]
)  # fmt: skip


@settings(deadline=None)  # files are written
@given(st.lists(st.dictionaries(KEYS, JSON, max_size=6), max_size=4))
def test_no_message_is_too_odd_to_be_read(tmp_path_factory: pytest.TempPathFactory, messages: list[Record]) -> None:
    folder = tmp_path_factory.mktemp("discord")
    got = only(folder, *(said(1, "x") | message for message in messages))

    assert len(got) == len(messages)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<"), max_size=30)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 (zones are added)


@settings(deadline=None)  # files are written
@given(
    st.lists(
        st.tuples(st.text("abc", min_size=1), TEXTS, TIMES),
        max_size=6,
    )
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, messages: list[tuple[str, str, datetime]]
) -> None:
    records = [said(1, text, author=author, at=at.isoformat() + "+00:00") for author, text, at in messages]
    got = only(tmp_path_factory.mktemp("discord"), *records)

    assert [(each.author, each.text, each.sent_at) for each in got] == [
        (author.title(), text, at.replace(tzinfo=UTC)) for author, text, at in messages
    ]

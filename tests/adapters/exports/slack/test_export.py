from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.slack.export import SlackExport
from adapters.exports.slack.text import Names, to_plain_text
from bot.errors import ImportRefused

OPTIONS = ParseOptions(timezone=ZoneInfo("Europe/Lisbon"))
FORMAT = SlackExport()
USERS = [
    {"id": "U1", "name": "mara", "profile": {"display_name": "Mara", "real_name": "Mara Silva"}},
    {"id": "U2", "name": "tom", "profile": {"display_name": "", "real_name": "Tom Reed"}},
    {"id": "U3", "name": "ana"},
]
NAMES = Names({"U1": "Mara", "U2": "Tom Reed"}, {"C1": "general"})
Record = dict[str, object]


def said(text: str, *, user: str = "U1", ts: str = "1714770840.000100", **more: object) -> Record:
    return {"type": "message", "user": user, "text": text, "ts": ts, **more}


def workspace(**days: list[Record]) -> dict[str, object]:
    """Return the files of an export whose channel "general" has these days."""
    return {
        "users.json": USERS,
        "channels.json": [{"id": "C1", "name": "general", "members": ["U1", "U2"]}],
        **{f"general/{day.removeprefix('d').replace('_', '-')}.json": messages for day, messages in days.items()},
    }


def zipped(folder: Path, files: Mapping[str, object], name: str = "export.zip", root: str = "") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in files.items():
            archive.writestr(root + member, content if isinstance(content, bytes) else json.dumps(content))
    return path


def read(path: Path) -> list[tuple[ParsedChat, list[ParsedMessage]]]:
    return [(each, list(each.messages)) for each in FORMAT.open(path, OPTIONS)]


def only(folder: Path, *messages: Record) -> list[ParsedMessage]:
    ((_, found),) = read(zipped(folder, workspace(d2024_05_03=list(messages))))
    return found


def test_a_channel_is_read_over_its_days_in_order(tmp_path: Path) -> None:
    first = said("booked", ts="1714770840.000100")
    second = said("great", user="U2", ts="1714857240.5", thread_ts="1714770840.000100", parent_user_id="U1")
    files = workspace(d2024_05_04=[second], d2024_05_03=[first])
    ((chat, messages),) = read(zipped(tmp_path, files))

    assert (chat.title, chat.external_id, chat.kind) == ("#general", "C1", "group")
    assert [(each.author, each.author_id, each.text) for each in messages] == [
        ("Mara", "U1", "booked"),
        ("Tom Reed", "U2", "great"),
    ]
    assert messages[0].external_id == "C1:1714770840.000100"
    assert messages[1].reply_to == messages[0].external_id
    assert messages[0].sent_at == datetime(2024, 5, 3, 21, 14, 0, 100, tzinfo=UTC)
    assert messages[0].sent_at.utcoffset() == timedelta(hours=1)
    assert messages[1].sent_at.microsecond == 500_000


def test_private_groups_and_direct_messages_are_named_after_their_people(tmp_path: Path) -> None:
    day = "2024-05-03.json"
    files = {
        "users.json": USERS,
        "channels.json": [],
        "groups.json": [{"id": "G1", "name": "secret", "members": ["U1"]}],
        "dms.json": [{"id": "D1AAAAAAA", "members": ["U1", "U2"]}],
        "mpims.json": [{"id": "G2", "name": "mpdm-mara--tom--ana-1", "members": ["U1", "U2", "U3"]}],
        f"secret/{day}": [said("a")],
        f"D1AAAAAAA/{day}": [said("b")],
        f"mpdm-mara--tom--ana-1/{day}": [said("c")],
        f"not-listed/{day}": [said("d")],
    }
    found = {messages[0].text: chat for chat, messages in read(zipped(tmp_path, files))}

    assert [(found[text].title, found[text].external_id, found[text].kind) for text in "abcd"] == [
        ("#secret", "G1", "group"),
        ("Mara, Tom Reed", "D1AAAAAAA", "direct"),
        ("Mara, Tom Reed, ana", "G2", "group"),
        ("#not-listed", "not-listed", "group"),
    ]


def test_an_unpacked_folder_and_a_zip_with_a_folder_in_it_are_read_alike(tmp_path: Path) -> None:
    packed = zipped(tmp_path, workspace(d2024_05_03=[said("hi")]), root="Acme export/")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "unpacked")

    assert FORMAT.sniff(packed)
    assert FORMAT.sniff(tmp_path / "unpacked")
    assert [[each.author for each in messages] for _, messages in read(packed)] == [["Mara"]]
    assert [[each.author for each in messages] for _, messages in read(tmp_path / "unpacked")] == [["Mara"]]


def test_people_of_a_grid_are_known_too(tmp_path: Path) -> None:
    files = workspace(d2024_05_03=[said("hi", user="W9")]) | {"org_users.json": [{"id": "W9", "name": "grid"}]}

    assert [each.author for _, messages in read(zipped(tmp_path, files)) for each in messages] == ["grid"]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("hi <@U1> and <@U9|bob>", "hi @Mara and @bob"),
        ("<@U404>: see <#C1|general>, <#C9|gone>", "@U404: see #general, #gone"),
        ("<https://x.pt|the menu> <https://y.pt>", "the menu (https://x.pt) https://y.pt"),
        ("<mailto:a@b.pt|a@b.pt>", "a@b.pt"),
        ("<!here> <!subteam^S1|@crew> <!date^1^{date}|May>", "@here @crew May"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2, &amp;lt;", "1 < 2 && 3 > 2, &lt;"),
        ("a < b > c", "a < b > c"),
    ],
)
def test_references_and_escapes_are_worded(written: str, read_as: str) -> None:
    assert to_plain_text(written, NAMES) == read_as


def test_what_slack_says_itself_is_a_system_line(tmp_path: Path) -> None:
    (message,) = only(tmp_path, said("<@U1> has joined the channel", subtype="channel_join"))

    assert (message.kind, message.author, message.text) == ("system", None, "@Mara has joined the channel")


def test_bots_go_by_the_name_they_chose(tmp_path: Path) -> None:
    bot = {"type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "CI &amp; CD", "ts": "1714770840.1"}
    attached = {"title": "Build 7", "text": "failed", "fields": [{"title": "by", "value": "<@U1>"}]}
    (message,) = only(tmp_path, bot | {"text": "", "attachments": [attached]})

    assert (message.author, message.author_id, message.text) == ("CI & CD", "B1", "Build 7\nfailed\nby: @Mara")


def test_edits_broadcasts_and_deletions_are_told_apart(tmp_path: Path) -> None:
    change = {"type": "message", "subtype": "message_changed", "ts": "1714770999.0"}
    removal = {"type": "message", "subtype": "message_deleted", "deleted_ts": "1714770870.0"}
    edited, broadcast, changed, deleted, tombstone = only(
        tmp_path,
        said("now", edited={"user": "U1", "ts": "1714770841"}),
        said("all", subtype="thread_broadcast", thread_ts="1714770840.000100", ts="1714770850.0"),
        change | {"message": said("new", ts="1714770860.0")},
        removal | {"previous_message": said("oops")},
        said("This message was deleted.", subtype="tombstone", ts="1714770880.0"),
    )

    assert [each.edited for each in (edited, broadcast, changed)] == [True, False, True]
    assert broadcast.reply_to == "C1:1714770840.000100"
    assert (changed.text, changed.external_id) == ("new", "C1:1714770860.0")
    assert (deleted.text, deleted.deleted, deleted.external_id) == ("", True, "C1:1714770870.0")
    assert (tombstone.text, tombstone.deleted) == ("", True)


def test_a_message_that_has_only_blocks_is_read_from_them(tmp_path: Path) -> None:
    section = [{"type": "text", "text": "see "}, {"type": "user", "user_id": "U2"}, {"type": "emoji", "name": "tada"}]
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": section}]}]
    (message,) = only(tmp_path, said("", blocks=blocks))

    assert message.text == "see @Tom Reed:tada:"


def test_files_old_and_new_are_noted_and_found_where_tools_put_them(tmp_path: Path) -> None:
    new = said("look", files=[{"id": "F1", "name": "menu.pdf", "mimetype": "application/pdf"}])
    old = said("", subtype="file_share", file={"id": "F2", "name": "a.png", "mimetype": "image/png"}, ts="1714770850.0")
    gone = said("", files=[{"id": "F3", "mode": "tombstone"}], ts="1714770860.0")
    files = workspace(d2024_05_03=[new, old, gone]) | {"general/attachments/F1-menu.pdf": b"%PDF"}
    ((_, messages),) = read(zipped(tmp_path, files))

    assert [each.attachments for each in messages] == [
        (ParsedAttachment("menu.pdf", "document", omitted=False, path="general/attachments/F1-menu.pdf"),),
        (ParsedAttachment("a.png", "image", omitted=True),),
        (ParsedAttachment(None, "unknown", omitted=True),),
    ]


def test_what_was_shared_is_kept_and_previews_of_links_are_not(tmp_path: Path) -> None:
    shared = {"is_share": True, "author_name": "Tom", "text": "the plan"}
    preview = {"from_url": "https://x.pt", "title": "X", "text": "a site"}
    (message,) = only(tmp_path, said("see", attachments=[shared, preview]))

    assert message.text == "see\n(shared: Tom)\nthe plan"


def test_a_damaged_day_is_said_and_the_others_are_read(tmp_path: Path) -> None:
    files = workspace(d2024_05_03=[said("a")], d2024_05_05=[said("c", ts="1714770999.0")])
    cut = json.dumps([said("b", ts="1714770900.0"), said("lost")])[:-30].encode()
    ((chat, messages),) = read(zipped(tmp_path, files | {"general/2024-05-04.json": cut}))

    assert [each.text for each in messages] == ["a", "b", "c"]
    (warning,) = chat.warnings
    assert warning.message.startswith("general/2024-05-04.json: the JSON ends in the middle")


def test_impossible_times_are_said(tmp_path: Path) -> None:
    files = workspace(d2024_05_03=[said("a"), said("x", ts="yesterday"), said("y", ts="999999999999.9")])
    ((chat, messages),) = read(zipped(tmp_path, files))

    assert [each.text for each in messages] == ["a"]
    assert [each.message for each in chat.warnings] == [
        "message 2 has no possible time; it was left out (1 more messages like it)"
    ]


@pytest.mark.parametrize("files", [{"a/2024-05-03.json": {"ts": 1}}, {"users.json": USERS}, {"x.txt": b"hello"}])
def test_other_archives_are_not_taken_for_slacks(tmp_path: Path, files: dict[str, object]) -> None:
    path = zipped(tmp_path, files)

    assert not FORMAT.sniff(path)


def test_an_archive_without_days_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"general/2024-05-03\.json"):
        list(FORMAT.open(zipped(tmp_path, {"users.json": USERS}), OPTIONS))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["text", "ts", "user", "subtype", "files", "file", "attachments", "blocks", "message", "previous_message",
     "thread_ts", "comment", "bot_profile", "user_profile", "username", "edited"]
)  # fmt: skip


@settings(deadline=None)  # files are written
@given(st.lists(st.dictionaries(KEYS, JSON | st.just("1714770840.5"), max_size=8), max_size=4))
def test_no_message_is_too_odd_to_be_read(tmp_path_factory: pytest.TempPathFactory, messages: list[Record]) -> None:
    folder = tmp_path_factory.mktemp("slack")
    got = only(folder, *messages)

    assert len(got) <= len(messages)


@settings(deadline=None)  # files are written
@given(
    st.lists(st.tuples(st.sampled_from(["U1", "U2"]), st.text(max_size=30), st.integers(0, 4_000_000_000)), max_size=6)
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, messages: list[tuple[str, str, int]]
) -> None:
    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    written = [said(escaped(text), user=user, ts=f"{ts}.000001") for user, text, ts in messages]
    got = only(tmp_path_factory.mktemp("slack"), *written)

    assert [(each.author_id, each.text, int(each.sent_at.timestamp())) for each in got] == [
        (user, text, ts) for user, text, ts in messages
    ]

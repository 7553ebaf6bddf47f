"""What the apps' exports hold beside words: files, deletions, edits, answers, system lines, and their oddities."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC
from pathlib import Path

import pytest

from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.sources import find_sources, installed_formats
from bot.errors import ImportRefused
from tests.adapters.exports.apps.samples import SAMPLES, greeting


def chats(path: Path) -> list[tuple[ParsedChat, list[ParsedMessage]]]:
    (source,) = find_sources(path, installed_formats())
    return [(chat, list(chat.messages)) for chat in source.format.open(source.path, ParseOptions(UTC))]


def read(folder: Path, name: str, content: object) -> tuple[ParsedChat, list[ParsedMessage]]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    (only,) = chats(path)
    return only


def files_of(message: ParsedMessage) -> list[tuple[str, str | None, bool]]:
    return [(file.kind, file.name, file.omitted) for file in message.attachments]


def test_a_whole_account_of_instagram_is_read_chat_by_chat_with_its_photos(tmp_path: Path) -> None:
    def chat(title: str, *messages: dict[str, object]) -> str:
        people = [{"name": "Ana"}, {"name": "Bob"}]
        path = f"inbox/{title.lower()}_1"
        return json.dumps({"participants": people, "messages": messages, "title": title, "thread_path": path})

    root = "your_instagram_activity/messages/inbox/"
    photo = {"uri": f"{root}trip_1/photos/1.jpg", "creation_timestamp": 1}
    at = 1714770845000
    path = tmp_path / "instagram-ana.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("personal_information/personal_information.json", "{}")
        archive.writestr(
            f"{root}trip_1/message_1.json",
            chat(
                "Trip",
                {
                    "sender_name": "Ana",
                    "timestamp_ms": at,
                    "content": "see you in caf\u00c3\u00a9 \u00f0\u009f\u008e\u0089",
                },
                {"sender_name": "Bob", "timestamp_ms": at - 1000, "photos": [photo]},
                {"sender_name": "Bob", "timestamp_ms": at - 2000, "is_unsent": True},
                {
                    "sender_name": "Ana",
                    "timestamp_ms": at - 3000,
                    "share": {"link": "https://x.org"},
                    "content": "look",
                },
            ),
        )
        archive.writestr(f"{root}trip_1/photos/1.jpg", b"jpg")
        archive.writestr(f"{root}work_1/message_1.json", chat("Work", {"sender_name": "Ana", "timestamp_ms": at}))
    (trip, said), (work, _) = chats(path)

    assert [(each.title, each.platform, each.kind) for each in (trip, work)] == [
        ("Trip", "instagram", "direct"),
        ("Work", "instagram", "direct"),
    ]
    assert [each.text for each in said] == ["look\nhttps://x.org", "", "", "see you in café 🎉"]
    assert said[1].deleted
    assert files_of(said[2]) == [("image", "1.jpg", False)]


def test_of_chatgpt_the_branch_that_was_shown_is_read_without_tools_and_thoughts(tmp_path: Path) -> None:
    def node(n: str, parent: str | None, role: str, *parts: object, kind: str = "text", **more: object) -> object:
        content = {"content_type": kind, "parts": list(parts)}
        message = {"id": n, "author": {"role": role}, "create_time": 1714770845.5, "content": content, **more}
        return {"id": n, "message": message, "parent": parent, "children": []}

    hidden = {"is_visually_hidden_from_conversation": True}
    named = {"attachments": [{"name": "plan.pdf"}]}
    mapping = {
        "s": node("s", None, "system", "be nice"),
        "h": node("h", "s", "user", "about me", metadata=hidden),
        "a": node("a", "h", "user", "first try"),
        "b": node(
            "b",
            "h",
            "user",
            {"asset_pointer": "file-service://1"},
            "second try",
            kind="multimodal_text",
            metadata=named,
        ),
        "t": node("t", "b", "assistant", "import x", kind="code"),
        "c": node("c", "t", "assistant", "the answer"),
    }
    record = {"title": "Trip", "mapping": mapping, "current_node": "c", "conversation_id": "x", "create_time": 1.0}
    chat, said = read(tmp_path, "conversations.json", [record])

    assert (chat.title, chat.external_id, chat.own_account) == ("Trip", "x", "user")
    assert [(each.author, each.text) for each in said] == [("You", "second try"), ("ChatGPT", "the answer")]
    assert files_of(said[0]) == [("document", "plan.pdf", True)]


def test_of_chatgpt_uploads_are_found_in_the_zip_and_marks_resolved(tmp_path: Path) -> None:
    def message(n: str, parent: str | None, role: str, content: object, metadata: object) -> object:
        said = {"id": n, "author": {"role": role}, "create_time": 1.5, "content": content, "metadata": metadata}
        return {"id": n, "message": said, "parent": parent, "children": []}

    picture = {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_00ab"}
    asked = {"content_type": "multimodal_text", "parts": [picture, "what is it?"]}
    mark = "\ue200cite\ue202turn0search0\ue201"
    answer = f'A heron{mark}, in \ue200entity\ue202["city","Porto"]\ue201.\ue200i\ue202x\ue201'
    answered = {"content_type": "text", "parts": [answer]}
    references = [{"matched_text": mark, "alt": " ([birds](https://birds.example))"}]
    mapping = {
        "a": message("a", None, "user", asked, {"attachments": [{"id": "file-Xy1", "name": "plan.pdf"}]}),
        "b": message("b", "a", "assistant", answered, {"content_references": references}),
    }
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations.json", json.dumps([{"title": "x", "mapping": mapping, "current_node": "b"}]))
        archive.writestr("file-Xy1-plan.pdf", b"pdf")
        archive.writestr("user-1/file_00ab-heron.png", b"png")
    ((_, said),) = chats(path)

    assert files_of(said[0]) == [("document", "plan.pdf", False), ("image", "file_00ab-heron.png", False)]
    assert [file.path for file in said[0].attachments] == ["file-Xy1-plan.pdf", "user-1/file_00ab-heron.png"]
    assert said[1].text == "A heron ([birds](https://birds.example)), in Porto."


def test_texts_that_were_pasted_to_claude_are_words(tmp_path: Path) -> None:
    pasted = [{"file_name": "", "extracted_content": "the code is 4417"}, {"file_name": "a.txt", "file_size": 9}]
    message = {"sender": "human", "created_at": "2024-05-03T21:14:05Z", "text": "see", "attachments": pasted}
    _, said = read(tmp_path, "conversations.json", [{"uuid": "c", "name": "Trip", "chat_messages": [message]}])

    assert said[0].text == "see\n\nthe code is 4417"


def test_only_messengers_own_line_marks_a_message_as_unsent(tmp_path: Path) -> None:
    texts = ["I never unsent a message", "Ana unsent a message"]
    said = [{"sender_name": "Ana", "timestamp_ms": n, "content": text} for n, text in enumerate(texts, 1714770845000)]
    content = {"participants": [{"name": "Ana"}], "messages": said, "title": "Trip", "thread_path": "inbox/x"}
    _, found = read(tmp_path, "message_1.json", content)

    assert [(each.text, each.deleted) for each in found] == [("I never unsent a message", False), ("", True)]


def test_claudes_files_are_named_and_its_thoughts_left_out(tmp_path: Path) -> None:
    content = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "the answer"}, {"type": "tool_use"}]
    at = "2024-05-03T21:14:05.000000Z"
    messages = [
        {"uuid": "1", "sender": "human", "created_at": at, "text": "read it", "attachments": [{"file_name": "p.pdf"}]},
        {"uuid": "2", "sender": "assistant", "created_at": at, "text": "", "content": content},
    ]
    chat, said = read(tmp_path, "conversations.json", [{"uuid": "c", "name": "Trip", "chat_messages": messages}])

    assert (chat.title, chat.own_account) == ("Trip", "human")
    assert [(each.author, each.text) for each in said] == [("You", "read it"), ("Claude", "the answer")]
    assert files_of(said[0]) == [("document", "p.pdf", True)]


def test_geminis_answers_stand_behind_what_was_asked(tmp_path: Path) -> None:
    answer = [{"html": "<p>At <b>nine</b>.</p><ul><li>bring a coat</li></ul>"}]
    record = {
        "header": "Gemini Apps",
        "title": "Prompted when?",
        "time": "2024-05-03T21:14:05Z",
        "safeHtmlItem": answer,
    }
    _, said = read(tmp_path, "MyActivity.json", [record])

    assert [(each.author, each.text) for each in said] == [("You", "when?"), ("Gemini", "At nine.\n- bring a coat")]


def test_text_messages_are_told_apart_by_their_conversations_and_group_messages_by_their_senders(
    tmp_path: Path,
) -> None:
    backup = """<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<smses count="4">
  <sms address="+1555" date="1714770845000" type="1" body="hi &#55356;&#57225; &amp; bye" contact_name="Bob" />
  <sms address="+1777" date="1714770846000" type="2" body="hello" contact_name="(Unknown)" />
  <sms address="+1555" date="1714770847000" type="2" body="yes" contact_name="Bob" />
  <mms address="+1555~+1777" date="1714770848000" msg_box="1" sub="null" contact_name="Bob, Zoe"><parts>
    <part seq="-1" ct="application/smil" text="x" /><part seq="0" ct="text/plain" text="look" />
    <part seq="0" ct="image/jpeg" name="null" cl="1.jpg" data="AAAA" /></parts>
    <addrs><addr address="+1777" type="137" /><addr address="+1555" type="151" /></addrs></mms>
</smses>
"""
    path = tmp_path / "sms-2024.xml"
    path.write_text(backup, "utf-8")
    found = [(chat.title, chat.kind, [(m.author, m.text) for m in said]) for chat, said in chats(path)]

    assert found == [
        ("Bob", "direct", [("Bob", "hi 🎉 & bye"), ("Me", "yes")]),
        ("+1777", "direct", [("Me", "hello")]),
        ("Bob, Zoe", "group", [("Zoe", "look")]),
    ]
    assert files_of(chats(path)[2][1][0]) == [("image", "1.jpg", False)]


def test_texts_that_failed_or_are_drafts_are_ones_own(tmp_path: Path) -> None:
    sms = "".join(
        f'<sms address="+1555" date="171477084500{n}" type="{n}" body="{n}" contact_name="Bob" />' for n in "13456"
    )
    path = tmp_path / "sms.xml"
    path.write_text(f"<smses>{sms}</smses>", "utf-8")
    ((_, said),) = chats(path)

    assert [(each.author, each.text) for each in said] == [("Bob", "1"), *(("Me", n) for n in "3456")]


def test_a_data_package_of_discord_has_folders_in_the_language_of_its_account(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    row = [{"ID": 7, "Timestamp": "2024-05-03 21:14:05", "Contents": "hello", "Attachments": ""}]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Nachrichten/c1/messages.json", json.dumps(row))
        archive.writestr("Nachrichten/c1/channel.json", json.dumps({"id": "1", "type": "DM"}))
        archive.writestr("Nachrichten/index.json", json.dumps({"1": "Direct Message with bob"}))
        archive.writestr("Konto/user.json", json.dumps({"id": "9", "username": "ana"}))
    ((chat, said),) = chats(path)

    assert (chat.title, [(each.author, each.text) for each in said]) == ("Direct Message with bob", [("ana", "hello")])


def test_entities_in_a_backup_are_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "sms.xml"
    path.write_text('<!DOCTYPE x [<!ENTITY a "b">]>\n<smses><sms address="1" date="1" type="1" body="&a;"/></smses>')
    with pytest.raises(ImportRefused, match="entities"):
        chats(path)


def test_signals_groups_edits_and_deletions_are_read(tmp_path: Path) -> None:
    frames: list[object] = [
        {"version": "1", "backupTimeMs": "1", "mediaRootBackupKey": "AA=="},
        {"recipient": {"id": "1", "self": {}}},
        {"recipient": {"id": "2", "contact": {"e164": "15551234", "profileGivenName": "Ana"}}},
        {"recipient": {"id": "3", "group": {"snapshot": {"title": {"title": "Trip"}}}}},
        {"chat": {"id": "7", "recipientId": "3"}},
        {"chat": {"id": "8", "recipientId": "2"}},
    ]
    base = {"dateSent": "1714770845000", "incoming": {}, "authorId": "2"}
    file = {"pointer": {"fileName": "p.pdf", "contentType": "application/pdf"}}
    items = [
        {"chatId": "7", **base, "standardMessage": {"text": {"body": "look"}, "attachments": [file]}},
        {"chatId": "8", **base, "remoteDeletedMessage": {}},
        {"chatId": "7", **base, "standardMessage": {"text": {"body": "at nine"}}, "revisions": [{}]},
        {"chatId": "8", "dateSent": "1714770846000", "outgoing": {}, "standardMessage": {"text": {"body": "ok"}}},
    ]
    path = tmp_path / "main.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in [*frames, *({"chatItem": item} for item in items)]))
    (trip, said), (ana, private) = chats(path)

    assert (trip.title, trip.kind, ana.title, ana.kind) == ("Trip", "group", "Ana", "direct")
    assert [(each.text, each.edited) for each in said] == [("look", False), ("at nine", True)]
    assert files_of(said[0]) == [("document", "p.pdf", True)]
    assert [(each.author, each.deleted) for each in private] == [("Ana", True), ("Me", False)]


def test_signal_export_is_told_from_whatsapp_and_its_media_are_found(tmp_path: Path) -> None:
    (tmp_path / "Tom" / "media").mkdir(parents=True)
    (tmp_path / "Tom" / "media" / "1.png").write_bytes(b"png")
    text = (
        "[2024-01-01 12:00] Me: Hello\n[2024-01-01 12:01] Tom: Hi there  \n(- Me: 👍 -)\n"
        "[2024-01-01, 12:02] Tom: ![1.png](./media/1.png)  \nsecond line\n"
    )
    chat, said = read(tmp_path, "Tom/chat.md", text)

    assert [(each.author, each.text) for each in said] == [("Me", "Hello"), ("Tom", "Hi there"), ("Tom", "second line")]
    assert files_of(said[2]) == [("image", "1.png", False)]
    assert chat.media is not None


def test_signal_exports_records_are_read(tmp_path: Path) -> None:
    record = {
        "date": "2024-05-03 21:14:05",
        "sender": "Tom",
        "body": "hi  ",
        "quote": "",
        "attachments": [],
        "sticker": "",
    }
    _, said = read(tmp_path, "data.json", json.dumps(record) + "\n" + json.dumps(record) + "\n")

    assert [(each.author, each.text) for each in said] == [("Tom", "hi"), ("Tom", "hi")]


def test_lines_photos_and_unsent_messages_are_known_in_its_languages(tmp_path: Path) -> None:
    text = (
        "[LINE] Anaとのトーク履歴\n保存日時：2024/05/04 12:00\n\n2024/05/03(金)\n21:14\tAna\t[写真]\n"
        '21:15\tAna\t"one\ntwo"\n'
        "21:16\tAna\tAnaがメッセージの送信を取り消しました\n21:17\t\tAnaが参加しました\n午後9:18\tBob\tok\n"
    )
    chat, said = read(tmp_path, "line.txt", text)

    assert chat.title == "Ana"
    assert files_of(said[0]) == [("image", None, True)]
    assert (said[1].text, said[2].deleted, said[3].kind, said[4].author) == ("one\ntwo", True, "system", "Bob")


def test_kakaotalks_photos_deletions_and_system_lines_are_known(tmp_path: Path) -> None:
    text = (
        "Trip 님과 카카오톡 대화\n저장한 날짜 : 2024. 5. 4. 오후 1:31\n\n2024년 5월 3일 금요일\n"
        "2024. 5. 3. 오후 9:14, Ana : 사진\n2024. 5. 3. 오후 9:15, Bob : 삭제된 메시지입니다.\n"
        "2024. 5. 3. 오후 9:16: Zoe님이 들어왔습니다.\n2024. 5. 3. 오후 9:17, Bob : 파일: plan.pdf\n"
    )
    chat, said = read(tmp_path, "talk.txt", text)

    assert chat.title == "Trip"
    assert [(each.author, each.kind, each.deleted) for each in said] == [
        ("Ana", "message", False),
        ("Bob", "message", True),
        (None, "system", False),
        ("Bob", "message", False),
    ]
    assert [files_of(said[0]), files_of(said[3])] == [[("image", None, True)], [("document", "plan.pdf", True)]]
    assert f"{said[0].sent_at:%Y-%m-%d %H:%M}" == "2024-05-03 21:14"


def test_lines_of_a_message_that_look_like_days_or_stamps_stay_words(tmp_path: Path) -> None:
    text = (
        "[LINE] Chat history with Ana\nSaved on: 5/4/2024, 12:00\n\nFri, 5/3/2024\n"
        '21:14\tAna\t"Plan:\n12:30 lunch at noon\n2024/05/09\nend"\n21:14\tBob\t"x" is it\n'
        "21:15\tBob\tfirst\n13:00 ferry leaves\n\nSun, 5/5/2024\n09:00\tAna\tok\n"
    )
    _, said = read(tmp_path, "line.txt", text)

    assert [(each.author, each.text, f"{each.sent_at:%m-%d %H:%M}") for each in said] == [
        ("Ana", "Plan:\n12:30 lunch at noon\n2024/05/09\nend", "05-03 21:14"),
        ("Bob", '"x" is it', "05-03 21:14"),
        ("Bob", "first\n13:00 ferry leaves", "05-03 21:15"),
        ("Ana", "ok", "05-05 09:00"),
    ]


def test_kakaotalks_days_and_arrivals_are_not_words_of_the_message_before(tmp_path: Path) -> None:
    english = (
        "Trip KakaoTalk Chats\nDate Saved : May 4, 2024 at 14:23\n\nFriday, May 3, 2024\n"
        "May 3, 2024 at 21:14, Ana : hello\nsecond line\n\nSaturday, May 4, 2024\nMay 4, 2024 at 09:00, Bob : ok\n"
    )
    windows = (
        "Trip 님과 카카오톡 대화\n저장한 날짜 : 2024-05-04 14:23:11\n\n"
        "--------------- 2024년 5월 3일 금요일 ---------------\n"
        "[Ana] [오후 9:14] hello\nZoe님이 들어왔습니다.\n[Bob] [오후 9:15] ok\nBob님이 나갔습니다.\n"
    )
    _, said = read(tmp_path / "a", "talk.txt", english)
    _, found = read(tmp_path / "b", "talk.txt", windows)

    assert [(each.author, each.text) for each in said] == [("Ana", "hello\nsecond line"), ("Bob", "ok")]
    assert [(each.author, each.text) for each in found] == [
        ("Ana", "hello"),
        (None, "Zoe님이 들어왔습니다."),
        ("Bob", "ok"),
        (None, "Bob님이 나갔습니다."),
    ]


@pytest.mark.parametrize(
    ("rows", "days"),
    [
        (["05/03/2024,21:14:05", "05/13/2024,09:00:00"], ["05-03", "05-13"]),
        (["05/03/2024,21:14:05", "13/03/2024,09:00:00"], ["03-05", "03-13"]),
        (["05/03/2024,21:14:05", "06/03/2024,09:00:00"], ["03-05", "03-06"]),
        (["05/03/2024,21:14:05", "06/02/2024,09:00:00"], ["05-03", "06-02"]),
    ],
)
def test_a_table_of_viber_has_one_order_of_day_and_month(tmp_path: Path, rows: list[str], days: list[str]) -> None:
    _, said = read(tmp_path, "Ana.csv", "".join(f"{row},Ana,+351912,hello\n" for row in rows))

    assert [f"{each.sent_at:%m-%d}" for each in said] == days


@pytest.mark.parametrize(
    "written",
    [
        "Monday, January 1, 2024 at 12:00:00\u202fPM UTC",
        "Montag, 1. Januar 2024 um 12:00:00 UTC",
        "lundi 1 janvier 2024 à 12:00:00 UTC",
        "poniedziałek, 1 stycznia 2024 12:00:00 UTC",
        "2024年1月1日星期一 UTC 12:00:00",
        "2024年1月1日月曜日 12時00分00秒 UTC",
        "2024년 1월 1일 월요일 오후 12시 0분 0초 UTC",
    ],
)
def test_google_chats_dates_are_read_in_its_languages(tmp_path: Path, written: str) -> None:
    message = {"creator": {"name": "Ana", "email": "a@b"}, "created_date": written, "text": "hello"}
    _, said = read(tmp_path, "messages.json", {"messages": [message]})

    assert [f"{each.sent_at:%Y-%m-%d %H:%M}" for each in said] == ["2024-01-01 12:00"]


def test_irc_logs_lose_their_colours_and_those_who_come_say_nothing(tmp_path: Path) -> None:
    text = (
        "Session Start: Fri May 03 21:00:00 2024\n[21:14] <@ana> \x0304,01red\x03 and \x02bold\x0f\n"
        "[21:15] * zoe (z@host) has joined\n[21:16] * zoe waves\n"
    )
    _, said = read(tmp_path, "trip.log", text)

    assert [(each.author, each.text) for each in said] == [
        ("ana", "red and bold"),
        (None, "zoe (z@host) has joined"),
        ("zoe", "* waves"),
    ]


def test_of_signal_polls_contacts_payments_and_changes_are_told(tmp_path: Path) -> None:
    def item(n: int, **content: object) -> str:
        return json.dumps({"chatItem": {"chatId": "1", "authorId": "2", "dateSent": f"171477084500{n}", **content}})

    poll = {"question": "Where?", "options": [{"option": "Porto"}, {"option": "Lagos"}]}
    contact = {"name": {"givenName": "Zoe"}, "number": [{"value": "+1555"}]}
    changes = {"updates": [{"groupNameUpdate": {"updaterAci": "x", "newGroupName": "New trip"}}]}
    lines = [
        json.dumps({"version": "1", "backupTimeMs": "1"}),
        json.dumps({"recipient": {"id": "2", "contact": {"profileGivenName": "Ana"}}}),
        json.dumps({"chat": {"id": "1", "recipientId": "2"}}),
        item(1, poll=poll),
        item(2, contactMessage={"contact": contact}),
        item(3, viewOnceMessage={}),
        item(4, paymentNotification={}),
        item(5, updateMessage={"groupChange": changes}),
        item(6, adminDeletedMessage={"adminId": "2"}),
        item(7, standardMessage={"text": {"body": "see"}, "linkPreview": [{"url": "https://x.example"}]}),
    ]
    _, said = read(tmp_path, "main.jsonl", "\n".join(lines))

    assert [(each.text, each.kind, each.deleted, len(each.attachments)) for each in said] == [
        ("Poll: Where?\n- Porto\n- Lagos", "message", False, 0),
        ("Zoe +1555", "message", False, 0),
        ("", "message", False, 1),
        ("[a payment]", "message", False, 0),
        ("group name update: New trip", "system", False, 0),
        ("", "message", True, 0),
        ("see\nhttps://x.example", "message", False, 0),
    ]


@pytest.mark.parametrize(
    "written", ["03-May-24 09:15 PM", "May 3, 2024 at 9:15 PM", "2024/5/3 21:15:00", "3 May 2024, 21:15"]
)
def test_tables_may_have_dates_as_people_write_them(tmp_path: Path, written: str) -> None:
    _, said = read(tmp_path, "chat.csv", f'author,date,content\nAna,"{written}",hello\n')

    assert f"{said[0].sent_at:%Y-%m-%d %H:%M}" == "2024-05-03 21:15"


def test_the_table_of_wechatmsg_is_read(tmp_path: Path) -> None:
    text = (
        "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n"
        '1,1,1,0,0,1714770845,,"hi, there",2024-05-03 21:14:05,,Ana,wxid_1\n'
        "2,1,1,0,1,1714770846,,ok,2024-05-03 21:14:06,,Me,wxid_2\n"
        "3,1,3,0,0,1,,[图片],2024-05-03 21:14:07,Ann,Ana,wxid_1\n"
        "4,1,10000,0,0,1,,Ana 撤回了一条消息,2024-05-03 21:14:08,,,\n"
    )
    _, said = read(tmp_path, "chat.csv", text)

    assert [(each.author, each.text) for each in said[:2]] == [("Ana", "hi, there"), ("Me", "ok")]
    assert files_of(said[2]) == [("image", None, True)]
    assert said[3].kind == "system"


def test_imessages_replies_stand_once_and_tapbacks_are_left_out(tmp_path: Path) -> None:
    text = (
        "May 03, 2024  9:14:05 PM (Read by you after 1 minute)\nAna\nhello\nTapbacks:\n    Loved by Me\n"
        "    May 03, 2024  9:15:00 PM\n    Me\n    an answer\n\n"
        "May 03, 2024  9:15:00 PM\nMe\nan answer\nThis message responded to an earlier message.\n\n"
        "May 03, 2024  9:16:00 PM You named the conversation Trip\n\nMay 03, 2024  9:17:00 PM\nMe\n/Users/me/p.heic\n\n"
    )
    _, said = read(tmp_path, "Ana.txt", text)

    assert [(each.author, each.text) for each in said] == [
        ("Ana", "hello"),
        ("Me", "an answer"),
        (None, "You named the conversation Trip"),
        ("Me", ""),
    ]
    assert files_of(said[3]) == [("image", "p.heic", True)]


def test_imessages_own_words_are_kept_whatever_they_look_like(tmp_path: Path) -> None:
    text = (
        "May 03, 2024  9:14:05 PM\nAna\ndef pay():\n    return 7\nLoved by nobody\n\n"
        "May 03, 2024  9:15:00 PM\nMe\nMay 03, 2024  9:15:00 PM see you at seven\n"
        "Edited 5 seconds later: see you at eight\n\n"
        "May 03, 2024  9:16:00 PM\nAna\nI unsent a message to Bob yesterday\n\n"
        "May 03, 2024  9:17:00 PM\nAna\nAna unsent this message part 1 minute after sending!\n\n"
        "May 03, 2024  9:18:00 PM\nAna\nfirst part\nTapbacks:\nLoved by Me\n\nsecond part\n\n"
    )
    _, said = read(tmp_path, "Ana.txt", text)

    assert [(each.author, each.text, each.edited, each.deleted) for each in said] == [
        ("Ana", "def pay():\n    return 7\nLoved by nobody", False, False),
        ("Me", "see you at eight", True, False),
        ("Ana", "I unsent a message to Bob yesterday", False, False),
        ("Ana", "", False, True),
        ("Ana", "first part\nsecond part", False, False),
    ]


def test_imessages_pages_keep_subjects_and_links(tmp_path: Path) -> None:
    def message(body: str) -> str:
        return (
            '<div class="message"><div class="received"><p><span class="timestamp">May 03, 2024  9:14:05 PM</span>'
            f'<span class="sender">Ana</span></p>{body}</div></div>\n'
        )

    link = (
        '<hr><div class="message_part"><div class="app"><a href="https://ferry.example"><div class="app_header">'
        '<div class="name"><b>Ferries</b></div></div></a></div></div>'
    )
    bubble = '<div class="message_part"><span class="bubble">bring a coat</span></div>'
    page = message(f'Subject: <span class="subject">The trip</span><hr>{bubble}') + message(link)
    _, said = read(tmp_path, "Ana.html", f'<html><meta charset="UTF-8">\n{page}</html>')

    assert [each.text for each in said] == ["The trip\nbring a coat", "https://ferry.example\nFerries"]


def test_matrixs_answers_edits_and_files_are_read(tmp_path: Path) -> None:
    def event(n: int, content: object, kind: str = "m.room.message", **more: object) -> object:
        return {"type": kind, "sender": "@ana:x", "origin_server_ts": 1714770845000, "content": content,
                "event_id": f"${n}", "room_id": "!r:x", **more}  # fmt: skip

    replacing = {"rel_type": "m.replace", "event_id": "$3"}
    edit = {"body": "* new", "m.new_content": {"body": "new"}, "m.relates_to": replacing}
    events = [
        event(1, {"membership": "join"}, "m.room.member"),
        event(2, {"msgtype": "m.image", "body": "1.jpg"}),
        event(3, {"body": "> <@a:x> hi\n\nyes", "m.relates_to": {"m.in_reply_to": {"event_id": "$2"}}}),
        event(4, edit),
        event(5, {}, unsigned={"redacted_because": {}}),
        event(6, {"m.relates_to": {"rel_type": "m.annotation", "key": "👍"}}, "m.reaction"),
    ]
    chat, said = read(tmp_path, "export.json", {"room_name": "Trip", "export_date": "1", "messages": events})

    assert (chat.title, chat.external_id) == ("Trip", "!r:x")
    assert [(each.author, each.text, each.edited, each.deleted) for each in said] == [
        (None, "ana join", False, False),
        ("ana", "", False, False),
        ("ana", "yes", False, False),
        ("ana", "new", True, False),
        ("ana", "", False, True),
    ]
    assert (said[2].reply_to, said[3].external_id) == ("$2", "$3")


def test_matrixs_people_have_the_names_they_chose_and_polls_are_words(tmp_path: Path) -> None:
    def event(kind: str, content: object, **more: object) -> object:
        return {"type": kind, "sender": "@ana:x", "origin_server_ts": 1714770845000, "content": content, **more}

    answers = [{"id": "1", "m.text": [{"body": "Porto"}]}, {"id": "2", "org.matrix.msc1767.text": "Lagos"}]
    poll = {"question": {"m.text": [{"body": "Where?"}]}, "answers": answers}
    events = [
        event("m.room.member", {"membership": "join", "displayname": "Ana Reis"}, state_key="@ana:x"),
        event("m.room.message", {"msgtype": "m.text", "body": "hello"}),
        event("m.poll.start", {"m.poll": poll}),
    ]
    _, said = read(tmp_path, "export.json", {"room_name": "Trip", "export_date": "1", "messages": events})

    assert [(each.author, each.text) for each in said[1:]] == [
        ("Ana Reis", "hello"),
        ("Ana Reis", "Poll: Where?\n- Porto\n- Lagos"),
    ]


def test_skypes_quotes_are_marked_and_edit_marks_left_out(tmp_path: Path) -> None:
    def message(n: int, kind: str, content: str) -> object:
        return {"id": str(n), "displayName": "Ana", "originalarrivaltime": f"2024-05-03T21:14:0{n}.5Z", "from": "8:ana",
                "messagetype": kind, "content": content, "properties": None}  # fmt: skip

    said = [
        message(4, "RichText/UriObject", '<URIObject><OriginalName v="1.jpg"></OriginalName></URIObject>'),
        message(3, "Event/Call", '<partlist type="ended"></partlist>'),
        message(2, "RichText", 'nine <b>sharp</b> &amp; dry<e_m a="x" ts_ms="1"></e_m>'),
        message(
            1,
            "RichText",
            '<quote author="b"><legacyquote>[1] b: </legacyquote>when?<legacyquote> </legacyquote></quote>ok',
        ),
    ]
    conversation = {"id": "8:ana", "displayName": "Ana", "MessageList": said}
    chat, found = read(
        tmp_path, "messages.json", {"userId": "8:me", "exportDate": "x", "conversations": [conversation]}
    )

    assert (chat.title, chat.kind, chat.own_account) == ("Ana", "direct", "me")
    assert [each.text for each in found if each.kind == "message"] == ["> when?\nok", "nine sharp & dry", ""]
    assert files_of(found[3]) == [("image", "1.jpg", True)]


def test_a_personal_account_of_teams_loses_no_message(tmp_path: Path) -> None:
    def message(n: int, kind: str, content: str, properties: object = None) -> object:
        return {"id": str(n), "displayName": "Ana", "originalarrivaltime": f"2024-05-03T21:14:0{n}.5Z", "from": "8:ana",
                "messagetype": kind, "content": content, "properties": properties}  # fmt: skip

    smile = '<img itemtype="http://schema.skype.com/Emoji" alt="😀" src="x">'
    reply = '<blockquote itemtype="http://schema.skype.com/Reply" itemid="1"><p itemprop="preview">hi</p></blockquote>'
    added = "<addmember><eventtime>17</eventtime><initiator>8:ana</initiator><target>8:bob</target></addmember>"
    called = '<partlist type="ended" alt=""><part identity="x"><name>Bob</name><duration>5</duration></part></partlist>'
    said = [
        message(1, "RichText/Html", f"<p>hi {smile}</p>"),
        message(2, "RichText/Html", f"{reply}<p>at <b>nine</b></p>"),
        message(3, "RichText/Html", "", {"files": json.dumps([{"fileName": "plan.pdf"}])}),
        message(4, "RichText/Html", '<p>see<img itemtype="http://schema.skype.com/AMSImage" src="x"></p>'),
        message(5, "RichText/Contacts", '<contacts><c t="s" s="zoe" f="Zoe"/></contacts>'),
        message(6, "Text", "a<b & c"),
        message(7, "ThreadActivity/AddMember", added),
        message(8, "Event/Call", called),
        message(9, "RichText/Html", "", {"deletetime": "1"}),
        message(0, "Control/Typing", ""),
    ]
    conversation = {"id": "19:x@thread.v2", "displayName": "Trip", "MessageList": said}
    chat, found = read(
        tmp_path, "messages.json", {"userId": "8:me", "exportDate": "x", "conversations": [conversation]}
    )

    assert (chat.title, chat.kind) == ("Trip", "group")
    assert [(each.kind, each.text, each.deleted) for each in found] == [
        ("message", "hi 😀", False),
        ("message", "at nine", False),
        ("message", "", False),
        ("message", "see", False),
        ("message", "Contact: Zoe", False),
        ("message", "a<b & c", False),
        ("system", "Ana: AddMember bob", False),
        ("system", "Ana: Call ended, Bob", False),
        ("message", "", True),
    ]
    assert [files_of(each) for each in found[2:4]] == [[("document", "plan.pdf", True)], [("image", None, True)]]
    assert found[1].reply_to == "1"


def test_mattermosts_direct_messages_and_replies_are_read(tmp_path: Path) -> None:
    reply = {"user": "bob", "message": "nine", "create_at": 1714770846000}
    post = {"channel_members": ["bob", "ana"], "user": "ana", "message": "when?", "create_at": 1714770845000}
    lines = [{"type": "version", "version": 1}, {"type": "direct_post", "direct_post": post | {"replies": [reply]}}]
    chat, said = read(tmp_path, "export.jsonl", "".join(json.dumps(line) + "\n" for line in lines))

    assert (chat.title, chat.kind) == ("ana, bob", "direct")
    assert [(each.author, each.text) for each in said] == [("ana", "when?"), ("bob", "nine")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("#trip/2024-05-03.log", "[21:14:05] <ana> hello\n[21:14:06] *** Joins: bob\n[21:14:07] <bob> hi\n"),
        (
            "trip.log",
            "Session Start: Fri May 03 21:00:00 2024\n[21:14] <@ana> hello\n[21:15] * bob joins\n[21:16] <bob> hi\n",
        ),
        (
            "trip.txt",
            (
                "**** BEGIN LOGGING AT Fri May  3 21:00:00 2024\n\nMay 03 21:14:05 <ana>\thello\n"
                "May 03 21:15:00 *\tbob has joined\nMay 03 21:16:00 <bob>\thi\n"
            ),
        ),
        (
            "trip.log",
            "--- Log opened Fri May 03 21:00:00 2024\n21:14 <+ana> hello\n21:15 -!- bob has joined\n21:16 < bob> hi\n",
        ),
        (
            "trip.log",
            "2024-05-03T21:14:05Z <ana> hello\n2024-05-03T21:14:05Z *** bob joined\n2024-05-03T21:14:06Z <bob> hi\n",
        ),
        (
            "trip.weechatlog",
            "2024-05-03 21:14:05\tana\thello\n2024-05-03 21:15:00\t-->\tbob joined\n2024-05-03 21:16:00\t@bob\thi\n",
        ),
    ],
)
def test_irc_logs_of_many_clients_are_read(tmp_path: Path, name: str, text: str) -> None:
    chat, said = read(tmp_path, name, text)

    assert [(each.author, each.text) for each in said if each.author and not each.text.startswith("* ")] == [
        ("ana", "hello"),
        ("bob", "hi"),
    ]
    assert f"{said[0].sent_at:%Y-%m-%d %H:%M}" == "2024-05-03 21:14"
    assert "trip" in chat.title


def test_mails_are_folded_and_linked_to_what_they_answer(tmp_path: Path) -> None:
    text = """From x@y Fri May  3 21:14:05 2024
From: =?utf-8?q?=C3=89lodie?= <e@x.org>
Date: Fri, 3 May 2024 21:14:05 +0200
Subject: Trip
Message-ID: <1@x>
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

When do we leave?
>From here it takes an hour.
--b
Content-Type: application/pdf; name=plan.pdf
Content-Disposition: attachment; filename=plan.pdf

x
--b--

From x@y Fri May  3 21:15:05 2024
From: bob@x.org
Date: Fri, 3 May 2024 19:15:05 +0000
In-Reply-To: <1@x>
References: <1@x>
Subject: Re: Trip

At nine.

On Fri, 3 May 2024 Elodie wrote:
> When do we leave?
"""
    chat, said = read(tmp_path, "Trip.mbox", text)

    assert (chat.title, said[0].author) == ("Trip", "Élodie")
    assert said[0].text.startswith("Trip\n\nWhen do we leave?")
    assert files_of(said[0]) == [("document", "plan.pdf", False)]
    assert (said[1].author, said[1].text) == ("bob@x.org", "Re: Trip\n\nAt nine.")
    assert (said[0].external_id, said[1].reply_to, said[1].thread) == ("1@x", "1@x", "1@x")


def test_what_is_attached_to_mails_and_messages_can_be_opened_while_its_chat_is_read(tmp_path: Path) -> None:
    mail = (
        "From x\nFrom: a@b\nDate: Fri, 3 May 2024 21:14:05 -0000\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        "Content-Type: text/plain\n\nsee\n--b\nContent-Type: text/csv; name=a.csv\n"
        "Content-Disposition: attachment; filename=a.csv\nContent-Transfer-Encoding: base64\n\nYSxiCjEsMgo=\n--b\n"
        "Content-Type: message/rfc822\n\nFrom: c@d\nSubject: old\n\nthe code is 4417\n--b--\n"
    )
    part = '<part ct="application/pdf" name="plan.pdf" data="cGRm" />'
    mms = f'<mms address="1" date="1714770845000" msg_box="1" contact_name="Ana"><parts>{part}</parts></mms>'
    opened: list[tuple[str | None, bytes]] = []
    for name, text in (("T.mbox", mail), ("sms.xml", f"<smses>{mms}</smses>")):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        (source,) = find_sources(path, installed_formats())
        for chat in source.format.open(path, ParseOptions(UTC)):
            for message in chat.messages:
                assert f"{message.sent_at:%H:%M %Z}" == "21:14 UTC"
                for file in message.attachments:
                    assert chat.media is not None
                    with chat.media.open(file.path or file.name or "") as stream:
                        opened.append((file.name, stream.read()))

    assert opened == [
        ("a.csv", b"a,b\n1,2\n"),
        ("mail.eml", b"From: c@d\nSubject: old\n\nthe code is 4417"),
        ("plan.pdf", b"pdf"),
    ]


def test_telegrams_pages_keep_authors_answers_and_photos(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.jpg").write_bytes(b"jpg")
    date = '<div class="pull_right date details" title="03.05.2024 21:14:05 UTC+02:00">21:14</div>'
    page = (
        '<html><body><div class="page_wrap"><div class="page_header"><div class="text bold">Trip</div></div>'
        '<div class="message service" id="message-1"><div class="body details">3 May 2024</div></div>'
        f'<div class="message default clearfix" id="message1"><div class="body">{date}<div class="from_name">Ana</div>'
        '<div class="text">see <a href="https://x.org">here</a><br>ok</div></div></div>'
        f'<div class="message default clearfix joined" id="message2"><div class="body">{date}'
        '<div class="reply_to details">In reply to <a href="#go_to_message1">this</a></div>'
        '<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/1.jpg"></a></div>'
        "</div></div></div></body></html>"
    )
    chat, said = read(tmp_path, "messages.html", page)

    assert chat.title == "Trip"
    assert [(each.author, each.text, each.reply_to) for each in said] == [
        ("Ana", "see here\nok", None),
        ("Ana", "", "message/1"),
    ]
    assert said[0].sent_at.utcoffset() is not None
    assert f"{said[0].sent_at:%H:%M %z}" == "21:14 +0200"
    assert files_of(said[1]) == [("image", "1.jpg", False)]


def test_places_polls_and_calls_on_telegrams_pages_are_words(tmp_path: Path) -> None:
    def message(n: int, media: str) -> str:
        return (
            f'<div class="message default clearfix" id="message{n}"><div class="body"><div class="pull_right date '
            f'details" title="03.05.2024 21:14:0{n} UTC+00:00">21:14</div><div class="from_name">Ana</div>'
            f'<div class="media_wrap clearfix">{media}</div></div></div>\n'
        )

    place = (
        '<a class="media clearfix block_link media_location" href="https://maps.example"><div class="body">'
        '<div class="title bold">Location</div><div class="status details">1.5, 2.5</div></div></a>'
    )
    poll = (
        '<div class="media_poll"><div class="question bold">Where?</div><div class="answer">- Porto</div>'
        '<div class="answer">- Lagos</div></div>'
    )
    head = '<html><body><div class="page_wrap"><div class="page_header"><div class="text bold">Trip</div></div>\n'
    _, said = read(tmp_path, "messages.html", f"{head}{message(1, place)}{message(2, poll)}</div></body></html>")

    assert [each.text for each in said] == ["Location\n1.5, 2.5", "Where?\n- Porto\n- Lagos"]


def test_teams_is_read_as_graph_lists_it(tmp_path: Path) -> None:
    def message(n: int, content: str, **more: object) -> object:
        sender = {"user": {"id": "u", "displayName": "Ana"}}
        body = {"contentType": "html", "content": content}
        return {"id": str(n), "createdDateTime": f"2024-05-03T21:14:0{n}Z", "from": sender, "body": body, **more}

    said = [message(2, "", deletedDateTime="x"), message(1, "<p>see <b>you</b></p>", attachments=[{"name": "p.pdf"}])]
    _, found = read(tmp_path, "teams.json", {"@odata.context": "x", "value": said})

    assert [(each.author, each.text, each.deleted) for each in found] == [("Ana", "see you", False), ("Ana", "", True)]
    assert files_of(found[0]) == [("document", "p.pdf", True)]


@pytest.mark.parametrize(
    ("opening", "day", "clock"),
    [
        ("[LINE] Chat history in Trip\nSaved on: 5/3/2024, 9:14 PM\n", "Fri, 5/3/2024", "9:14 PM"),
        ("[LINE] 與Trip的聊天記錄\n儲存日期： 2024/05/03 21:14\n", "2024/05/03（五）", "下午09:14"),
        ("[LINE] Trip的聊天記錄\n", "2024.05.03 Friday", "21:14"),
    ],
)
def test_lines_days_and_times_are_read_in_its_languages(tmp_path: Path, opening: str, day: str, clock: str) -> None:
    chat, said = read(tmp_path, "line.txt", f"{opening}\n{day}\n{clock}\tAna\thi\n")

    assert [(each.author, f"{each.sent_at:%Y-%m-%d %H:%M}", each.text) for each in said] == [
        ("Ana", "2024-05-03 21:14", "hi")
    ]
    assert chat.title == "Trip"


@pytest.mark.parametrize("name", ["sms", "signal frames", "imessage"])
def test_who_exports_is_the_owner_also_without_a_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / SAMPLES[name].file
    path.write_bytes(greeting(SAMPLES[name]))

    assert [chat.own_account for chat, _ in chats(path)] == ["Me"]

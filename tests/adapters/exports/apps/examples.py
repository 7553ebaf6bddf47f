"""One small export of each format that holds all that is read of it: the guide's table is checked against them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final, NamedTuple

from tests.adapters.exports.apps.samples import CHATLAB_HEAD, SAMPLES, Said, discord_id, gemini_cell, zipped


class Example(NamedTuple):
    """A file by its name, with what it holds."""

    file: str
    content: bytes


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _lines(*values: object) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


_MS: Final = 1714770845000
_ISO: Final = "2024-05-03T21:14:05Z"


def _discord() -> bytes:
    def message(n: int, **more: object) -> object:
        return {"id": str(n), "type": "Default", "timestamp": _ISO, "timestampEdited": None, "content": "hi",
                "author": {"id": "4", "name": "ann"}, "attachments": [], **more}  # fmt: skip

    file = {"url": "a.png", "fileName": "a.png"}
    said = [
        message(1, timestampEdited=_ISO, attachments=[file]),
        message(2, type="Reply", reference={"messageId": "1"}),
        message(3, type="GuildMemberJoin"),
    ]
    head = {"guild": {"id": "1", "name": "g"}, "channel": {"id": "2", "type": "GuildTextChat", "name": "c"}}
    return zipped({"c.json": _json(head | {"messages": said}), "a.png": b"png"})


def _messenger() -> bytes:
    said = [
        {"sender_name": "Ana", "timestamp_ms": _MS, "photos": [{"uri": "messages/inbox/x_1/photos/1.jpg"}]},
        {"sender_name": "Ana", "timestamp_ms": _MS, "is_unsent": True},
        {"sender_name": "Ana", "timestamp_ms": _MS, "content": "called", "type": "Call"},
    ]
    chat = {"participants": [{"name": "Ana"}], "messages": said, "title": "T", "thread_path": "inbox/x_1"}
    return zipped({"messages/inbox/x_1/message_1.json": _json(chat), "messages/inbox/x_1/photos/1.jpg": b"jpg"})


def _chatgpt() -> bytes:
    message = {
        "id": "a",
        "author": {"role": "user"},
        "create_time": 1.5,
        "metadata": {"attachments": [{"id": "file-1", "name": "p.pdf"}]},
        "content": {"content_type": "text", "parts": ["hi"]},
    }
    chats = _json([{"title": "T", "mapping": {"a": {"message": message, "parent": None}}, "current_node": "a"}])
    return zipped({"conversations.json": chats, "file-1-p.pdf": b"pdf"})


def _claude() -> bytes:
    said = {"uuid": "1", "sender": "human", "created_at": _ISO, "text": "hi", "files": [{"file_name": "p.pdf"}]}
    return _json([{"uuid": "c", "name": "T", "chat_messages": [said]}])


def _gemini_page() -> bytes:
    asked = 'Prompted&nbsp;when?<br>Attached 1 file.<br>-&nbsp;<a href="p.pdf">p.pdf</a>'
    cells = [gemini_cell(f"{said}<br>May 3, 2024, 9:14:05 PM<br>") for said in (asked, "Gave feedback")]
    return f"<html><body>{''.join(cells)}</body></html>".encode()


def _chatlab() -> list[dict[str, object]]:
    said = {"sender": "7", "accountName": "Ana", "timestamp": _MS, "content": "hi", "type": 0}
    return [
        said | {"replyToMessageId": "1"}, said | {"type": 1, "content": "media/a.png"}, said | {"type": 80},
        said | {"type": 81},
    ]  # fmt: skip


def _groupme() -> bytes:
    said = {"id": "1", "created_at": _MS // 1000, "sender_id": "7", "name": "Ana", "text": "hi", "favorited_by": []}
    number = "0123456789abcdef" * 2
    messages = [
        said | {"attachments": [{"type": "image", "url": f"https://i.example/1x1.png.{number}"}]},
        said | {"attachments": [{"type": "reply", "reply_id": "1"}], "updated_at": _MS // 1000 + 9},
        said | {"attachments": [], "deleted_at": 1},
        said | {"attachments": [], "system": True},
    ]
    return zipped({"5/message.json": _json(messages), f"5/gallery/1.{number}.png": b"png"})


def _threema() -> bytes:
    said = b"[03/05/2024, 21:14] Ana: hi <a.png>\n[23/05/2024, 21:14] Ana: yes\n"
    return zipped({"messages.txt": said, "a.png": b"png"})


def _zulip() -> bytes:
    said = {"id": 1, "sender": 7, "recipient": 31, "content": "hi [p.pdf](/user_uploads/2/p.pdf)",
            "date_sent": _MS // 1000, "edit_history": '[{"prev_content": "h"}]'}  # fmt: skip
    realm = {"zerver_userprofile": [{"id": 7, "full_name": "Ana"}]}
    messages = {"zerver_message": [said]}
    return zipped({"realm.json": _json(realm), "messages-1.json": _json(messages), "uploads/2/p.pdf": b"pdf"})


def _google_chat() -> bytes:
    def message(**more: object) -> object:
        return {"creator": {"name": "Ana", "email": "a@b"}, "created_date": "Friday, May 3, 2024 at 9:14:05 PM UTC",
                "text": "hi", "topic_id": "t", "message_id": "m", **more}  # fmt: skip

    file = {"original_name": "a.png", "export_name": "File-a.png"}
    said = [message(attached_files=[file]), message(updated_date="x"), message(deletion_metadata={})]
    return zipped({"Google Chat/Groups/DM x/messages.json": _json({"messages": said}),
                 "Google Chat/Groups/DM x/File-a.png": b"png"})  # fmt: skip


def _matrix() -> bytes:
    def event(n: int, content: object, kind: str = "m.room.message", **more: object) -> object:
        return {
            "type": kind,
            "sender": "@ana:x",
            "origin_server_ts": _MS,
            "content": content,
            "event_id": f"${n}",
            **more,
        }

    events = [
        event(1, {"membership": "join"}, "m.room.member"),
        event(2, {"msgtype": "m.image", "body": "1.jpg"}),
        event(3, {"body": "yes", "m.relates_to": {"m.in_reply_to": {"event_id": "$2"}}}),
        event(4, {"m.new_content": {"body": "new"}, "m.relates_to": {"rel_type": "m.replace", "event_id": "$3"}}),
        event(5, {}, unsigned={"redacted_because": {}}),
    ]
    return _json({"room_name": "T", "export_date": "1", "messages": events})


def _skype(identity: str) -> bytes:
    def message(kind: str, content: str, **properties: object) -> object:
        return {"id": "1", "displayName": "Ana", "originalarrivaltime": _ISO, "messagetype": kind, "content": content,
                "from": "8:ana", "properties": properties}  # fmt: skip

    reply = '<blockquote itemtype="http://schema.skype.com/Reply" itemid="1">x</blockquote>'
    said = [
        message("RichText/UriObject", '<URIObject><OriginalName v="1.jpg"></OriginalName></URIObject>'),
        message("Event/Call", "<x/>"),
        message("RichText", f"{reply if 'thread' in identity else ''}hi", edittime="1"),
        message("RichText", "", deletetime="1"),
    ]
    conversation = {"id": identity, "displayName": "T", "MessageList": said}
    return _json({"userId": "8:me", "exportDate": "x", "conversations": [conversation]})


def _mattermost() -> bytes:
    post = {"team": "t", "channel": "c", "user": "ana", "message": "hi", "create_at": _MS, "edit_at": _MS,
            "attachments": [{"path": "a.png"}]}  # fmt: skip
    joined = post | {"type": "system_join_channel"}
    return zipped({"import.jsonl": _lines({"type": "version", "version": 1}, {"type": "post", "post": post},
                                        {"type": "post", "post": joined}), "data/a.png": b"png"})  # fmt: skip


def _rocketchat() -> bytes:
    said = {"msg": "hi", "username": "ana", "ts": _ISO, "_id": "1"}
    file = {"attachments": [{"title": "a.png"}]}
    return _lines(said | file, said | {"editedAt": _ISO}, said | {"t": "rm"}, said | {"t": "uj"})


def _signal() -> bytes:
    base = {"chatId": "7", "authorId": "2", "dateSent": str(_MS), "incoming": {}}
    file = {"pointer": {"fileName": "p.pdf", "contentType": "application/pdf"}}
    return _lines(
        {"version": "1", "backupTimeMs": "1", "mediaRootBackupKey": "AA=="},
        {"recipient": {"id": "2", "contact": {"profileGivenName": "Ana"}}},
        {"chat": {"id": "7", "recipientId": "2"}},
        {"chatItem": base | {"standardMessage": {"text": {"body": "hi"}, "attachments": [file]}, "revisions": [{}]}},
        {"chatItem": base | {"remoteDeletedMessage": {}}},
        {"chatItem": base | {"updateMessage": {"simpleUpdate": {}}}},
    )


def _slack() -> bytes:
    said = {"type": "message", "user": "U1", "text": "hi", "ts": "1714770840.000100"}
    day = [
        said | {"files": [{"name": "a.png", "id": "F1"}], "edited": {"ts": "1"}},
        said | {"ts": "1714770841.000100", "subtype": "tombstone"},
        said | {"ts": "1714770842.000100", "thread_ts": "1714770840.000100", "parent_user_id": "U1"},
        said | {"ts": "1714770843.000100", "subtype": "channel_join"},
    ]
    users = [{"id": "U1", "name": "mara"}]
    return zipped({"users.json": _json(users), "channels.json": _json([{"id": "C1", "name": "g", "members": ["U1"]}]),
                 "g/2024-05-03.json": _json(day), "__uploads/F1/a.png": b"png"})  # fmt: skip


def _telegram() -> bytes:
    said = {"type": "message", "date": "2024-05-03T21:14:05", "date_unixtime": "1714770845", "from": "Ana",
            "from_id": "user1", "text": "hi"}  # fmt: skip
    service = said | {"id": 3, "type": "service", "actor": "Ana", "action": "pin_message"}
    edited = said | {"id": 1, "photo": "photos/1.jpg", "edited": "x"}
    messages = [edited, said | {"id": 2, "reply_to_message_id": 1}, service]
    chat = {"name": "T", "type": "personal_chat", "id": 1, "messages": messages}
    return zipped({"result.json": _json(chat), "photos/1.jpg": b"jpg"})


def _telegram_html() -> bytes:
    date = '<div class="pull_right date details" title="03.05.2024 21:14:05">21:14</div>'
    page = (
        '<html><body><div class="page_wrap"><div class="message default clearfix" id="message2"><div class="body">'
        f'{date}<div class="from_name">Ana</div><div class="reply_to details"><a href="#go_to_message1">x</a></div>'
        '<a class="photo_wrap" href="photos/1.jpg"></a><div class="text">hi</div></div></div>'
        '<div class="message service" id="message3"><div class="body details">Ana pinned it</div></div></div>'
        "</body></html>"
    )
    return zipped({"messages.html": page.encode(), "photos/1.jpg": b"jpg"})


def _discord_page() -> bytes:
    said = Said("Ana", datetime(2024, 5, 3, 21, 14, 5, tzinfo=UTC), "hi")
    page = SAMPLES["discord_html"].render([said]).decode()
    reply = '<div class="chatlog__reply"><span class="chatlog__reply-link" onclick="scrollToMessage(event, \'1\')">'
    page = page.replace('<div class="chatlog__header">', f'{reply}x</span></div><div class="chatlog__header">')
    more = (
        '<span class="chatlog__edited-timestamp" title="x">(edited)</span></div>'
        '<div class="chatlog__attachment"><a href="a.png"><img class="chatlog__attachment-media" src="a.png" '
        'title="Image: a.png (1 KB)"></a></div>'
    )
    notice = (
        f'<div class="chatlog__message-container" data-message-id="{discord_id(said.at, 9)}">'
        '<span class="chatlog__system-notification-author">Ana</span> '
        '<span class="chatlog__system-notification-content"><span>joined the server.</span></span></div>'
    )
    page = page.replace("</span>\n</div></div></div></div></div>", f"</span>{more}</div></div>{notice}</div></div>")
    return zipped({"t.html": page.encode(), "a.png": b"png"})


def _discord_text() -> bytes:
    rule = "=" * 62
    said = (
        f"{rule}\nGuild: g\nChannel: c\n{rule}\n\n[13/05/2024 21:14] Ana (pinned)\nhi\n\n{{Attachments}}\na.png\n\n"
        f"{{Reactions}}\n👍 (2)\n\n[13/05/2024 21:15] Bob\nJoined the server.\n\n\n{rule}\nExported 2 message(s)\n"
    )
    return zipped({"t.txt": said.encode(), "a.png": b"png"})


def _mbox() -> bytes:
    return (
        b"From x@y Fri May  3 21:14:05 2024\nFrom: a@b\nDate: Fri, 3 May 2024 21:14:05 +0200\nIn-Reply-To: <1@x>\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhi\n--b\n"
        b"Content-Type: application/pdf\nContent-Disposition: attachment; filename=p.pdf\n\nx\n--b--\n"
    )


def _whatsapp() -> bytes:
    text = (
        "[13/05/2024, 21:14:05] Ana: hi \u200e<This message was edited>\n"
        "\u200e[13/05/2024, 21:14:06] Ana: \u200e<attached: 00000001-PHOTO-2024-05-13.jpg>\n"
        "[13/05/2024, 21:14:07] Ana: \u200eThis message was deleted.\n"
        "\u200e[13/05/2024, 21:14:08] Ana: \u200eTom left\n"
    )
    return zipped({"_chat.txt": text.encode(), "00000001-PHOTO-2024-05-13.jpg": b"jpg"})


def _plain() -> bytes:
    said = {"author": "Ana", "sent_at": _ISO, "text": "hi", "id": "1"}
    lines = _lines(
        said | {"attachments": ["a.png"], "edited": True},
        said | {"id": "2", "deleted": True, "reply_to": "1"},
        said | {"id": "3", "kind": "system", "author": None},
    )
    return zipped({"c.jsonl": lines, "a.png": b"png"})


def _sms() -> bytes:
    return (
        b'<smses count="1"><mms address="1" date="1714770845000" msg_box="1" contact_name="Ana"><parts>'
        b'<part ct="text/plain" text="hi" /><part ct="image/jpeg" cl="1.jpg" name="null" data="AAAA" />'
        b"</parts></mms></smses>"
    )


def _hangouts() -> bytes:
    def event(n: int, **more: object) -> object:
        return {"sender_id": {"gaia_id": "1"}, "timestamp": f"{_MS + n}000", "event_id": str(n), **more}

    people = [{"id": {"gaia_id": "1"}, "fallback_name": "Ana"}]
    said = {"segment": [{"type": "TEXT", "text": "hi"}],
            "attachment": [{"embed_item": {"plus_photo": {"url": "https://x/a.png"}}}]}  # fmt: skip
    events = [event(1, chat_message={"message_content": said}), event(2, hangout_event={"event_type": "START_HANGOUT"})]
    talk = {"conversation": {"conversation": {"id": {"id": "U"}, "participant_data": people}}, "events": events}
    return zipped(
        {"Takeout/Hangouts/Hangouts.json": _json({"conversations": [talk]}), "Takeout/Hangouts/a.png": b"png"}
    )


def _snapchat() -> bytes:
    said = {
        "From": "ana",
        "Media Type": "TEXT",
        "Created": "2024-05-03 21:14:05 UTC",
        "Content": "hi",
        "IsSender": False,
    }
    more = [said, said | {"Media Type": "MEDIA", "Content": None, "Media IDs": "b~1"},
            said | {"Media Type": "STATUSERASEDMESSAGE", "Content": None},
            said | {"Media Type": "STATUSPARTICIPANTJOINED", "Content": None}]  # fmt: skip
    return zipped({"json/chat_history.json": _json({"ana": more}), "json/chat_media/2024-05-03_b~1.jpg": b"jpg"})


def _x() -> bytes:
    said = {"id": "5", "senderId": "1", "text": "hi", "createdAt": "2024-05-03T21:14:05.000Z", "editHistory": [{}],
            "mediaUrls": ["https://ton.twitter.com/dm/5/7/a.png"]}  # fmt: skip
    left = {"userIds": ["2"], "createdAt": "2024-05-03T21:15:05.000Z"}
    talk = [
        {"dmConversation": {"conversationId": "9", "messages": [{"messageCreate": said}, {"participantsLeave": left}]}}
    ]
    return zipped({"data/direct-messages-group.js": b"window.YTD.direct_messages_group.part0 = " + _json(talk),
                   "data/direct_messages_media/5-a.png": b"png"})  # fmt: skip


_PACKAGE: Final = [{"ID": 1, "Timestamp": "2024-05-03 21:14:05", "Contents": "hi", "Attachments": "https://x/a.png"}]
_ACTIVITY: Final = {"header": "Gemini Apps", "title": "Prompted hi", "time": _ISO, "attachedFiles": ["p.pdf"]}
_GAVE: Final = {"header": "Gemini Apps", "title": "Gave feedback", "time": _ISO}
_TABLE: Final = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n"
EXAMPLES: Final[dict[str, Example]] = {
    "adium": Example(
        "ana.xml",
        b'<chat xmlns="http://purl.org/net/ulf/ns/0.4-02" account="me" service="AIM">'
        b'<message sender="ana" time="2024-05-03T21:14:05Z"><div>hi <img src="a.png"/></div></message>'
        b'<status type="purple" time="2024-05-03T21:14:06Z">ana went away.</status></chat>',
    ),
    "hangouts": Example("takeout.zip", _hangouts()),
    "pidgin": Example(
        "2024-05-03.211405+0000GMT.html",
        b"<html><body><h3>Conversation with ana at Fri 03 May 2024 21:14:05 on me (aim)</h3>\n"
        b'<font color="#A82F2F"><font size="2">(21:14:05)</font> <b>ana:</b></font> hi <img src="a.png"/><br/>\n'
        b'<font size="2">(21:14:06)</font><b> ana logged out.</b><br/>\n</body></html>',
    ),
    "matrix_text": Example(
        "Element.zip",
        zipped(
            {
                "Element - Trip - Chat Export - 2024.txt": b"5/13/2024, 9:14:05 PM - Ana: p.pdf (File Attached)\n"
                b"5/13/2024, 9:14:06 PM - Ana: hi\n5/13/2024, 9:14:07 PM - Bob joined the room\n",
                "files/p-2024.pdf": b"pdf",
            }
        ),
    ),
    "chatlab": Example(
        "c.zip", zipped({"c.json": _json(CHATLAB_HEAD | {"messages": _chatlab()}), "media/a.png": b"png"})
    ),
    "chatlab_lines": Example(
        "c.zip", zipped({"c.jsonl": _lines({"_type": "header"} | CHATLAB_HEAD, *_chatlab()), "media/a.png": b"png"})
    ),
    "groupme": Example("groupme.zip", _groupme()),
    "threema": Example("threema.zip", _threema()),
    "zulip": Example("zulip.zip", _zulip()),
    "snapchat": Example("mydata.zip", _snapchat()),
    "tiktok": Example(
        "user_data.json",
        _json(
            {
                "Direct Messages": {
                    "Chat History": {
                        "ChatHistory": {
                            "Chat History with ana:": [{"Date": "2024-05-03 21:14:05", "From": "ana", "Content": "hi"}]
                        }
                    }
                }
            }
        ),
    ),
    "x": Example("x.zip", _x()),
    "zoom": Example(
        "2024-05-03 chat.txt",
        b"21:14:05 From Ana to Everyone:\n\thi\n"
        b'21:14:06 From Bob to Everyone:\n\tReacted to "hi" with \xf0\x9f\x91\x8d\n',
    ),
    "chatgpt": Example("chatgpt.zip", _chatgpt()),
    "claude": Example("conversations.json", _claude()),
    "discord": Example("discord.zip", _discord()),
    "discord_package": Example("package.zip", zipped({"messages/c1/messages.json": _json(_PACKAGE)})),
    "gemini": Example("takeout.zip", zipped({"MyActivity.json": _json([_GAVE, _ACTIVITY]), "p.pdf": b"pdf"})),
    "gemini_html": Example("takeout.zip", zipped({"MyActivity.html": _gemini_page(), "p.pdf": b"pdf"})),
    "google_chat": Example("takeout.zip", _google_chat()),
    "imessage": Example(
        "Ana.txt",
        b"May 03, 2024  9:14:05 PM\nAna\nhi\n/x/p.heic\n\n"
        b"May 03, 2024  9:15:05 PM\nAna\nx\nEdited 2 seconds later: y\n\n"
        b"May 03, 2024  9:16:05 PM\nAna\nAna unsent a message!\n\nMay 03, 2024  9:17:05 PM Ana left.\n\n",
    ),
    "irc": Example("c.log", b"--- Log opened Fri May 03 21:00:00 2024\n21:14 < ana> hi\n21:15 -!- bob has joined\n"),
    "kakaotalk": Example(
        "talk.txt",
        (
            "T 카카오톡 대화\n저장한 날짜 : 2024-05-03 21:14:05\n\n"
            "--------------- 2024년 5월 3일 금요일 ---------------\n"
            "[Ana] [오후 9:14] hi\n[Ana] [오후 9:14] 사진\n[Ana] [오후 9:15] 삭제된 메시지입니다.\n"
            "2024년 5월 3일 오후 9:16, Zoe님이 들어왔습니다.\n"
        ).encode(),
    ),
    "line": Example(
        "line.txt",
        (
            b"[LINE] Chat history with T\n\n2024/05/03(Fri)\n21:14\tAna\thi\n21:14\tAna\t[Photo]\n"
            b"21:15\tAna\tunsent a message.\n21:16\t\tZoe joined\n"
        ),
    ),
    "matrix": Example("export.json", _matrix()),
    "mattermost": Example("export.zip", _mattermost()),
    "mbox": Example("T.mbox", _mbox()),
    "messenger": Example("facebook.zip", _messenger()),
    "plain": Example("plain.zip", _plain()),
    "rocketchat": Example("room.json", _rocketchat()),
    "signal": Example("main.jsonl", _signal()),
    "skype": Example("messages.json", _skype("8:ana")),
    "slack": Example("slack.zip", _slack()),
    "sms": Example("sms.xml", _sms()),
    "teams": Example("messages.json", _skype("19:a@thread.v2")),
    "telegram": Example("telegram.zip", _telegram()),
    "discord_html": Example("discord.zip", _discord_page()),
    "discord_text": Example("discord.zip", _discord_text()),
    "telegram_html": Example("telegram.zip", _telegram_html()),
    "viber": Example("Chats with T.csv", b"03/05/2024,21:14:05,Ana,+1555,hi\n"),
    "wechat": Example(
        "chat.csv",
        (
            f"{_TABLE}1,1,1,0,0,1,,hi,2024-05-03 21:14:05,,Ana,w\n2,1,3,0,0,1,,[图片],2024-05-03 21:14:06,,Ana,w\n"
            "3,1,10000,0,0,1,,x,2024-05-03 21:14:07,,,\n4,1,1,0,0,1,,Ana 撤回了一条消息,2024-05-03 21:14:08,,Ana,w\n"
        ).encode(),
    ),
    "whatsapp": Example("WhatsApp Chat - T.zip", _whatsapp()),
}

"""Renders a conversation as each app exports it: for the round trips, and as seeds of the fuzzer."""

from __future__ import annotations

import csv
import html
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final, NamedTuple
from xml.sax.saxutils import quoteattr

from adapters.exports.apps.adium import AdiumExport
from adapters.exports.apps.chatgpt import ChatGptExport
from adapters.exports.apps.chatlab import ChatLabExport, ChatLabLines
from adapters.exports.apps.claude import ClaudeExport
from adapters.exports.apps.discord_package import DiscordPackage
from adapters.exports.apps.gemini import GeminiExport
from adapters.exports.apps.gemini_page import GeminiPage
from adapters.exports.apps.google_chat import GoogleChatExport
from adapters.exports.apps.groupme import GroupMeExport
from adapters.exports.apps.hangouts import HangoutsExport
from adapters.exports.apps.imessage import IMessageExport
from adapters.exports.apps.irc import IrcExport
from adapters.exports.apps.kakaotalk import KakaoTalkExport
from adapters.exports.apps.line import LineExport
from adapters.exports.apps.matrix import MatrixExport
from adapters.exports.apps.matrix_text import MatrixText
from adapters.exports.apps.mattermost import MattermostExport
from adapters.exports.apps.mbox import MboxExport
from adapters.exports.apps.messenger import MessengerExport
from adapters.exports.apps.pidgin import PidginExport
from adapters.exports.apps.rocketchat import RocketChatExport
from adapters.exports.apps.signal import SignalExport
from adapters.exports.apps.skype import SkypeExport
from adapters.exports.apps.sms import SmsExport
from adapters.exports.apps.snapchat import SnapchatExport
from adapters.exports.apps.teams import TeamsExport
from adapters.exports.apps.telegram_html import TelegramHtml
from adapters.exports.apps.threema import ThreemaExport
from adapters.exports.apps.tiktok import TikTokExport
from adapters.exports.apps.viber import ViberExport
from adapters.exports.apps.wechat import WeChatExport
from adapters.exports.apps.x_messages import XExport
from adapters.exports.apps.zoom import ZoomExport
from adapters.exports.apps.zulip import ZulipExport
from adapters.exports.discord.page import DiscordPage
from adapters.exports.discord.text import DiscordText
from adapters.exports.parsed import ExportFormat


class Said(NamedTuple):
    """One message of the conversation, in UTC."""

    author: str
    at: datetime
    text: str


Render = Callable[[Sequence[Said]], bytes]


@dataclass(frozen=True, slots=True)
class Sample:
    """How one app writes: `authors` are the only people that it knows, `lines` whether a message may have several."""

    parser: ExportFormat
    file: str
    render: Render
    authors: tuple[str, ...] = ()
    seconds: bool = True
    lines: bool = True
    subject: str = ""
    longest_gap: int = 200_000
    """Between two messages, in seconds: an app that writes no dates can't tell of more than a night."""


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files packed as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp()) * 1000


def _mojibake(text: str) -> str:
    return text.encode().decode("latin-1")


def _messenger(said: Sequence[Said]) -> bytes:
    people = [{"name": _mojibake(name)} for name in dict.fromkeys(each.author for each in said)]
    messages = [
        {"sender_name": _mojibake(a), "timestamp_ms": _milliseconds(at), "content": _mojibake(text), "type": "Generic"}
        for a, at, text in reversed(said)
    ]
    chat = {"participants": people, "messages": messages, "title": "Trip", "thread_path": "inbox/trip_1"}
    return zipped({"your_facebook_activity/messages/inbox/trip_1/message_1.json": _json(chat)})


def _secure_messenger(said: Sequence[Said]) -> bytes:
    messages = [{"senderName": a, "timestamp": _milliseconds(at), "text": text, "isUnsent": False, "media": []}
                for a, at, text in reversed(said)]  # fmt: skip
    return _json({"participants": ["Ana", "Bob"], "threadName": "Trip_12", "messages": messages})


def _chatgpt(said: Sequence[Said]) -> bytes:
    mapping: dict[str, object] = {"root": {"id": "root", "message": None, "parent": None, "children": ["0"]}}
    for n, (author, at, text) in enumerate(said):
        role = "user" if author == "You" else "assistant"
        message = {"id": f"m{n}", "author": {"role": role}, "create_time": at.timestamp(),
                   "content": {"content_type": "text", "parts": [text]}}  # fmt: skip
        mapping[str(n)] = {"id": str(n), "message": message, "parent": str(n - 1) if n else "root", "children": []}
    record = {"title": "Trip", "create_time": said[0].at.timestamp(), "mapping": mapping, "conversation_id": "c1",
              "current_node": str(len(said) - 1)}  # fmt: skip
    return _json([record])


def _claude(said: Sequence[Said]) -> bytes:
    messages = [
        {"uuid": f"m{n}", "text": text, "content": [{"type": "text", "text": text}], "created_at": at.isoformat(),
         "sender": "human" if author == "You" else "assistant", "attachments": [], "files": []}
        for n, (author, at, text) in enumerate(said)
    ]  # fmt: skip
    return _json([{"uuid": "c1", "name": "Trip", "created_at": said[0].at.isoformat(), "chat_messages": messages}])


def _gemini(said: Sequence[Said]) -> bytes:
    activities = [
        {"header": "Gemini Apps", "title": f"Prompted {text}", "time": at.isoformat(), "products": ["Gemini Apps"]}
        for _, at, text in reversed(said)
    ]
    return _json(activities)


def gemini_cell(content: str) -> str:
    """Render an activity of Gemini's page."""
    return (
        '<div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">'
        '<div class="header-cell mdl-cell mdl-cell--12-col"><p class="mdl-typography--title">Gemini Apps<br></p></div>'
        f'<div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1">{content}</div>'
        '<div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1 mdl-typography--text-right"></div>'
        '<div class="content-cell mdl-cell mdl-cell--12-col mdl-typography--caption"><b>Products:</b><br>'
        "&emsp;Gemini Apps<br></div></div></div>"
    )


def _gemini_page(said: Sequence[Said]) -> bytes:
    cells = [
        gemini_cell(f"Prompted&nbsp;{html.escape(text)}<br>{at:%b} {at.day}, {at:%Y, %I:%M:%S\u202f%p} UTC<br>")
        for _, at, text in reversed(said)
    ]
    return f"<html><body><div>{''.join(cells)}</div></body></html>".encode()


def _google_chat(said: Sequence[Said]) -> bytes:
    messages = [
        {"creator": {"name": author, "email": "a@example.org", "user_type": "Human"}, "text": text,
         "created_date": f"{at:%A, %B} {at.day}, {at.year} at {at.hour % 12 or 12}:{at:%M:%S}\u202f{at:%p} UTC",
         "topic_id": "t", "message_id": f"x/{n}"}
        for n, (author, at, text) in enumerate(said)
    ]  # fmt: skip
    info = {"name": "Trip", "members": [{"name": "Ana"}, {"name": "Bob"}, {"name": "Zoe"}]}
    folder = "Takeout/Google Chat/Groups/Space AAAA/"
    return zipped({f"{folder}messages.json": _json({"messages": messages}), f"{folder}group_info.json": _json(info)})


def _matrix(said: Sequence[Said]) -> bytes:
    messages = [
        {"type": "m.room.message", "sender": f"@{author}:example.org", "origin_server_ts": _milliseconds(at),
         "content": {"msgtype": "m.text", "body": text}, "event_id": f"${n}", "room_id": "!r:example.org"}
        for n, (author, at, text) in enumerate(said)
    ]  # fmt: skip
    return _json({"room_name": "Trip", "room_creator": "@a:example.org", "export_date": "1", "messages": messages})


def _skype_of(identity: str) -> Render:
    def render(said: Sequence[Said]) -> bytes:
        messages = [
            {"id": str(n), "displayName": author, "originalarrivaltime": at.isoformat().replace("+00:00", "Z"),
             "messagetype": "RichText", "content": html.escape(text, quote=False), "from": f"8:live:{author}",
             "properties": None}
            for n, (author, at, text) in enumerate(said)
        ]  # fmt: skip
        conversation = {"id": identity, "displayName": "Trip", "MessageList": messages[::-1]}
        return _json({"userId": "8:live:me", "exportDate": "2024-01-01", "conversations": [conversation]})

    return render


def _mattermost(said: Sequence[Said]) -> bytes:
    lines: list[object] = [
        {"type": "version", "version": 1},
        {"type": "channel", "channel": {"team": "t", "name": "trip", "display_name": "Trip", "type": "O"}},
    ]
    lines += [
        {"type": "post", "post": {"team": "t", "channel": "trip", "user": a, "message": text,
                                  "create_at": _milliseconds(at)}}
        for a, at, text in said
    ]  # fmt: skip
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def _rocketchat(said: Sequence[Said]) -> bytes:
    records = [{"msg": text, "username": author, "ts": at.isoformat().replace("+00:00", "Z"), "_id": str(n)}
               for n, (author, at, text) in enumerate(said)]  # fmt: skip
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def _discord_package(said: Sequence[Said]) -> bytes:
    messages = [{"ID": n, "Timestamp": f"{at:%Y-%m-%d %H:%M:%S}", "Contents": text, "Attachments": ""}
                for n, (_, at, text) in enumerate(said, 1)]  # fmt: skip
    return zipped(
        {
            "account/user.json": _json({"id": "4", "username": "ana", "global_name": "Ana"}),
            "messages/index.json": _json({"12": "Trip"}),
            "messages/c12/channel.json": _json({"id": "12", "type": 0, "name": "trip", "guild": {"name": "Home"}}),
            "messages/c12/messages.json": _json(messages[::-1]),
        }
    )


def _sms(said: Sequence[Said]) -> bytes:
    lines = [
        f'  <sms protocol="0" address="+1555" date="{_milliseconds(at)}" type="{2 if author == "Me" else 1}" '
        f'body={_attribute(text)} contact_name="Bob" />'
        for author, at, text in said
    ]
    return ("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"1\">\n"
            + "\n".join(lines) + "\n</smses>\n").encode()  # fmt: skip


def _attribute(text: str) -> str:
    """Return a value as the app writes it: what lies beyond 16 bits as two halves."""
    quoted = quoteattr(text, {"\n": "&#10;"})
    return "".join(
        c if ord(c) < 0x10000 else f"&#{0xD800 + ((ord(c) - 0x10000) >> 10)};&#{0xDC00 + (ord(c) - 0x10000 & 0x3FF)};"
        for c in quoted
    )


def _signal_tool(said: Sequence[Said]) -> bytes:
    return "".join(f"[{at:%Y-%m-%d %H:%M}] {author}: {text}\n" for author, at, text in said).encode()


def _signal_frames(said: Sequence[Said]) -> bytes:
    people = {"Me": "1"} | {
        a: str(n) for n, a in enumerate(dict.fromkeys(each.author for each in said), 5) if a != "Me"
    }
    frames: list[object] = [{"version": "1", "backupTimeMs": "1", "mediaRootBackupKey": "AA=="}, {"account": {}}]
    frames += [
        {"recipient": {"id": n, "self": {}} if a == "Me" else {"id": n, "contact": {"profileGivenName": a}}}
        for a, n in people.items()
    ]
    frames += [
        {"recipient": {"id": "99", "group": {"snapshot": {"title": {"title": "Trip"}}}}},
        {"chat": {"id": "7", "recipientId": "99"}},
    ]
    for author, at, text in said:
        item = {"chatId": "7", "authorId": people[author], "dateSent": str(_milliseconds(at))}
        way = {"outgoing": {}} if author == "Me" else {"incoming": {"dateReceived": "1"}}
        frames.append({"chatItem": item | way | {"standardMessage": {"text": {"body": text}}}})
    return "".join(json.dumps(frame) + "\n" for frame in frames).encode()


def _line(said: Sequence[Said]) -> bytes:
    text, day = "[LINE] Chat history with Trip\nSaved on: 2025/01/01 12:00\n", None
    for author, at, words in said:
        if at.date() != day:
            day = at.date()
            text += f"\n{at:%Y/%m/%d(%a)}\n"
        quoted = '"' + words.replace('"', '""') + '"' if "\n" in words else words
        text += f"{at:%H:%M}\t{author}\t{quoted}\n"
    return text.encode()


def _kakaotalk(said: Sequence[Said]) -> bytes:
    text, day = "Trip 님과 카카오톡 대화\n저장한 날짜 : 2025-01-01 12:00:00\n", None
    for author, at, words in said:
        if at.date() != day:
            day = at.date()
            weekday = "월화수목금토일"[at.weekday()]
            text += f"\n--------------- {at.year}년 {at.month}월 {at.day}일 {weekday}요일 ---------------\n"
        text += f"[{author}] [{'오전' if at.hour < 12 else '오후'} {at.hour % 12 or 12}:{at:%M}] {words}\n"
    return text.encode()


def _kakaotalk_phone(said: Sequence[Said]) -> bytes:
    text = "Trip 카카오톡 대화\n저장한 날짜 : 2025년 1월 1일 오후 1:31\n\n"
    for author, at, words in said:
        clock = f"{'오전' if at.hour < 12 else '오후'} {at.hour % 12 or 12}:{at:%M}"
        text += f"{at.year}년 {at.month}월 {at.day}일 {clock}, {author} : {words}\n"
    return text.encode()


def _kakaotalk_mac(said: Sequence[Said]) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    table.write("Date,User,Message\n")
    writer.writerows((f"{at:%Y-%m-%d %H:%M:%S}", author, text) for author, at, text in said)
    return table.getvalue().encode()


def _viber(said: Sequence[Said]) -> bytes:
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows(
        (f"{at:%d/%m/%Y}", f"{at:%H:%M:%S}", author, "+15551234", text) for author, at, text in said
    )
    return table.getvalue().encode()


def _wechat(said: Sequence[Said]) -> bytes:
    return "".join(f"{author} {at:%Y-%m-%d %H:%M:%S}\n{text}\n\n" for author, at, text in said).encode()


def _imessage(said: Sequence[Said]) -> bytes:
    return "".join(
        f"{at:%b %d, %Y} {at.hour % 12 or 12:2}:{at:%M:%S %p} (Read by them after 2 minutes)\n{author}\n{text}\n\n"
        for author, at, text in said
    ).encode()


def _imessage_page(said: Sequence[Said]) -> bytes:
    parts = [
        '<div class="message">\n<div class="received iMessage">\n<p><span class="timestamp"><a title="x" href="#">'
        f"{at:%b %d, %Y} {at.hour % 12 or 12:2}:{at:%M:%S %p}</a></span>\n"
        f'<span class="sender">{html.escape(author)}</span></p>\n<hr><div class="message_part">\n<span class="bubble">'
        f"{html.escape(text).replace(chr(10), '<br>')}</span>\n</div>\n</div>\n</div>\n"
        for author, at, text in said
    ]
    return ('<html>\n<head><meta charset="UTF-8"></head>\n<body>\n' + "".join(parts) + "</body></html>").encode()


def _irc(said: Sequence[Said]) -> bytes:
    text, day = "", None
    for author, at, words in said:
        if at.date() != day:
            opened = "Log opened" if day is None else "Day changed"
            clock = f" {at:%H:%M:%S}" if day is None else ""
            text += f"--- {opened} {at:%a %b %d}{clock} {at.year}\n"
            day = at.date()
        text += f"{at:%H:%M:%S} < {author}> {words}\n"
    return text.encode()


def _weechat(said: Sequence[Said]) -> bytes:
    return "".join(f"{at:%Y-%m-%d %H:%M:%S}\t{author}\t{text}\n" for author, at, text in said).encode()


def _mbox(said: Sequence[Said]) -> bytes:
    packed = b""
    for n, (author, at, text) in enumerate(said):
        mail = EmailMessage(policy=SMTP.clone(linesep="\n"))
        mail["From"] = f"{author} <{n}@example.org>"
        mail["Date"], mail["Subject"], mail["Message-ID"] = at, "Trip", f"<{n}@example.org>"
        mail.set_content(text)
        packed += (
            b"From x@example.org Mon Jan  1 12:00:00 2024\n" + bytes(mail).replace(b"\nFrom ", b"\n>From ") + b"\n"
        )
    return packed


def _telegram_html(said: Sequence[Said]) -> bytes:
    messages = "".join(
        f'<div class="message default clearfix" id="message{n}">\n<div class="body">\n'
        f'<div class="pull_right date details" title="{at:%d.%m.%Y %H:%M:%S} UTC+00:00">\n{at:%H:%M}\n</div>\n'
        f'<div class="from_name">\n{html.escape(author)}\n</div>\n<div class="text">\n'
        f"{html.escape(text).replace(chr(10), '<br>')}\n</div>\n</div>\n</div>\n"
        for n, (author, at, text) in enumerate(said, 1)
    )
    head = '<div class="page_header"><div class="content"><div class="text bold">\nTrip\n</div></div></div>'
    return f'<!DOCTYPE html>\n<html>\n<body>\n<div class="page_wrap">\n{head}\n{messages}</div></body></html>'.encode()


def discord_id(at: datetime, n: int) -> int:
    """Return an id as Discord gives one to a message: milliseconds since 2015, and 22 bits more."""
    return (int(at.timestamp() * 1000) - 1_420_070_400_000 << 22) + n


def _discord_page(said: Sequence[Said]) -> bytes:
    groups = "".join(
        f'<div class="chatlog__message-group"><div id="chatlog__message-container-{discord_id(at, n)}" '
        f'class="chatlog__message-container " data-message-id="{discord_id(at, n)}"><div class="chatlog__message">\n'
        '<div class="chatlog__message-primary"><div class="chatlog__header">\n<span class="chatlog__author" '
        f'title="{html.escape(author)}#0001" data-user-id="{len(author)}">{html.escape(author)}</span>\n'
        '<span class="chatlog__timestamp"><a href="#">03/05/2024 21:14</a></span></div>\n'
        '<div class="chatlog__content chatlog__markdown">\n<span class="chatlog__markdown-preserve">'
        f"{html.escape(text)}</span>\n</div></div></div></div></div>\n"
        for n, (author, at, text) in enumerate(said)
    )
    head = "<head><title>Friends - trip</title><style>.chatlog__message{color:#fff}</style></head>"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n{head}<body><div class="chatlog">\n{groups}</div></body></html>'.encode()
    )


def _discord_text(said: Sequence[Said]) -> bytes:
    rule = "=" * 62
    messages = "".join(f"[{at:%d/%m/%Y %H:%M}] {author}\n{text}\n\n\n" for author, at, text in said)
    head = f"{rule}\nGuild: Friends\nChannel: Text / trip\n{rule}\n\n"
    return f"{head}{messages}{rule}\nExported {len(said)} message(s)\n{rule}\n".encode()


def _adium(said: Sequence[Said]) -> bytes:
    messages = "".join(
        f'<message sender="{len(author)}@x" alias={quoteattr(author)} time="{at.isoformat()}"><div><span style="x">'
        f"{html.escape(text, quote=False).replace(chr(10), '<br/>')}</span></div></message>\n"
        for author, at, text in said
    )
    head = '<chat xmlns="http://purl.org/net/ulf/ns/0.4-02" account="3@x" service="GTalk">'
    opened = '<event type="windowOpened" sender="3@x" time="2024-05-03T21:14:00+00:00"/>'
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n{head}{opened}\n{messages}</chat>'.encode()


def _pidgin(said: Sequence[Said]) -> bytes:
    heading = "Conversation with ana@x at Fr 03 Mai 2024 21:14:05 CEST on me@x/Home (jabber)"
    lines = "".join(
        f'<font color="{"#16569E" if n % 2 else "#A82F2F"}"><font size="2">({at:%Y-%m-%d %H:%M:%S})</font> '
        f"<b>{html.escape(author)}:</b></font> <div><span style='color: red;'>"
        f"{html.escape(text, quote=False).replace(chr(10), '<br/>')}</span></div><br/>\n"
        for n, (author, at, text) in enumerate(said)
    )
    return f"<html><head><title>{heading}</title></head><body><h3>{heading}</h3>\n{lines}</body></html>\n".encode()


def _pidgin_text(said: Sequence[Said]) -> bytes:
    lines = "".join(f"({at:%d.%m.%Y %H:%M:%S}) {author}: {text}\n" for author, at, text in said)
    return f"Conversation with ana@x at Fri 03 May 2024 21:14:05 on me@x (jabber)\n{lines}".encode()


def _zoom(said: Sequence[Said]) -> bytes:
    return "".join(
        f"{at:%H:%M:%S} From {author} to Everyone:\n\t" + text.replace("\n", "\n\t") + "\n" for author, at, text in said
    ).encode()


def _zoom_of_old(said: Sequence[Said]) -> bytes:
    return "".join(
        f"{at:%H:%M:%S}\t From  {author}  to  Ana(Privately) : {text}\n" for author, at, text in said
    ).encode()


def _hangouts(said: Sequence[Said]) -> bytes:
    names = list(dict.fromkeys(each.author for each in said))

    def identity(name: str) -> dict[str, str]:
        return {"gaia_id": str(names.index(name)), "chat_id": str(names.index(name))}

    people = [{"id": identity(name), "fallback_name": name} for name in names]
    about = {"id": {"id": "Ug"}, "type": "GROUP", "name": "Trip", "participant_data": people}
    events = [
        {
            "sender_id": identity(author), "timestamp": str(int(at.timestamp()) * 1_000_000), "event_id": str(n),
            "chat_message": {"message_content": {"segment": _segments(text)}}, "event_type": "REGULAR_CHAT_MESSAGE",
        }
        for n, (author, at, text) in enumerate(said)
    ]  # fmt: skip
    return _json({"conversations": [{"conversation": {"conversation": about}, "events": events[::-1]}]})


def _segments(text: str) -> list[dict[str, str]]:
    parts: list[dict[str, str]] = []
    for line in text.split("\n"):
        parts += [{"type": "LINE_BREAK", "text": "\n"}] if parts else []
        parts.append({"type": "TEXT", "text": line})
    return parts


def _snapchat(said: Sequence[Said]) -> bytes:
    messages = [
        {"From": author, "Media Type": "TEXT", "Created": f"{at:%Y-%m-%d %H:%M:%S} UTC", "Content": html.escape(text),
         "Conversation Title": "Trip", "IsSender": False, "Created(microseconds)": _milliseconds(at), "Media IDs": ""}
        for author, at, text in reversed(said)
    ]  # fmt: skip
    return _json({"trip": messages, "bob": []})


def _snapchat_of_old(said: Sequence[Said]) -> bytes:
    lists: dict[str, list[object]] = {"Received Saved Chat History": [], "Sent Saved Chat History": []}
    for author, at, text in reversed(said):
        record = {"Media Type": "TEXT", "Created": f"{at:%Y-%m-%d %H:%M:%S} UTC", "Text": html.escape(text)}
        own = author == "Me"
        lists["Sent Saved Chat History" if own else "Received Saved Chat History"].append(
            record | ({"To": "bob"} if own else {"From": author})
        )
    return _json(lists)


def _tiktok(said: Sequence[Said]) -> bytes:
    messages = [{"Date": f"{at:%Y-%m-%d %H:%M:%S}", "From": a, "Content": text} for a, at, text in reversed(said)]
    return _json(
        {"Activity": {}, "Direct Messages": {"Chat History": {"ChatHistory": {"Chat History with bob:": messages}}}}
    )


def _x(said: Sequence[Said]) -> bytes:
    messages = [
        {"messageCreate": {"id": str(n), "senderId": "11" if author == "Ana" else author[1:], "recipientId": "0",
                           "text": html.escape(text, quote=False), "createdAt": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
                           "urls": [], "mediaUrls": []}}
        for n, (author, at, text) in enumerate(said)
    ]  # fmt: skip
    talk = [{"dmConversation": {"conversationId": "11-22", "messages": messages[::-1]}}]
    account = [{"account": {"accountId": "11", "username": "ana", "accountDisplayName": "Ana"}}]
    return zipped(
        {
            "data/account.js": b"window.YTD.account.part0 = " + _json(account),
            "data/direct-messages.js": b"window.YTD.direct_messages.part0 = " + _json(talk),
        }
    )


def _groupme(said: Sequence[Said]) -> bytes:
    messages = [
        {"id": str(n), "created_at": int(at.timestamp()), "sender_id": author, "name": author, "text": text,
         "favorited_by": [], "attachments": [], "system": False}
        for n, (author, at, text) in enumerate(said)
    ]  # fmt: skip
    return _json(messages[::-1])


def _threema(said: Sequence[Said]) -> bytes:
    lines = (f"[{at:%d/%m/%Y}, {at:%H:%M}] {author}: {text}\n" for author, at, text in said)
    return "".join(lines).encode()


def _threema_ios(said: Sequence[Said]) -> bytes:
    lines = (
        f"{'>>> ' if author == 'Me' else f'<<< ({author}) '}{at.day} {at:%B %Y at %H:%M:%S} UTC: {text}\r\n"
        for author, at, text in said
    )
    return "".join(lines).encode()


def _zulip(said: Sequence[Said]) -> bytes:
    people = {author: n for n, author in enumerate(dict.fromkeys(author for author, _, _ in said), 1)}
    messages = [
        {"id": n, "sender": people[author], "recipient": 31, "subject": "trip", "content": text,
         "date_sent": at.timestamp(), "edit_history": None}
        for n, (author, at, text) in enumerate(said)
    ]  # fmt: skip
    realm = {
        "zerver_userprofile": [{"id": n, "full_name": author} for author, n in people.items()],
        "zerver_recipient": [{"id": 31, "type": 2, "type_id": 5}],
        "zerver_stream": [{"id": 5, "name": "Trip"}],
    }
    return zipped({"x/realm.json": _json(realm), "x/messages-000001.json": _json({"zerver_message": messages})})


def _matrix_text(said: Sequence[Said]) -> bytes:
    lines = (f"{at.month}/{at.day}/{at:%Y, %I:%M:%S %p} - {author}: {text}\n" for author, at, text in said)
    return "".join(lines).encode()


def _chatlab_messages(said: Sequence[Said]) -> list[dict[str, object]]:
    return [
        {"sender": f"id-{author}", "accountName": author, "timestamp": int(at.timestamp()), "type": 0, "content": text}
        for author, at, text in said
    ]


CHATLAB_HEAD: Final = {
    "chatlab": {"version": "0.0.2", "exportedAt": 1},
    "meta": {"name": "Trip", "platform": "wechat", "type": "group", "groupId": "g@chatroom"},
}


def _chatlab(said: Sequence[Said]) -> bytes:
    return _json(CHATLAB_HEAD | {"members": [], "messages": _chatlab_messages(said)})


def _chatlab_lines(said: Sequence[Said]) -> bytes:
    head, member = {"_type": "header"} | CHATLAB_HEAD, {"_type": "member", "platformId": "x", "accountName": "y"}
    messages = [{"_type": "message"} | message for message in _chatlab_messages(said)]
    return "".join(json.dumps(each) + "\n" for each in (head, member, *messages)).encode()


ASSISTED: Final = ("You", "ChatGPT")
SAMPLES: Final[dict[str, Sample]] = {
    "messenger": Sample(MessengerExport(), "facebook.zip", _messenger),
    "messenger secure": Sample(MessengerExport(), "Trip_12.json", _secure_messenger),
    "chatgpt": Sample(ChatGptExport(), "conversations.json", _chatgpt, ("You", "ChatGPT")),
    "claude": Sample(ClaudeExport(), "conversations.json", _claude, ("You", "Claude")),
    "gemini": Sample(GeminiExport(), "MyActivity.json", _gemini, ("You",)),
    "gemini_html": Sample(GeminiPage(), "MyActivity.html", _gemini_page, ("You",), lines=False),
    "google_chat": Sample(GoogleChatExport(), "takeout.zip", _google_chat),
    "chatlab": Sample(ChatLabExport(), "trip.json", _chatlab),
    "chatlab_lines": Sample(ChatLabLines(), "trip.jsonl", _chatlab_lines),
    "groupme": Sample(GroupMeExport(), "message.json", _groupme),
    "threema": Sample(ThreemaExport(), "messages.txt", _threema, seconds=False),
    "threema ios": Sample(ThreemaExport(), "messages.txt", _threema_ios, ("Me", "Ana", "陳小明")),
    "zulip": Sample(ZulipExport(), "zulip.zip", _zulip),
    "matrix": Sample(MatrixExport(), "export.json", _matrix, ("ana", "bob")),
    "matrix_text": Sample(MatrixText(), "matrix-Trip-export-2024.txt", _matrix_text),
    "skype": Sample(SkypeExport(), "messages.json", _skype_of("19:abc@thread.skype")),
    "teams": Sample(TeamsExport(), "messages.json", _skype_of("19:abc@thread.v2")),
    "mattermost": Sample(MattermostExport(), "export.jsonl", _mattermost),
    "rocketchat": Sample(RocketChatExport(), "trip.json", _rocketchat),
    "discord_package": Sample(DiscordPackage(), "package.zip", _discord_package, ("Ana",)),
    "sms": Sample(SmsExport(), "sms.xml", _sms, ("Me", "Bob")),
    "signal": Sample(SignalExport(), "chat.md", _signal_tool, seconds=False),
    "signal frames": Sample(SignalExport(), "main.jsonl", _signal_frames, ("Me", "Ana", "Bob")),
    "line": Sample(LineExport(), "line.txt", _line, seconds=False),
    "kakaotalk": Sample(KakaoTalkExport(), "talk.txt", _kakaotalk, seconds=False),
    "kakaotalk phone": Sample(KakaoTalkExport(), "talk.txt", _kakaotalk_phone, seconds=False),
    "kakaotalk mac": Sample(KakaoTalkExport(), "talk.csv", _kakaotalk_mac),
    "viber": Sample(ViberExport(), "Chat with Bob.csv", _viber),
    "wechat": Sample(WeChatExport(), "chat.txt", _wechat),
    "imessage": Sample(IMessageExport(), "Bob.txt", _imessage),
    "imessage page": Sample(IMessageExport(), "Bob.html", _imessage_page),
    "irc": Sample(IrcExport(), "channel.log", _irc, ("ana", "bob_"), lines=False),
    "irc weechat": Sample(IrcExport(), "irc.libera.channel.weechatlog", _weechat, ("ana", "bob_"), lines=False),
    "mbox": Sample(MboxExport(), "Trip.mbox", _mbox, subject="Trip\n\n"),
    "discord_html": Sample(DiscordPage(), "Friends - trip [123456789012345678].html", _discord_page),
    "discord_text": Sample(DiscordText(), "Friends - trip.txt", _discord_text, seconds=False),
    "adium": Sample(AdiumExport(), "ana@x (2024-05-03T21.14.05+0000).xml", _adium),
    "pidgin": Sample(PidginExport(), "2024-05-03.211405+0000GMT.html", _pidgin),
    "pidgin text": Sample(PidginExport(), "2024-05-03.211405+0000GMT.txt", _pidgin_text),
    "zoom": Sample(ZoomExport(), "2024-05-03 chat.txt", _zoom, longest_gap=9_000),
    "zoom of old": Sample(ZoomExport(), "2024-05-03 chat.txt", _zoom_of_old, lines=False, longest_gap=9_000),
    "hangouts": Sample(HangoutsExport(), "Hangouts.json", _hangouts),
    "snapchat": Sample(SnapchatExport(), "chat_history.json", _snapchat),
    "snapchat of old": Sample(SnapchatExport(), "chat_history.json", _snapchat_of_old, ("Me", "bob")),
    "tiktok": Sample(TikTokExport(), "user_data_tiktok.json", _tiktok),
    "x": Sample(XExport(), "twitter.zip", _x, ("Ana", "@22")),
    "telegram_html": Sample(TelegramHtml(), "messages.html", _telegram_html),
}
HELLO: Final = (
    Said("Ana", datetime(2024, 5, 3, 21, 14, 5, tzinfo=UTC), "hello 🎉"),
    Said("Bob Reed", datetime(2024, 5, 4, 9, 15, 6, tzinfo=UTC), "how are you? café"),
)


def greeting(sample: Sample) -> bytes:
    """Return a short conversation as an app writes it."""
    authors = sample.authors or tuple(each.author for each in HELLO)
    return sample.render([each._replace(author=authors[n % len(authors)]) for n, each in enumerate(HELLO)])

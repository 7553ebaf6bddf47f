"""Skype's exports, and those of a personal Teams account, which have the same form: beside words, and oddities."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_one


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
    chat, found = read_one(
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
    chat, found = read_one(
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


def _bare(n: int, kind: str, content: str, account: str = "8:me") -> object:
    return {"id": str(n), "displayName": None, "originalarrivaltime": f"2024-05-03T21:14:0{n}.5Z", "from": account,
            "messagetype": kind, "content": content, "properties": None}  # fmt: skip


def _with_bob(*said: object) -> object:
    conversation = {"id": "8:live:.cid.b0b", "displayName": "Bob", "MessageList": list(said)}
    return {"userId": "8:me", "exportDate": "x", "conversations": [conversation]}


def test_of_skype_people_without_a_name_have_that_of_the_chat_or_of_a_call(tmp_path: Path) -> None:
    called = (
        '<partlist type="ended"><part identity="me"><name>Ana &amp; Co</name><duration>5</duration></part></partlist>'
    )
    said = [
        _bare(1, "RichText", "hi"),
        _bare(2, "RichText", "hello", "8:live:.cid.b0b"),
        _bare(3, "Event/Call", called),
    ]
    chat, found = read_one(tmp_path, "messages.json", _with_bob(*said))

    assert [(each.author, each.text) for each in found] == [
        ("Ana & Co", "hi"),
        ("Bob", "hello"),
        (None, "Ana & Co: Call ended, Ana & Co"),
    ]
    assert (chat.own_account, [each.author_id for each in found]) == ("me", ["me", "live:.cid.b0b", None])


def test_of_skype_cards_polls_and_notices_are_words(tmp_path: Path) -> None:
    card = {"attachments": [{"content": {"title": "Flight", "text": "at <b>nine</b>", "buttons": [{"value": "x"}]}}]}
    picture = {"attachments": [{"content": {"images": [{"url": "x.gif"}]}}]}

    def packed(value: object) -> str:
        code = b64encode(json.dumps(value).encode()).decode()
        return f'<URIObject type="SWIFT.1"><a href="x">Card</a><Swift b64="{code}"/><Title>Card</Title></URIObject>'

    said = [
        _bare(1, "RichText/Media_Card", packed(card)),
        _bare(2, "RichText", packed(picture)),
        _bare(3, "Poll", json.dumps({"question": "Where?", "options": [{"text": "Rome"}, {"text": "Oslo"}]})),
        _bare(4, "PopCard", json.dumps([{"title": "News", "content": "Get the app"}])),
        _bare(5, "RichText/Media_Card", '<URIObject type="SWIFT.1"><Swift b64="!?"/></URIObject>'),
    ]
    _, found = read_one(tmp_path, "messages.json", _with_bob(*said))

    words = ["Flight\nat nine", "", "Poll: Where?\n- Rome\n- Oslo", "News\nGet the app", ""]
    assert [each.text for each in found] == words
    assert [files_of(each) for each in found] == [[], [("image", None, True)], [], [], [("image", None, True)]]


def test_of_skype_what_is_encrypted_is_told_and_recordings_are_what_they_are(tmp_path: Path) -> None:
    spoken = '<URIObject type="Audio.1/Message.1" uri="x"><Title/><OriginalName v="note"/></URIObject>'
    filmed = '<URIObject type="Video.2/CallRecording.1"><Title>Call</Title><OriginalName v="c.mp4"/></URIObject>'
    said = [
        _bare(1, "EndToEndEncryption/EncryptedText", "eyJhbGciOi"),
        _bare(2, "RichText/Media_AudioMsg", spoken),
        _bare(3, "RichText/Media_CallRecording", filmed),
    ]
    _, found = read_one(tmp_path, "messages.json", _with_bob(*said))

    assert found[0].text == "[a message that could not be decrypted]"
    assert [files_of(each) for each in found[1:]] == [[("audio", "note", True)], [("video", "c.mp4", True)]]

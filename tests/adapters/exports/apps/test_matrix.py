"""Matrix' exports: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.exports.apps.reading import read_one


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
    chat, said = read_one(tmp_path, "export.json", {"room_name": "Trip", "export_date": "1", "messages": events})

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
    _, said = read_one(tmp_path, "export.json", {"room_name": "Trip", "export_date": "1", "messages": events})

    assert [(each.author, each.text) for each in said[1:]] == [
        ("Ana Reis", "hello"),
        ("Ana Reis", "Poll: Where?\n- Porto\n- Lagos"),
    ]

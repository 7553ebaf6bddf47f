"""Rocket.Chat's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_one


def test_rocketchats_descriptions_are_words_and_its_notices_say_what_happened(tmp_path: Path) -> None:
    base = {"rid": "GENERAL", "ts": "2024-05-03T21:14:05Z", "u": {"username": "bob", "name": "Bob"}}
    said = [
        base | {"_id": "1", "msg": "", "attachments": [{"title": "plan.pdf", "description": "the plan"}]},
        base | {"_id": "2", "t": "uj", "msg": "bob"},
        base | {"_id": "3", "t": "room_changed_topic", "msg": "Trips"},
        base | {"_id": "4", "msg": "yes", "tmid": "1"},
    ]
    _, read = read_one(tmp_path, "trip.json", said)

    assert [(each.kind, each.author, each.text) for each in read] == [
        ("message", "Bob", "the plan"),
        ("system", None, "bob joined"),
        ("system", None, "Trips"),
        ("message", "Bob", "yes"),
    ]
    assert (files_of(read[0]), read[3].thread) == ([("document", "plan.pdf", True)], "1")

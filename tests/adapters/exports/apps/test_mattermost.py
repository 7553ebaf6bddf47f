"""Mattermost's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
from pathlib import Path

from tests.adapters.exports.apps.reading import read_one


def test_mattermosts_direct_messages_and_replies_are_read(tmp_path: Path) -> None:
    reply = {"user": "bob", "message": "nine", "create_at": 1714770846000}
    post = {"channel_members": ["bob", "ana"], "user": "ana", "message": "when?", "create_at": 1714770845000}
    lines = [{"type": "version", "version": 1}, {"type": "direct_post", "direct_post": post | {"replies": [reply]}}]
    chat, said = read_one(tmp_path, "export.jsonl", "".join(json.dumps(line) + "\n" for line in lines))

    assert (chat.title, chat.kind) == ("ana, bob", "direct")
    assert [(each.author, each.text) for each in said] == [("ana", "when?"), ("bob", "nine")]

"""What Teams' Graph lists: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_one


def test_teams_is_read_as_graph_lists_it(tmp_path: Path) -> None:
    def message(n: int, content: str, **more: object) -> object:
        sender = {"user": {"id": "u", "displayName": "Ana"}}
        body = {"contentType": "html", "content": content}
        return {"id": str(n), "createdDateTime": f"2024-05-03T21:14:0{n}Z", "from": sender, "body": body, **more}

    said = [message(2, "", deletedDateTime="x"), message(1, "<p>see <b>you</b></p>", attachments=[{"name": "p.pdf"}])]
    _, found = read_one(tmp_path, "teams.json", {"@odata.context": "x", "value": said})

    assert [(each.author, each.text, each.deleted) for each in found] == [("Ana", "see you", False), ("Ana", "", True)]
    assert files_of(found[0]) == [("document", "p.pdf", True)]


def test_cards_events_and_quotes_of_teams_are_read(tmp_path: Path) -> None:
    card = {"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "Build failed"}]}
    event = {"@odata.type": "#microsoft.graph.membersAddedEventMessageDetail", "members": [{"displayName": "Cal"}]}

    def message(n: int, content: str, **more: object) -> object:
        body = {"contentType": "html", "content": content}
        sender = {"user": {"displayName": "Ana"}}
        return {"id": str(n), "messageType": "message", "createdDateTime": f"2024-05-03T21:14:0{n}Z", "from": sender,
                "body": body, "attachments": [], **more}  # fmt: skip

    packed = {"contentType": "application/vnd.microsoft.card.adaptive", "content": json.dumps(card), "name": None}
    quoted = {"id": "1", "contentType": "messageReference", "content": "{}"}
    said = [
        message(1, '<attachment id="c"></attachment>', attachments=[packed]),
        message(2, "<systemEventMessage/>", messageType="systemEventMessage", eventDetail=event),
        message(3, "<p>yes</p>", attachments=[quoted]),
    ]
    _, read = read_one(tmp_path, "chat.json", {"value": said})

    assert [(each.kind, each.text, each.reply_to) for each in read] == [
        ("message", "Build failed", None),
        ("system", "members added: Cal", None),
        ("message", "yes", "1"),
    ]

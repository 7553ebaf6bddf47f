"""What Teams' Graph lists: what they hold beside words, and their oddities."""

from __future__ import annotations

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

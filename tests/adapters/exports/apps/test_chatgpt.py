"""ChatGPT's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_chats, read_one


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
    chat, said = read_one(tmp_path, "conversations.json", [record])

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
    ((_, said),) = read_chats(path)

    assert files_of(said[0]) == [("document", "plan.pdf", False), ("image", "file_00ab-heron.png", False)]
    assert [file.path for file in said[0].attachments] == ["file-Xy1-plan.pdf", "user-1/file_00ab-heron.png"]
    assert said[1].text == "A heron ([birds](https://birds.example)), in Porto."

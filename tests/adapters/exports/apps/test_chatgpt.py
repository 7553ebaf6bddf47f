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


Node = dict[str, object]


def _node(n: str, parent: str | None, role: str, content: object, **more: object) -> Node:
    message = {"id": n, "author": {"role": role}, "create_time": 1714770845.5, "content": content, **more}
    return {"id": n, "message": message, "parent": parent, "children": []}


def _text(*parts: object, kind: str = "text") -> Node:
    return {"content_type": kind, "parts": list(parts)}


def _conversation(*nodes: Node, **more: object) -> Node:
    mapping = {str(node["id"]): node for node in nodes}
    return {"title": "Trip", "create_time": 1714770840.0, "mapping": mapping, "current_node": nodes[-1]["id"], **more}


def test_of_chatgpt_what_the_assistant_tells_its_tools_is_not_said(tmp_path: Path) -> None:
    record = _conversation(
        _node("a", None, "user", _text("draw a heron"), recipient="all"),
        _node("b", "a", "assistant", _text('{"prompt": "a heron"}'), recipient="dalle.text2im"),
        _node("c", "b", "tool", _text("1 image was made; do not list the prompts"), recipient="all"),
        _node("d", "c", "assistant", _text("User likes herons"), recipient="bio"),
        _node("e", "d", "assistant", _text("Here it is."), recipient="all"),
    )
    _, said = read_one(tmp_path, "conversations.json", [record])

    assert [each.text for each in said] == ["draw a heron", "Here it is."]


def test_of_chatgpt_pictures_it_drew_are_its_own_and_pages_it_saw_are_not(tmp_path: Path) -> None:
    def picture(made: object) -> Node:
        return {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-aB1", "metadata": made}

    record = _conversation(
        _node("a", None, "tool", _text(picture({"dalle": {"prompt": "a heron"}}), kind="multimodal_text")),
        _node("b", "a", "tool", _text(picture(None), kind="multimodal_text")),
    )
    _, said = read_one(tmp_path, "conversations.json", [record])

    assert [(each.author, each.text, files_of(each)) for each in said] == [("ChatGPT", "", [("image", None, True)])]


def test_of_chatgpt_what_was_spoken_is_read_with_its_sound(tmp_path: Path) -> None:
    spoken = {"content_type": "audio_transcription", "text": "when do we leave?", "direction": "in"}
    sound = {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_00cd"}
    seen = {"content_type": "real_time_user_audio_video_asset_pointer", "audio_asset_pointer": sound}
    answer = {"content_type": "audio_transcription", "text": "At nine.", "direction": "out"}
    record = _conversation(
        _node("a", None, "user", _text(spoken, seen, kind="multimodal_text")),
        _node("b", "a", "assistant", _text(answer, sound, kind="multimodal_text")),
    )
    _, said = read_one(tmp_path, "conversations.json", [record])

    assert [(each.text, files_of(each)) for each in said] == [
        ("when do we leave?", [("audio", None, True)]),
        ("At nine.", [("audio", None, True)]),
    ]


def test_of_chatgpt_documents_on_the_canvas_are_its_words(tmp_path: Path) -> None:
    made = {"name": "Packing list", "type": "document", "content": "tent\nstove"}
    again = {"updates": [{"pattern": ".*", "multiple": False, "replacement": "tent\nstove\nrope"}]}
    patched = {"updates": [{"pattern": "rope", "multiple": False, "replacement": "long rope"}]}

    def code(value: object) -> Node:
        return {"content_type": "code", "language": "json", "text": json.dumps(value)}

    record = _conversation(
        _node("a", None, "assistant", code(made), recipient="canmore.create_textdoc"),
        _node("b", "a", "assistant", code(again), recipient="canmore.update_textdoc"),
        _node("c", "b", "assistant", code(patched), recipient="canmore.update_textdoc"),
        _node("d", "c", "tool", _text("Successfully created text document"), recipient="all"),
    )
    _, said = read_one(tmp_path, "conversations.json", [record])

    assert [each.text for each in said] == ["Packing list\n\ntent\nstove", "tent\nstove\nrope"]


def test_of_chatgpt_other_versions_of_an_answer_are_counted(tmp_path: Path) -> None:
    record = _conversation(
        _node("a", None, "user", _text("when?")),
        _node("x", "a", "assistant", _text("At eight.")),
        _node("y", "a", "assistant", _text("At ten.")),
        _node("z", "y", "assistant", {"content_type": "thoughts", "thoughts": []}),
        _node("b", "a", "assistant", _text("At nine【3†timetable】.")),
    )
    chat, said = read_one(tmp_path, "conversations.json", [record])

    assert [each.text for each in said] == ["when?", "At nine."]
    (warning,) = chat.warnings
    assert "another version of what was said" in warning.message
    assert "1 more message" in warning.message


def test_of_chatgpt_one_conversation_that_a_program_saved_is_read(tmp_path: Path) -> None:
    said = _node("a", None, "user", _text("when?"))
    said["message"] = {**said["message"], "create_time": "2024-05-03T21:14:05Z"}  # type: ignore[dict-item]  # a mapping
    chat, messages = read_one(tmp_path, "ChatGPT-Trip.json", _conversation(said, conversation_id="x"))

    assert (chat.title, chat.external_id) == ("Trip", "x")
    assert [(each.author, each.text, each.sent_at.hour) for each in messages] == [("You", "when?", 21)]

"""Claude's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_chats, read_one


def test_texts_that_were_pasted_to_claude_are_words(tmp_path: Path) -> None:
    pasted = [{"file_name": "", "extracted_content": "the code is 4417"}, {"file_name": "a.txt", "file_size": 9}]
    message = {"sender": "human", "created_at": "2024-05-03T21:14:05Z", "text": "see", "attachments": pasted}
    _, said = read_one(tmp_path, "conversations.json", [{"uuid": "c", "name": "Trip", "chat_messages": [message]}])

    assert said[0].text == "see\n\nthe code is 4417"


def test_claudes_files_are_named_and_its_thoughts_left_out(tmp_path: Path) -> None:
    content = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "the answer"}, {"type": "tool_use"}]
    at = "2024-05-03T21:14:05.000000Z"
    messages = [
        {"uuid": "1", "sender": "human", "created_at": at, "text": "read it", "attachments": [{"file_name": "p.pdf"}]},
        {"uuid": "2", "sender": "assistant", "created_at": at, "text": "", "content": content},
    ]
    chat, said = read_one(tmp_path, "conversations.json", [{"uuid": "c", "name": "Trip", "chat_messages": messages}])

    assert (chat.title, chat.own_account) == ("Trip", "human")
    assert [(each.author, each.text) for each in said] == [("You", "read it"), ("Claude", "the answer")]
    assert files_of(said[0]) == [("document", "p.pdf", True)]


_AT = "2024-05-03T21:14:05.000000Z"


def test_documents_that_claude_made_are_its_words_and_its_other_tools_are_not(tmp_path: Path) -> None:
    def use(name: str, **given: object) -> object:
        return {"type": "tool_use", "name": name, "input": given}

    content = [
        {"type": "text", "text": "Here is the list."},
        use("artifacts", id="a", command="create", title="Packing list", content="tent\nstove"),
        use("artifacts", id="a", command="update", old_str="tent", new_str="big tent"),
        use("web_search", query="herons"),
        {"type": "tool_result", "name": "web_search", "content": [{"type": "text", "text": "a page"}]},
        use("create_file", path="/mnt/user-data/outputs/route.md", file_text="by the coast"),
    ]
    message = {"uuid": "2", "sender": "assistant", "created_at": _AT, "text": "", "content": content}
    _, said = read_one(tmp_path, "conversations.json", [{"uuid": "c", "name": "Trip", "chat_messages": [message]}])

    assert said[0].text == "Here is the list.\n\nPacking list:\ntent\nstove\n\nroute.md:\nby the coast"


def test_of_claude_notes_on_blocks_that_were_not_exported_are_left_out(tmp_path: Path) -> None:
    note = "```\nThis block is not supported on your current device yet.\n```"
    messages = [
        {
            "uuid": "1",
            "sender": "assistant",
            "created_at": _AT,
            "text": f"Let me look.\n{note}\n\n\n{note}\n\nAt nine.",
        },
        {"uuid": "2", "sender": "assistant", "created_at": _AT, "text": note},
    ]
    _, said = read_one(tmp_path, "conversations.json", [{"uuid": "c", "name": "Trip", "chat_messages": messages}])

    assert [each.text for each in said] == ["Let me look.\n\nAt nine."]


def test_documents_of_claudes_projects_are_read_from_the_zip(tmp_path: Path) -> None:
    document = {"uuid": "d", "filename": "rules.md", "content": "no dogs", "created_at": _AT}
    projects = [
        {"uuid": "p", "name": "House", "docs": [document], "created_at": _AT},
        {"uuid": "q", "name": "How to use Claude", "docs": [], "created_at": _AT},
    ]
    said = {"uuid": "1", "sender": "human", "created_at": _AT, "text": "hi"}
    path = tmp_path / "data-2024-05-03-batch-0000.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("users.json", "[]")
        archive.writestr("conversations.json", json.dumps([{"uuid": "c", "name": "Trip", "chat_messages": [said]}]))
        archive.writestr("projects.json", json.dumps(projects))

    read = {chat.title: [each.text for each in messages] for chat, messages in read_chats(path)}
    assert read == {"Trip": ["hi"], "House": ["rules.md:\nno dogs"]}


def test_one_conversation_with_claude_that_a_program_saved_is_read(tmp_path: Path) -> None:
    said = {"uuid": "1", "sender": "human", "created_at": _AT, "content": [{"type": "text", "text": "hi"}]}
    chat, messages = read_one(tmp_path, "trip.json", {"uuid": "c", "name": "Trip", "chat_messages": [said]})

    assert (chat.title, [each.text for each in messages]) == ("Trip", ["hi"])

"""Claude's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_one


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

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.app import owner_of, owners_chat
from memory import Entry, Memory, Receipt
from memory.embedders.hashing import HashingEmbedder

if TYPE_CHECKING:
    from tests.bot.commands.conftest import Cli

REMEMBERED = ("The wifi password is tortoise42", "Mara is allergic to nuts", "The wifi router hums")


@pytest.fixture
def three(cli: Cli) -> Cli:
    """Let three things be remembered, as `remember` would, which takes longer."""

    async def store() -> None:
        async with Memory.open(cli.data / "memory.db", HashingEmbedder()) as memory:
            owner, chat = await owner_of(memory), await owners_chat(memory)
            for minute, text in enumerate(REMEMBERED):
                said_at = datetime(2024, 5, 3, 12, minute, tzinfo=UTC)
                await memory.facts.add(chat, Entry(text, said_at, author=owner.name, author_id=owner.id, kind="fact"))
            await memory.embeddings.embed_pending()

    asyncio.run(store())
    return cli


def texts(cli: Cli, *options: str) -> list[str]:
    return [each["text"] for each in cli.run("memories", *options, "--json").json]


def test_memories_are_listed_the_newest_first_and_filtered(three: Cli) -> None:
    assert texts(three)[0] == "The wifi router hums"
    assert texts(three, "--limit", "1") == ["The wifi router hums"]
    assert texts(three, "--matching", "MARA") == ["Mara is allergic to nuts"]
    assert texts(three, "--search", "password")[0] == "The wifi password is tortoise42"
    assert texts(three, "--search", "wifi", "--matching", "router") == ["The wifi router hums"]
    assert (
        texts(three, "--conversation", "chat", "--person", "you", "--search", "nuts")[0] == "Mara is allergic to nuts"
    )
    assert texts(three, "--person", "nobody") == []
    assert "tortoise42" in three.run("memories").out


def test_an_unknown_conversation_is_refused(three: Cli) -> None:
    assert 'no conversation is called "Lisbon"' in three.fails("memories", "--conversation", "Lisbon", code=1)


def test_what_was_said_can_not_steer_the_terminal_it_is_shown_on(cli: Cli) -> None:
    cli.run("remember", "The wifi\x1b[2J password is \x1b]52;c;ZXZpbA==\x07 tortoise42 [bold]not[/]")
    for command in (["ask", "what is the wifi password?"], ["memories"]):
        shown = cli.run(*command).out
        assert "\x1b" not in shown
        assert "\x07" not in shown
        assert "[bold]not[/]" in " ".join(shown.split())


def test_forgetting_by_id_gives_a_receipt(three: Cli) -> None:
    doomed = three.run("memories", "--matching", "password", "--json").json[0]["id"]
    receipt = three.run("forget", str(doomed), "--yes", "--json").json
    assert list(receipt) == [each.name for each in fields(Receipt)]
    assert (receipt["passages"], receipt["facts"], receipt["vectors"]) == (1, 1, 1)
    assert texts(three) == ["The wifi router hums", "Mara is allergic to nuts"]


def test_a_mistyped_id_forgets_nothing_at_all(three: Cli) -> None:
    real = three.run("memories", "--json").json[0]["id"]
    assert "has the id 999; nothing was forgotten" in three.fails("forget", str(real), "999", "--yes", code=1)
    assert len(texts(three)) == 3


def test_forgetting_what_matches_spares_the_rest(three: Cli) -> None:
    assert "Forgotten: 2 memories" in three.run("forget", "--matching", "wifi", "--yes").out
    assert texts(three) == ["Mara is allergic to nuts"]


def test_forgetting_a_conversation_or_everything_stays_within_the_scope(three: Cli, others_chat: str) -> None:
    three.run("forget", "--conversation", "Chat", "--yes")
    assert texts(three) == []
    assert "Nothing was forgotten." in three.run("forget", "--all", "--yes", code=1).out
    assert texts(three, "--scope", "all") == [others_chat]
    assert three.run("forget", "--person", "Bo", "--scope", "all", "--yes", "--json").json["passages"] == 1


def test_without_a_terminal_forgetting_wants_yes_and_a_selection(three: Cli) -> None:
    assert "add --yes" in three.run("forget", "--all", code=2).err
    assert "say what to forget" in three.run("forget", "--yes", code=2).err
    assert len(texts(three)) == 3


def test_an_export_has_every_memory_once_and_the_oldest_first(three: Cli, others_chat: str) -> None:
    lines = [json.loads(line) for line in three.run("export").out.splitlines()]
    assert [line["text"] for line in lines] == texts(three)[::-1]
    assert list(lines[0]) == [
        *("id", "text", "author", "said_at", "kind", "conversation", "event_id", "reply_to", "link", "locator"),
        *("key", "valid_to"),
    ]
    assert lines[0]["conversation"] == {"platform": "console", "id": "chat", "title": "Chat", "kind": "direct"}
    file = three.home / "all.jsonl"
    three.run("export", str(file), "--scope", "all")
    every = [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()]
    assert every == [REMEMBERED[0], others_chat, *REMEMBERED[1:]]
    assert "exists already" in three.fails("export", str(file), code=1)


def test_a_backup_brings_back_what_was_forgotten_and_keeps_what_was_there(three: Cli) -> None:
    backup = three.home / "kept.db"
    three.run("backup", str(backup))
    three.run("forget", "--all", "--yes")
    three.run("remember", "Said after the backup")
    restored = three.run("restore", str(backup), "--yes")
    assert len(texts(three)) == 3
    (aside,) = three.data.glob("memory-before-*.db")
    assert str(aside) in restored.out
    three.run("restore", str(aside), "--yes")
    assert texts(three) == ["Said after the backup"]


def test_a_backup_never_overwrites_a_file(three: Cli) -> None:
    file = three.home / "kept.db"
    file.write_text("mine")
    assert "exists already" in three.fails("backup", str(file), code=5)
    assert file.read_text() == "mine"


@pytest.mark.parametrize("content", [b"not a database, but long enough to be read as one " * 30, b"", None])
def test_what_is_no_backup_is_not_restored(three: Cli, content: bytes | None) -> None:
    file = three.home / "kept.db"
    if content is not None:
        file.write_bytes(content)
    code = 5 if file.exists() else 1
    assert str(file) in three.fails("restore", str(file), "--yes", code=code)
    assert len(texts(three)) == 3
    assert [each.name for each in three.data.iterdir() if "restore" in each.name or "before" in each.name] == []


def test_another_programs_database_and_a_damaged_backup_are_not_restored(three: Cli) -> None:
    other = three.home / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    assert "is not a backup of Scrubjay's" in three.fails("restore", str(other), "--yes", code=5)
    backup = three.home / "kept.db"
    three.run("backup", str(backup))
    content = bytearray(backup.read_bytes())
    content[8192:40_000] = b"\xff" * (40_000 - 8192)
    backup.write_bytes(content)
    assert str(backup) in three.fails("restore", str(backup), "--yes", code=5)
    assert len(texts(three)) == 3


def test_a_damaged_memory_can_be_replaced_by_a_backup(three: Cli) -> None:
    backup = three.home / "kept.db"
    three.run("backup", str(backup))
    (three.data / "memory.db").write_bytes(b"damaged beyond recognition" * 500)
    assert "memory.db" in three.fails("memories", code=5)
    three.run("restore", str(backup), "--yes")
    assert len(texts(three)) == 3

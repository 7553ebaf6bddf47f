"""The receipt proves itself: planted traces are found, wherever they are, and what others have said is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from memory import ConversationRecord, Memory, Receipt, Scope, Selection
from memory.plugin_records import PluginSpace
from memory.receipts import Check
from memory.records import PassageKind
from tests.memory.sayings import add, said
from tests.memory.sqlite_store import store_of

TOLD = "the shed opens with zugspitze4711"


async def forgotten(memory: Memory, place: ConversationRecord, text: str = TOLD) -> Receipt:
    """Say something, and forget it."""
    (number,) = await add(memory, place, said(text, 5))
    await memory.embeddings.embed_pending()
    return await memory.forget(Scope.all(), Selection(passage_ids=(number,)), verify=True)


def checked(receipt: Receipt) -> Check:
    assert receipt.checked is not None
    return receipt.checked


@pytest.mark.sqlite_only
async def test_a_receipt_says_what_was_looked_at(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("the weather stays fine"))
    receipt = await forgotten(memory, place)
    check = checked(receipt)
    assert receipt.verified is True
    assert (check.words, check.elsewhere, check.left) == (4, 0, ())
    assert check.tables > 20
    assert check.files >= 2
    assert check.bytes > 100_000
    assert (
        str(check)
        == f"I looked for its words in all {check.tables} tables and in {check.files} files: nothing is left."
    )


async def test_words_that_others_have_said_are_left_out(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("Zugspitze4711 is the wifi of the hut"))
    receipt = await forgotten(memory, place)
    assert (receipt.verified, checked(receipt).elsewhere) == (True, 1)
    same = await add(memory, place, said(TOLD), said(TOLD, 1))
    receipt = await memory.forget(Scope.all(), Selection(passage_ids=(same[0],)), verify=True)
    assert (receipt.verified, checked(receipt).words) == (None, 0)
    assert "in other memories too" in str(receipt.checked)


async def test_words_that_stand_in_several_other_memories_are_all_left_out(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, said("zugspitze4711 is high"), said("alpspitze2628 is not", 1))
    check = checked(await forgotten(memory, place, "zugspitze4711 and alpspitze2628"))
    assert (check.words, check.elsewhere) == (1, 2)  # the line is nowhere else


@pytest.mark.parametrize("kind", ["answer", "command"])
async def test_what_the_bot_wrote_of_it_is_not_looked_for_in_its_own_words(
    memory: Memory, place: ConversationRecord, kind: PassageKind
) -> None:
    (number,) = await add(memory, place, said(TOLD))
    reply = await memory.delivery.queue_reply(place, number, "sending")
    await memory.delivery.mark_sent(
        reply, said("Ludwig9876, Sisi5432, Otto1234 and Max7890 opened it", 1, kind=kind, drawn_from=(number,))
    )
    receipt = await memory.forget(Scope.all(), Selection(passage_ids=(number,)), verify=True)
    assert (receipt.passages, checked(receipt).words) == (2, 4)


async def test_without_asking_nothing_is_looked_for(memory: Memory, place: ConversationRecord) -> None:
    (number,) = await add(memory, place, said(TOLD))
    receipt = await memory.forget(Scope.all(), Selection(passage_ids=(number,)))
    assert (receipt.verified, receipt.checked, receipt.notes) == (None, None, ())


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ("plugin_values", "something kept by the plugin notes"),
        ("jobs", "something planned by the plugin notes"),
        ("outbox", "a reply that waits to be sent"),
        ("passages", "the reply no. 1"),
    ],
)
@pytest.mark.sqlite_only
async def test_a_trace_in_what_the_bot_has_made_is_named(
    memory: Memory, place: ConversationRecord, table: str, where: str
) -> None:
    planted = {
        "plugin_values": "INSERT INTO plugin_values (plugin, key, value) VALUES ('notes', 'n', '\"zugspitze4711\"')",
        "jobs": "INSERT INTO jobs (plugin, name, payload, due_at) VALUES ('notes', 'tell', '\"ZUGSPITZE4711\"', 1)",
        "outbox": "INSERT INTO outbox (conversation_id, payload) VALUES (1, 'it is zugspitze4711')",
        "passages": """INSERT INTO passages (conversation_id, kind, author, said_at, said_offset, text)
                        VALUES (1, 'answer', 'bot', 1, 0, 'it is: the shed opens with a key')""",
    }[table]
    await store_of(memory).write(lambda connection: connection.execute_fetchall(planted))
    receipt = await forgotten(memory, place)
    assert receipt.verified is False
    assert where in checked(receipt).left
    assert "Not everything is gone" in receipt.notes[-1]


async def test_a_trace_in_a_file_of_the_data_folder_is_named(
    memory: Memory, place: ConversationRecord, path: Path
) -> None:
    (number,) = await add(memory, place, said(TOLD))
    backup = path.with_name("backup.db")
    await memory.upkeep.back_up(backup)
    (path.parent / "models").mkdir()
    (path.parent / "models" / "vocabulary.txt").write_text("zugspitze4711")
    receipt = await memory.forget(Scope.all(), Selection(passage_ids=(number,)), verify=True)
    assert (receipt.verified, checked(receipt).left) == (False, (f"the file {backup}",))


@pytest.mark.sqlite_only
async def test_a_word_of_six_bytes_is_looked_for_in_files_and_a_shorter_one_stands_there_by_chance(
    memory: Memory, place: ConversationRecord, path: Path
) -> None:
    await add(memory, place, said("the weather stays fine"))
    notes = path.with_name("notes.txt")
    notes.write_text("hut471 and hut47")
    assert checked(await forgotten(memory, place, "hut471")).left == (f"the file {notes}",)
    assert checked(await forgotten(memory, place, "hut47")).left == ()


async def test_an_encrypted_backup_in_the_data_folder_leaves_it_open_whether_anything_is_left(
    memory: Memory, place: ConversationRecord, path: Path
) -> None:
    backup = path.with_name("backup.db.age")
    backup.write_bytes(b"age-encryption.org/v1\n-> X25519 0000")
    receipt = await forgotten(memory, place)
    assert (receipt.verified, checked(receipt).left, checked(receipt).encrypted) == (None, (), (str(backup),))


async def test_words_of_which_the_tables_are_made_are_no_trace(memory: Memory, place: ConversationRecord) -> None:
    receipt = await forgotten(memory, place, "the Passages and conversations changes, created by the provenance")
    assert (receipt.verified, checked(receipt).left) == (True, ())


@pytest.mark.sqlite_only
@pytest.mark.parametrize("index", ["turn_words", "window_words"])
async def test_a_trace_in_the_index_is_named(memory: Memory, place: ConversationRecord, index: str) -> None:
    sql = f"INSERT INTO {index} (rowid, words) VALUES (999, 'zugspitze4711')"  # noqa: S608 (one of the two above)
    await store_of(memory).write(lambda connection: connection.execute_fetchall(sql))
    receipt = await forgotten(memory, place)
    assert "the full-text index" in checked(receipt).left


async def test_the_bots_own_words_are_no_trace(memory: Memory, place: ConversationRecord) -> None:
    outgoing = await memory.delivery.queue_reply(place, None, "hello")
    await memory.delivery.mark_sent(outgoing, said("I'll remember that (no. 3).", kind="command", author="bot"))
    receipt = await forgotten(memory, place, "remember the boat")
    assert receipt.verified is True


async def test_what_a_plugin_says_a_value_is_from_takes_it_along(memory: Memory, place: ConversationRecord) -> None:
    (number, other) = await add(memory, place, said(TOLD), said("nice weather", 1))
    values, space = memory.ledger.plugin_values, PluginSpace("notes")
    await values.put(space, "a", '"zugspitze4711"', [number])
    await values.put(space, "b", '"fine"', [other])
    await values.put(space, "c", '"of its own"')
    receipt = await memory.forget(Scope.all(), Selection(passage_ids=(number,)), verify=True)
    assert (receipt.values, receipt.verified) == (1, True)
    assert list(await values.items(space)) == ["b", "c"]

"""Upgrades a database of every older version, filled as that version would have filled it."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from importlib.resources import files
from pathlib import Path

import pytest

from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError
from memory.sqlite.database import APPLICATION_ID, connect
from memory.sqlite.migrations import read_migrations
from memory.sqlite.schema import _use_write_ahead_log, migrate
from tests.memory.sayings import add, found, rows, said, texts

CONTENT = """
INSERT INTO people (id, platform, external_id, name) VALUES (1, 'test', 'u1', 'Mara');
INSERT INTO conversations (id, platform, external_id, title, kind, owner_id) VALUES (1, 'test', '1', '', 'direct', 1);
INSERT INTO passages (id, conversation_id, kind, author, author_id, said_at, said_offset, text, event_id, session_id)
    VALUES (1, 1, 'message', 'Mara', 1, 1714737600000000, 0, 'the zeppelin lands', 'e1', 1);
INSERT INTO passages (id, conversation_id, kind, author, said_at, said_offset, text, session_id)
    VALUES (2, 1, 'fact', '', 1714737600000000, 0, 'zeppelins are blue', NULL);
INSERT INTO facts (passage_id, conversation_id, key, valid_from) VALUES (2, 1, 'colour', 1714737600000000);
INSERT INTO evidence (passage_id, source_id) VALUES (2, 1);
INSERT INTO turn_words (rowid, words) VALUES (1, 'Mara: the zeppelin lands'), (2, 'zeppelins are blue');
INSERT INTO window_words (rowid, words) VALUES
    (1, 'Mara: the zeppelin lands' || char(10) || '3 May 2024'), (2, 'zeppelins are blue' || char(10) || '3 May 2024');
INSERT INTO inbox (passage_id, payload) VALUES (1, 'payload');
INSERT INTO outbox (conversation_id, in_reply_to, payload) VALUES (1, 1, 'reply');
"""

MIGRATIONS = read_migrations()
_BEFORE_PROVENANCE = 8  # 009_provenance.sql is the step after it


def build(path: Path, version: int) -> None:
    old = connect(path)
    for script in MIGRATIONS[:version]:
        old.executescript(script)
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.execute(f"PRAGMA user_version = {version}")
    if version:
        old.executescript(CONTENT)
    old.close()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
async def test_a_database_of_every_older_version_keeps_all_it_holds(path: Path, version: int) -> None:
    build(path, version)
    async with Memory.open(path, HashingEmbedder()) as memory:
        assert rows(path, "PRAGMA user_version") == [(len(MIGRATIONS),)]
        assert await texts(memory, Scope.of_owner(1)) == ["the zeppelin lands", "zeppelins are blue"]
        (fact,) = await memory.facts.select(Scope.all())
        assert (fact.key, fact.evidence) == ("colour", (1,))
        assert [each.payload for each in await memory.delivery.list_waiting()] == ["payload"]
        assert [each.payload for each in await memory.delivery.list_unsent()] == ["reply"]
        assert await memory.embeddings.embed_pending() == 2
        assert len(await found(memory, "which zeppelin?")) == 2
        place = await memory.conversations.ensure("test", "1", owner_id=1)
        assert not (await memory.passages.add(place, [said("again", event_id="e1")]))[0].new
        await add(memory, place, said("more", 1))
        assert await memory.passages.edit(place, "e1", "the balloon lands")
        assert await memory.upkeep.check() == []


async def test_groups_and_their_threads_learn_who_can_read_them(path: Path) -> None:
    build(path, 3)
    old = connect(path)
    old.executescript(
        """INSERT INTO conversations (platform, external_id, title, kind) VALUES
           ('telegram', '-1', '', 'group'), ('telegram', '-1/7', '', 'group'), ('discord', '1/8', '', 'group')"""
    )
    old.close()
    await opened(path)
    found = rows(path, "SELECT external_id, audience FROM conversations ORDER BY id")
    assert found == [("1", None), ("-1", "-1"), ("-1/7", "-1"), ("1/8", None)]


def test_a_step_that_fails_leaves_the_version_before_it_and_nothing_of_the_step(path: Path) -> None:
    build(path, 1)
    old = connect(path)
    old.execute("CREATE TABLE usage (in_the_way)")
    old.close()
    with pytest.raises(StorageError, match="usage"):
        asyncio.run(opened(path))
    assert rows(path, "PRAGMA user_version") == [(1,)]
    assert rows(path, "SELECT name FROM sqlite_schema WHERE name = 'grants'") == []


async def opened(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()):
        pass


def test_no_number_is_given_twice_or_left_out() -> None:
    scripts = [each.name for each in files("memory.sqlite.migrations").iterdir() if each.name.endswith(".sql")]
    assert sorted(int(name[:3]) for name in scripts) == list(range(1, len(MIGRATIONS) + 1))


def test_a_script_is_cut_into_whole_statements() -> None:
    for script in MIGRATIONS:
        assert sqlite3.complete_statement(script)


def test_a_database_that_another_process_is_making_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    other, ours = connect(path), connect(path)
    other.execute("BEGIN EXCLUSIVE")
    ours.execute("PRAGMA busy_timeout = 0")  # as SQLite has it while the journal is switched
    releasing = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    releasing.start()
    _use_write_ahead_log(ours)
    releasing.join()
    assert ours.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    ours.close()
    other.close()


async def test_what_was_kept_before_provenance_is_bound_as_far_as_it_says_what_it_is_from(path: Path) -> None:
    build(path, _BEFORE_PROVENANCE)
    old = connect(path)
    long = "a balloon rises over the bay " * 20
    old.executescript(
        """
        UPDATE outbox SET payload = '{"drawn_from": [1]}', in_reply_to = NULL;
        INSERT INTO jobs (plugin, name, conversation_id, place, payload, due_at)
            VALUES ('reminders', 'ring', 1, '{"passage_id": 1}', '"zeppelin"', 1);
        INSERT INTO kept_files (name, conversation_id, payload) VALUES ('file', 1, '{"passage_id": 1}');
        INSERT INTO passages (id, conversation_id, kind, author, said_at, said_offset, text, reply_to) VALUES
            (3, 1, 'command', 'bot', 1714737600000000, 0, 'Noted: it lands.', 'e1'),
            (4, 1, 'command', 'bot', 1714737600000000, 0, '- 5: Mara, 3 May 2024 12:00: CUT…', NULL),
            (6, 1, 'command', 'bot', 1714737600000000, 0, '- 7: Mara: another', NULL);
        INSERT INTO passages (id, conversation_id, kind, author, said_at, said_offset, text) VALUES
            (5, 1, 'message', 'Mara', 1714737600000000, 0, 'LONG');
        """.replace("CUT", long[:118]).replace("LONG", long)
    )
    old.close()
    (path.parent / "kept" / "file").mkdir(parents=True)
    (path.parent / "kept" / "file" / "scroll.old").write_text("zeppelin")
    async with Memory.open(path, HashingEmbedder()) as memory:
        receipt = await memory.forget(Scope.all(), Selection(passage_ids=(1,)))
        assert (receipt.replies, receipt.jobs, receipt.files, receipt.facts) == (1, 1, 1, 1)
        assert not (path.parent / "kept" / "file").exists()
        receipt = await memory.forget(Scope.all(), Selection(passage_ids=(5,)))
        assert (receipt.passages, receipt.by_text) == (2, 1)
        assert receipt.notes == ("1 older reply was found by its text, because it does not record what it quotes.",)
        assert await texts(memory) == ["- 7: Mara: another"]


async def test_a_database_of_the_first_version_is_brought_up_to_date_with_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    old = connect(path)
    old.executescript(read_migrations()[0])
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.execute("PRAGMA user_version = 1")
    old.execute("INSERT INTO people VALUES (1, 'telegram', '1', 'Ann')")
    old.execute("INSERT INTO conversations VALUES (1, 'telegram', '1', '', 'direct', 1)")
    old.execute(
        """INSERT INTO passages (id, conversation_id, kind, author, said_at, said_offset, text, event_id)
           VALUES (1, 1, 'message', 'Ann', 0, 0, 'hello', '1:1')"""
    )
    old.execute("INSERT INTO inbox VALUES (1, '{}')")
    migrate(old, path)
    old.close()
    async with Memory.open(path, HashingEmbedder()) as memory:
        assert [waiting.passage_id for waiting in await memory.delivery.claim_waiting(["telegram"])] == [1]
        assert [passage.text for passage in await memory.passages.find_event("telegram", "1:1")] == ["hello"]
        assert await memory.ledger.grants.read_all() == []

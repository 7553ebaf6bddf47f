"""A database that was written by schema 4, the last before this one had tables of its own for what the bot keeps.

`written_by_schema_4.db.gz` was made by that version's own code (the calls of `Memory`, `judge`, `StandingOffers.keep`,
`Owners`, `KeptFiles`), with the hashing embedder: a group with a thread, a direct chat, an imported history, a document
in two pieces, a question with an answer that cites its source, judgements (+1 by Ann, -1 by Bea, and one taken back), a
fact that was learnt from a message, one that replaced an older one, buttons on two replies, a file that waits to be
read, an owner's chat, values of a plugin, a job, a grant of each kind, a code, a link, a pause, and what waits in the
inbox and the outbox.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from memory import Memory, Scope, Selection
from memory.access_records import Account
from memory.embedders.hashing import HashingEmbedder
from memory.plugin_records import PluginSpace
from tests.memory.sayings import found, rows

FILE = Path(__file__).with_name("written_by_schema_4.db.gz")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    database = tmp_path / "memory.db"
    database.write_bytes(gzip.decompress(FILE.read_bytes()))
    return database


async def test_everything_that_was_said_is_there_and_found(path: Path) -> None:
    kept = rows(path, "SELECT text FROM passages WHERE text NOT LIKE 'feedback %' ORDER BY id")
    assert len(kept) == 16
    async with Memory.open(path, HashingEmbedder()) as memory:
        assert rows(path, "SELECT text FROM passages ORDER BY id") == kept
        assert "the zeppelin lands at noon" in await found(memory, "when does the zeppelin land?")
        summaries = await memory.conversations.summarize(Scope.all())
        assert {each.conversation.title for each in summaries} == {"", "Trip", "Old chat"}
        (document,) = await memory.documents.summarize(Scope.all())
        assert (document.document.name, document.passages) == ("boiler.txt", 2)
        (imported,) = await memory.imports.select(Scope.all())
        assert (imported.source, imported.passages) == ("chat.zip", 2)
        assert [each.payload for each in await memory.delivery.list_waiting()] == ["waiting payload"]
        assert [each.payload for each in await memory.delivery.list_unsent()] == ["unsent payload"]
        (reply,) = await memory.passages.find_event("test", "a1b")
        assert reply.text == "At noon. [1]"
        assert await memory.upkeep.check() == []


async def test_judgements_have_a_table_and_are_no_texts_any_more(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        judged = await memory.judgements.select(Scope.all())
        assert [(each.value, each.author, each.question) for each in judged] == [
            (1, "Ann", "when does the zeppelin land?"),
            (-1, "Bea", "when does the zeppelin land?"),
        ]
        assert [each.given_at.minute for each in judged] == [6, 7]
        assert judged[0].cited == judged[0].seen != ()
        assert await memory.passages.select(Scope.all(), Selection(matching="feedback")) == []
        assert (await memory.forget(Scope.all(), Selection(matching="when does the zeppelin"))).judgements == 2
        assert await memory.judgements.select(Scope.all()) == []


async def test_facts_know_whether_they_were_learnt(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        facts = await memory.facts.select(Scope.all(), include_closed=True)
        assert {each.statement: each.learnt for each in facts} == {
            "Ann's sister lives in Porto": True,
            "azulejo1755": False,
            "azulejo1756": False,
        }


async def test_what_the_bot_keeps_for_itself_has_tables_and_plugins_keep_theirs(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        ledger = memory.ledger
        group = await memory.conversations.find("test", "-7")
        ann = await memory.people.find("test", "ann")
        assert group is not None
        assert ann is not None
        assert json.loads(await ledger.buttons.find(group.id, "b1") or "") == {
            "says": ["/catchup", "/remind"],
            "person": {"platform": "test", "id": "ann", "name": "Ann"},
        }
        assert await ledger.buttons.find(group.id, "b2") is not None
        (note,) = (await ledger.kept_files.read_all()).values()
        assert json.loads(note)["name"] == "talk.ogg"
        assert json.loads((await ledger.owner_chats.read_all())[ann.id])["conversation"]["id"] == "d1"
        assert await ledger.plugin_values.items(PluginSpace("notes", conversation_id=group.id)) == {"colour": '"blue"'}
        assert await ledger.plugin_values.items(PluginSpace("notes", people=(ann.id,))) == {"zone": '"Europe/Lisbon"'}
        assert await ledger.plugin_values.items(PluginSpace("notes")) == {"count": "3"}
        assert rows(path, "SELECT count(*) FROM plugin_values") == [(3,)]


async def test_who_may_talk_and_what_is_planned_stays(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        ledger = memory.ledger
        assert [(each.kind, each.role) for each in await ledger.grants.read_all()] == [
            ("conversation", "member"),
            ("person", "owner"),
        ]
        assert await ledger.pair(b"\1" * 32, Account("test", "new"), "New", now=3.0) == "member"
        assert await ledger.links.find_linked(Account("slack", "U1")) == [
            Account("slack", "U1"),
            Account("test", "ann"),
        ]
        assert await ledger.pauses.find("test", "-9") == "ann"
        assert await ledger.usage.count(Account("test", "ann"), date(2024, 5, 3), "answers") == 1
        assert await ledger.last_seen.find("test") == datetime(2024, 5, 3, 12, 40, tzinfo=UTC)
        assert (await ledger.plugin_states.find("notes")).reason == "it failed"
        (job,) = await memory.jobs.select("reminders")
        assert (job.name, job.payload) == ("ring", '"call Mum"')


def test_the_words_that_judgements_were_kept_in_leave_no_bytes(path: Path) -> None:
    asyncio.run(open_and_close(path))
    assert b"feedback +1" not in path.read_bytes()


async def open_and_close(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()):
        pass

"""Row-level security: a query that forgets its scope is shown nothing from outside it, by the server itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from memory import ConversationRecord, Entry, Memory, Scope
from memory.addresses import StoreAddress
from memory.databases import inspect_server
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError
from memory.postgres.store import Store
from tests.memory.sayings import EVERYTHING, add, at, found, said

OF_A_CONVERSATION = (
    "SELECT conversation_id FROM passages",
    "SELECT id FROM conversations",
    "SELECT conversation_id FROM documents",
    "SELECT conversation_id FROM facts",
    "SELECT conversation_id FROM postings",
    "SELECT conversation_id FROM vectors_1",
    "SELECT conversation_id FROM signs_1",
    "SELECT p.conversation_id FROM judgements AS j JOIN passages AS p ON p.id = j.answer_id",
)
"""Queries as a mistake would make them: they name no scope."""


async def fill(address: str, folder: Path) -> tuple[ConversationRecord, ConversationRecord]:
    """Let Ann's chat and a group keep something of every kind; the second belongs to an audience."""
    async with Memory.open(StoreAddress(folder / "memory.db", address), HashingEmbedder()) as memory:
        ann = await memory.people.ensure("test", "ann", "Ann")
        chat = await memory.conversations.ensure("test", "1", owner_id=ann.id)
        group = await memory.conversations.ensure("test", "2", kind="group", audience="team")
        for place in (chat, group):
            await add(memory, place, said("where is the zeppelin?", author_id=ann.id, event_id="q"))
            (answer,) = await add(memory, place, said("in the hangar", 1, kind="answer", reply_to="q"))
            await memory.facts.add(place, Entry("the zeppelin is grey", at(2)), key="colour")
            await memory.documents.add(place, "a.txt", "text/plain", "0", [said("a plan of the hangar")])
            await memory.judgements.keep(answer, ann.id, 1, at(3))
        await memory.embeddings.embed_pending()
    return chat, group


@pytest.fixture
async def homes(database: str, tmp_path: Path) -> tuple[ConversationRecord, ConversationRecord]:
    return await fill(database, tmp_path)


async def see(store: Store, scope: Scope) -> dict[str, set[int]]:
    return {sql: {row[0] for row in await store.read_within(scope, sql)} for sql in OF_A_CONVERSATION}


def only(*conversation_ids: int) -> dict[str, set[int]]:
    return {sql: set(conversation_ids) for sql in OF_A_CONVERSATION}


async def test_a_query_without_a_scope_sees_no_other_scopes_rows(
    homes: tuple[ConversationRecord, ConversationRecord], database: str, tmp_path: Path
) -> None:
    chat, group = homes
    async with Store.open(database, tmp_path) as store:
        assert store.reader is not None
        assert await see(store, Scope.of_conversation(chat.id)) == only(chat.id)
        assert await see(store, Scope.of_owner(chat.owner_id or 0)) == only(chat.id)
        team = Scope(audiences=frozenset({("test", "team")}))
        assert await see(store, team) == only(group.id)
        elsewhere = Scope(audiences=frozenset({("other", "team")}))
        assert await see(store, elsewhere) == only()
        assert await see(store, Scope()) == only()
        assert await see(store, Scope.all()) == only(chat.id, group.id)


@pytest.mark.usefixtures("homes")
async def test_a_scope_ends_with_its_transaction(database: str, tmp_path: Path) -> None:
    async with Store.open(database, tmp_path) as store:
        assert await store.read_within(Scope(), "SELECT id FROM passages") == []
        for _ in range(20):  # whichever connection of the pool is lent
            assert len(await store.read("SELECT id FROM conversations")) == 2


@pytest.mark.parametrize(
    "table", ["api_keys", "grants", "codes", "links", "plugin_values", "outbox", "inbox", "forgotten_key", "audit"]
)
async def test_a_read_within_a_scope_gets_at_nothing_that_it_does_not_need(
    table: str, database: str, tmp_path: Path
) -> None:
    async with Store.open(database, tmp_path) as store:
        with pytest.raises(StorageError, match="permission denied"):
            await store.read_within(Scope.of_conversation(1), f"SELECT FROM {table}")


@pytest.mark.usefixtures("homes")
async def test_who_is_given_rights_but_does_not_own_the_tables_is_refused_and_not_shown_a_part(
    database: str, tmp_path: Path
) -> None:
    name = database.partition("?")[0].rpartition("/")[2]
    connection = await asyncpg.connect(database)
    await connection.execute(f"CREATE ROLE visitor_of_{name} LOGIN")
    await connection.execute(f"GRANT USAGE ON SCHEMA scrubjay TO visitor_of_{name}")
    await connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA scrubjay TO visitor_of_{name}")
    try:
        async with Store.open(database.replace("postgres:@", f"visitor_of_{name}@", 1), tmp_path) as store:
            with pytest.raises(StorageError, match="give it the rights of the tables' owner"):
                await store.read("SELECT id FROM passages")
    finally:
        await connection.execute(f"DROP OWNED BY visitor_of_{name}")
        await connection.execute(f"DROP ROLE visitor_of_{name}")
        await connection.close()


@pytest.fixture
async def owner(new_database: str) -> AsyncIterator[str]:
    """The address of an empty database for its owner, who may make no roles."""
    name = new_database.partition("?")[0].rpartition("/")[2]
    connection = await asyncpg.connect(new_database)
    await connection.execute("DROP SCHEMA scrubjay CASCADE")
    await connection.execute(f"CREATE ROLE jay_of_{name} LOGIN")
    await connection.execute(f"ALTER DATABASE {name} OWNER TO jay_of_{name}")
    yield new_database.replace("postgres:@", f"jay_of_{name}@", 1)
    await connection.execute(f"ALTER DATABASE {name} OWNER TO CURRENT_USER")
    for role in (f"jay_of_{name}", f"jay_of_{name}_reader"):
        if await connection.fetchval("SELECT to_regrole($1)", role):
            await connection.execute(f"DROP OWNED BY {role}")
            await connection.execute(f"DROP ROLE {role}")
    await connection.close()


async def scope_line(address: str) -> tuple[str, str]:
    (line,) = [each for each in await inspect_server(address) if each.name == "scopes"]
    return line.found.format_map(line.values), line.advice.format_map(line.values)


async def run_as_superuser(database: str, *statements: str) -> None:
    connection = await asyncpg.connect(database)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def test_an_owner_who_may_make_roles_makes_the_reader(owner: str, new_database: str, tmp_path: Path) -> None:
    role = owner.partition("//")[2].partition("@")[0]
    await run_as_superuser(new_database, f"ALTER ROLE {role} CREATEROLE")
    chat, _ = await fill(owner, tmp_path)
    async with Store.open(owner, tmp_path) as store:
        assert store.reader == f"{role}_reader"
        assert await see(store, Scope.of_conversation(chat.id)) == only(chat.id)
    assert await scope_line(owner) == (f"the server holds reads to them, in the role {role}_reader", "")


async def test_without_the_role_reads_keep_to_their_scope_and_the_doctor_says_what_to_run(
    owner: str, new_database: str, tmp_path: Path
) -> None:
    role = owner.partition("//")[2].partition("@")[0]
    chat, group = await fill(owner, tmp_path)
    async with Memory.open(StoreAddress(tmp_path / "memory.db", owner), HashingEmbedder()) as memory:
        assert await found(memory, "the plan", Scope.of_conversation(chat.id)) != []
        seen = await memory.passages.select(Scope.of_conversation(chat.id), EVERYTHING)
    assert {each.conversation.id for each in seen} == {chat.id}
    said_of_it, advice = await scope_line(owner)
    assert said_of_it == "each query names its own; the server holds reads to none"
    statements = f"CREATE ROLE {role}_reader NOLOGIN; GRANT {role}_reader TO {role}"
    assert advice == f"for row-level security let a superuser run: {statements}"

    await run_as_superuser(new_database, *statements.split("; "))
    async with Store.open(owner, tmp_path) as store:
        assert await see(store, Scope.of_conversation(group.id)) == only(group.id)


async def test_a_role_that_no_policy_confines_is_not_used(owner: str, new_database: str, tmp_path: Path) -> None:
    role = owner.partition("//")[2].partition("@")[0]
    await run_as_superuser(
        new_database, f"CREATE ROLE {role}_reader NOLOGIN BYPASSRLS", f"GRANT {role}_reader TO {role}"
    )
    async with Store.open(owner, tmp_path) as store:
        assert store.reader is None
    assert (await scope_line(owner))[0] == "each query names its own; the server holds reads to none"

"""The keys of programs: shown once, stored as digests, and each a person of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access.api_keys import ApiKeys
from bot.errors import CommandError
from bot.events import Person
from memory import Memory
from memory.embedders.hashing import HashingEmbedder


@asynccontextmanager
async def open_keys(folder: Path) -> AsyncIterator[tuple[Memory, ApiKeys]]:
    async with Memory.open(folder / "memory.db", HashingEmbedder()) as memory:
        yield memory, ApiKeys(memory.ledger)


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def test_a_key_stands_for_a_person_of_its_own(tmp_path: Path) -> None:
    async with open_keys(tmp_path) as (_, keys):
        first, second = await keys.find(await keys.create("editor")), await keys.find(await keys.create("phone"))
        assert first is not None
        assert second is not None
        assert (first.platform, first.name, second.name) == ("http", "editor", "phone")
        assert first.id.startswith("key:")
        assert len(first.id) == len("key:") + 12
        assert first.id != second.id


async def test_a_wrong_key_stands_for_nobody(tmp_path: Path) -> None:
    async with open_keys(tmp_path) as (_, keys):
        key = await keys.create("editor")
        for wrong in ("", "sj-", key[:-1], key.removeprefix("sj-"), key.upper()):
            assert await keys.find(wrong) is None


async def test_keys_are_random_and_long(tmp_path: Path) -> None:
    async with open_keys(tmp_path) as (_, keys):
        made = {await keys.create(f"program {number}") for number in range(10)}
        assert len(made) == 10
        assert {(key[:3], len(key)) for key in made} == {("sj-", 46)}, "32 random bytes"


async def test_what_is_stored_lets_nobody_in(tmp_path: Path) -> None:
    async with open_keys(tmp_path) as (memory, keys):
        key = await keys.create("editor")
        (record,) = await memory.ledger.api_keys.read_all()
        assert key not in repr(record)
        assert await keys.find(record.digest.hex()) is None
    assert key.encode() not in bytes_of(tmp_path)


async def test_a_key_reads_its_own_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    async with open_keys(tmp_path) as (memory, keys):
        before = datetime.now(UTC)
        await keys.create("editor")
        await keys.create("search", "all")
        made = {record.name: record for record in await memory.ledger.api_keys.read_all()}
        assert (made["editor"].scope, made["search"].scope) == ("own", "all")
        assert before <= made["editor"].created_at <= datetime.now(UTC)


async def test_a_key_is_a_member_until_it_is_revoked(tmp_path: Path) -> None:
    async with open_keys(tmp_path) as (memory, keys):
        key = await keys.create("editor")
        person = await keys.find(key)
        assert person is not None
        (grant,) = await memory.ledger.grants.read_all()
        assert (grant.platform, grant.kind, grant.external_id) == ("http", "person", person.id)
        assert (grant.role, grant.name) == ("member", "editor")
        account = await keys.find_account(person)
        assert account is not None
        assert account.name == "editor"
        assert await keys.find_account(Person("http", "key:other", "editor")) is None
        await memory.ledger.api_keys.revoke("editor")
        assert await keys.find(key) is None
        assert await keys.find_account(person) is None


async def test_it_says_whether_there_is_any_key(tmp_path: Path) -> None:
    async with open_keys(tmp_path) as (_, keys):
        assert not await keys.any_exist()
        await keys.create("editor")
        assert await keys.any_exist()


async def test_a_second_key_of_the_same_name_is_refused(tmp_path: Path) -> None:
    async with open_keys(tmp_path) as (_, keys):
        key = await keys.create("editor")
        with pytest.raises(CommandError, match=r"^there is a key called editor already; `scrubjay keys revoke` takes"):
            await keys.create("editor")
        assert await keys.find(key) is not None


@pytest.mark.parametrize("name", ["", " ", " editor", "editor ", "edi\ntor", "edi\x00tor", "x" * 61])
async def test_a_name_that_nobody_could_tell_from_another_is_refused(tmp_path: Path, name: str) -> None:
    async with open_keys(tmp_path) as (_, keys):
        with pytest.raises(CommandError, match=r"can't name a key: give 1 to 60 printable characters"):
            await keys.create(name)
        assert not await keys.any_exist()


@pytest.mark.parametrize("name", ["x", "x" * 60, "Anns Küche"])
async def test_a_name_may_have_one_to_sixty_characters(tmp_path: Path, name: str) -> None:
    async with open_keys(tmp_path) as (_, keys):
        person = await keys.find(await keys.create(name))
        assert person is not None
        assert person.name == name

"""A plugin's own storage, seen from chats: what is kept for whom, and who sees it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import pytest

from bot import Context, Plugin, command
from bot.configuration.settings import AccessSettings
from bot.errors import PluginError
from bot.testing import PLATFORM, chat
from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.plugin_records import MAX_KEY, MAX_KEYS, MAX_VALUE, PluginSpace
from tests.memory.sqlite_store import store_of


class Notes(Plugin):
    """Keeps what it is told, in the place that is named."""

    name = "notes"

    @command("keep", "keep a value")
    async def keep(self, context: Context, place: str, key: str, value: str) -> str:
        await getattr(context.store, place).set(key, value)
        return "kept"

    @command("show", "show a value")
    async def show(self, context: Context, place: str, key: str) -> str:
        return str(await getattr(context.store, place).get(key, "nothing"))

    @command("drop", "delete a value")
    async def drop(self, context: Context, place: str, key: str) -> str:
        return str(await getattr(context.store, place).delete(key))

    @command("list", "show all values")
    async def list_all(self, context: Context, place: str, prefix: str = "") -> str:
        return json.dumps(await getattr(context.store, place).items(prefix))

    @command("break", "keep what can't be")
    async def try_to_keep(self, context: Context, what: str) -> str:
        too_much = {"object": object(), "nan": float("nan"), "long": "x" * MAX_VALUE}
        try:
            await context.store.here.set("k" * (MAX_KEY + 1) if what == "key" else "k", too_much.get(what))
        except PluginError as error:
            return str(error)
        return "kept"


class OtherNotes(Notes):
    """The same, as another plugin."""

    name = "others"

    @command("peek", "show a value")
    async def peek(self, context: Context, place: str, key: str) -> str:
        return str(await getattr(context.store, place).get(key, "nothing"))


class Counter(Plugin):
    """Counts its starts."""

    name = "counter"

    async def __aenter__(self) -> Self:
        started = await self.store.get("starts", 0)
        assert isinstance(started, int)
        await self.store.set("starts", started + 1)
        return self

    @command("starts", "how often I was started")
    async def starts(self, context: Context) -> str:
        return str(await context.store.everywhere.get("starts"))


async def test_a_value_is_seen_only_where_it_belongs(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Notes(), OtherNotes()]) as ann:
        group, ben = ann.in_group("trip"), ann.as_person("Ben")
        await ann.says("/keep here k direct")
        await ann.says("/keep mine k ann's")
        await ann.says("/keep everywhere k all")
        await group.says("/keep here k group")

        assert await ann.says("/show here k") == ["direct"]
        assert await group.says("/show here k") == ["group"]
        assert await group.as_person("Ben").says("/show here k") == ["group"]
        assert await ben.says("/show here k") == ["nothing"]

        assert await group.says("/show mine k") == ["ann's"]
        assert await ben.says("/show mine k") == ["nothing"]
        assert await ben.says("/show everywhere k") == ["all"]
        assert [await ann.says(f"/peek {place} k") for place in ("here", "mine", "everywhere")] == [["nothing"]] * 3


async def test_values_are_replaced_listed_by_prefix_and_deleted(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Notes()]) as ann:
        for key, value in (("b:2", "two"), ("b:1", "one"), ("c", "no"), ("b:2", "zwei")):
            await ann.says(f"/keep here {key} {value}")
        assert await ann.says("/list here b:") == ['{"b:1": "one", "b:2": "zwei"}']
        assert await ann.says("/drop here b:1") == ["True"]
        assert await ann.says("/drop here b:1") == ["False"]
        assert await ann.says("/list here") == ['{"b:2": "zwei", "c": "no"}']


async def test_values_outlive_a_restart_and_belong_to_the_plugin_from_its_start_on(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Counter()]) as ann:
        assert await ann.says("/starts") == ["1"]
    async with chat(tmp_path, plugins=[Counter()], first_minute=10) as ann:
        assert await ann.says("/starts") == ["2"]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("object", "can't be written as JSON"),
        ("nan", "can't be written as JSON"),
        ("long", f"has {MAX_VALUE + 2} bytes as JSON; at most {MAX_VALUE}"),
        ("key", f"a key has 1 to {MAX_KEY} characters, this one has {MAX_KEY + 1}"),
    ],
)
async def test_what_can_not_be_kept_is_refused_with_its_reason(tmp_path: Path, what: str, said: str) -> None:
    async with chat(tmp_path, plugins=[Notes()]) as ann:
        (reply,) = await ann.says(f"/break {what}")
        assert " can't be kept: " in reply
        assert said in reply
        assert await ann.says("/list here") == ["{}"]


async def test_a_space_holds_only_so_many_values_but_lets_them_change(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Notes()]) as ann:
        await ann.says("/keep everywhere key-0 old")

        async def fill(connection: object) -> None:
            await connection.executemany(  # type: ignore[attr-defined]  # the store's own connection
                "INSERT INTO plugin_values (plugin, key, value) VALUES ('notes', ?, '1')",
                [[f"key-{number}"] for number in range(1, MAX_KEYS)],
            )

        await store_of(ann.memory).write(fill)
        (refused,) = await ann.says("/keep everywhere one-more value")
        assert "error" in refused
        assert await ann.says("/keep everywhere key-0 new") == ["kept"]
        assert await ann.says("/keep here key value") == ["kept"]


async def test_where_nothing_is_kept_values_can_be_read_but_not_set(tmp_path: Path) -> None:
    settings = AccessSettings(owners=[f"{PLATFORM}:ann"])
    async with chat(tmp_path, plugins=[Notes()], access=settings) as ann:
        await ann.says("/keep mine k ann's")
        await ann.memory.ledger.pauses.start(PLATFORM, ann.place.id, "ann")
        assert await ann.says("/show mine k") == ["ann's"]
        for place in ("here", "mine", "everywhere"):
            (refused,) = await ann.says(f"/keep {place} k new")
            assert "I keep nothing of what you say here" in refused
        assert await ann.says("/show mine k") == ["ann's"]


async def test_what_is_of_nobody_in_particular_is_not_found_as_an_unknown_persons(tmp_path: Path) -> None:
    """A guest or a new place has the id 0 until something of it is stored."""
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        values = memory.ledger.plugin_values
        await values.put(PluginSpace("notes"), "k", '"everywhere"')
        assert await values.get(PluginSpace("notes", conversation_id=0), "k") is None
        assert await values.get(PluginSpace("notes", people=(0,)), "k") is None


async def test_values_are_forgotten_with_their_conversation_and_their_person(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Notes()]) as ann:
        for place in ("here", "mine", "everywhere"):
            await ann.says(f"/keep {place} k v")
        await ann.memory.forget(Scope.all(), Selection(everything=True))
        kept = await store_of(ann.memory).read("SELECT conversation_id, person_id FROM plugin_values")
        assert kept == [(None, None)]


async def test_linked_accounts_share_their_persons_values(tmp_path: Path) -> None:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        values = memory.ledger.plugin_values
        one = await memory.people.ensure("test", "1", "Ann")
        two = await memory.people.ensure("other", "2", "Ann")
        await values.put(PluginSpace("notes", people=(one.id,)), "zone", '"Lisbon"')
        await values.put(PluginSpace("notes", people=(two.id,)), "zone", '"Porto"')

        both, other_way = PluginSpace("notes", people=(one.id, two.id)), PluginSpace("notes", people=(two.id, one.id))
        assert await values.get(both, "zone") == '"Lisbon"'
        assert await values.get(other_way, "zone") == '"Porto"'
        assert await values.items(both) == {"zone": '"Lisbon"'}
        await values.put(other_way, "zone", '"Faro"')
        assert await values.get(both, "zone") == await values.get(other_way, "zone") == '"Faro"'
        kept = await store_of(memory).read("SELECT person_id, value FROM plugin_values")
        assert kept == [(two.id, '"Faro"')]
        assert await values.delete(both, "zone")
        assert await values.items(other_way) == {}


@dataclass
class Cup:
    """A value of a type of its own."""

    tea: str
    at: datetime


class Cups(Plugin):
    """Keeps cups, and reads what it has kept as other types too."""

    name = "cups"

    @command("pour", "keep a cup")
    async def pour(self, context: Context, tea: str) -> str:
        await context.store.here.set(f"cup {tea}", Cup(tea, context.message.sent_at))
        cup: Cup | None = await context.store.here.get(f"cup {tea}", type=Cup)
        nothing: Cup | None = await context.store.here.get("cup none", type=Cup)
        count: int = await context.store.here.get("count", 0, type=int)
        names: list[str] = await context.store.here.get("names", [], type=list[str])
        cups: dict[str, Cup] = await context.store.here.items("cup ", type=Cup)
        assert cup is not None
        return f"{cup.tea} {cup.at == context.message.sent_at} {nothing} {count} {names} {list(cups)}"

    @command("spoil", "read a cup as what it is not")
    async def spoil(self, context: Context, tea: str) -> str:
        try:
            await context.store.here.get(f"cup {tea}", type=list[int])
        except PluginError as error:
            return str(error)
        return "read"


async def test_values_are_read_as_the_type_that_is_asked_for(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Cups()]) as ann:
        assert await ann.says("/pour mint") == ["mint True None 0 [] ['cup mint']"]


async def test_a_kept_value_of_another_type_is_refused_by_its_key(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Cups()]) as ann:
        await ann.says("/pour mint")
        (said,) = await ann.says("/spoil mint")
        assert said == "the value kept as 'cup mint' is of another type: Input should be a valid array"

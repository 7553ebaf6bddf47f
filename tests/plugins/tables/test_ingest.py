"""Tables on this machine, by `scrubjay ingest`, and again after they have changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake

from bot.app import open_memory, owner_of
from bot.commands.overrides import with_overrides
from bot.configuration.settings import DataSettings, MemorySettings, PluginSettings, Settings
from bot.errors import ConfigError, FileUnreadable
from bot.reading.library import Library, documents_of
from bot.reading.opening import open_reading
from memory import Memory, Passage, Scope, Selection

DOCUMENTS = Selection(kinds=("document",))


@dataclass
class OpenLibrary:
    """The documents of this machine's owner."""

    memory: Memory
    library: Library

    async def rows(self) -> dict[str | None, Passage]:
        passages = await self.memory.passages.select(Scope.all(), DOCUMENTS, limit=1000)
        return {passage.locator: passage for passage in passages}


@asynccontextmanager
async def library_in(folder: Path, **tables: object) -> AsyncIterator[OpenLibrary]:
    settings = Settings(
        data=DataSettings(dir=folder),
        memory=MemorySettings(embedder="hashing"),
        plugins=PluginSettings(enabled=("tables",), settings={"tables": tables} if tables else {}),
    )
    async with open_memory(settings) as memory, open_reading(settings, memory) as reading:
        owner = await owner_of(memory)
        yield OpenLibrary(memory, Library(memory, reading, await documents_of(memory, owner.id), owner.id))


async def test_only_the_rows_that_have_changed_are_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("Id,Ware,Price\n" + "".join(f"{n},ware {n},{n}.50\n" for n in range(1, 101)))
    async with library_in(tmp_path / "data", key="Id") as registry:
        await registry.library.take(file)
        await registry.memory.embeddings.embed_pending()
        before = await registry.rows()
        lines = file.read_text().splitlines()
        lines[50] = "50,ware 50,99.00"
        lines.insert(1, "0,ware 0,0.50")
        del lines[-1]
        file.write_text("\n".join(lines))
        outcome = await registry.library.take(file)
        assert (outcome.change.added, outcome.change.kept, outcome.change.removed) == (2, 98, 2)
        assert outcome.sentence() == "I have read prices.csv again: 2 new, 98 as before, 2 gone."
        assert await registry.memory.embeddings.count_pending() == 2
        after = await registry.rows()
        assert after["Id 50"].text == "Id: 50; Ware: ware 50; Price: 99.00"
        assert after["Id 7"].id == before["Id 7"].id
        assert "Id 100" not in after


async def test_a_row_that_has_moved_is_cited_where_it_is_now(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Name,City\nAnn,Bern\nBen,Rome\n")
    async with library_in(tmp_path / "data") as registry:
        await registry.library.take(file)
        ann = (await registry.rows())["row 1"]
        file.write_text("Name,City\nZoe,Oslo\nAnn,Bern\nBen,Rome\n")
        await registry.library.take(file)
        rows = await registry.rows()
        assert (rows["row 2"].id, rows["row 2"].text) == (ann.id, "Name: Ann; City: Bern")


async def test_a_newer_version_of_a_delta_table_brings_only_what_is_new(tmp_path: Path) -> None:
    table = tmp_path / "advice"
    frame = pl.DataFrame({"Scenario": ["rain", "snow", "sun"], "Advice": ["an umbrella", "boots", "a hat"]})
    write_deltalake(table, frame.to_arrow())
    template = "For {Scenario} you should use {Advice}"
    async with library_in(tmp_path / "data", template=template, key="Scenario") as registry:
        await registry.library.take(table)
        await registry.memory.embeddings.embed_pending()
        before = await registry.rows()
        DeltaTable(table).update(predicate="Scenario = 'snow'", updates={"Advice": "'skis'"})
        write_deltalake(table, pl.DataFrame({"Scenario": ["fog"], "Advice": ["a lamp"]}).to_arrow(), mode="append")
        outcome = await registry.library.take(table)
        assert (outcome.change.added, outcome.change.kept, outcome.change.removed) == (2, 2, 1)
        assert "This is version 2 of the table." in outcome.sentence()
        assert await registry.memory.embeddings.count_pending() == 2
        after = await registry.rows()
        assert after["Scenario snow"].text == "For snow you should use skis"
        assert after["Scenario sun"].id == before["Scenario sun"].id


async def test_a_table_that_no_longer_fits_its_template_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "advice.csv"
    file.write_text("Scenario,Advice\nrain,an umbrella\n")
    async with library_in(tmp_path / "data", template="Use {Advice}") as registry:
        await registry.library.take(file)
        file.write_text("Scenario,Hint\nrain,a coat\n")
        with pytest.raises(FileUnreadable, match="it has no column “Advice”, but: Scenario, Hint"):
            await registry.library.take(file)
        assert [row.text for row in (await registry.rows()).values()] == ["Use an umbrella"]


def test_a_setting_for_one_command_goes_before_that_of_the_file() -> None:
    plugins = PluginSettings(settings={"tables": {"max_rows": 5, "key": "Id"}})
    changed = with_overrides(Settings(plugins=plugins), ["tables.max_rows=7", "tables.template=Use {Advice} = x"])
    assert changed.plugins.settings == {"tables": {"max_rows": 7, "key": "Id", "template": "Use {Advice} = x"}}


@pytest.mark.parametrize("override", ["tables", "tables.key", "key=Id", ".key=Id", "tables.=Id"])
def test_a_setting_that_is_not_written_as_one_is_refused(override: str) -> None:
    with pytest.raises(ConfigError, match=r"write it as PLUGIN\.NAME=VALUE"):
        with_overrides(Settings(), [override])

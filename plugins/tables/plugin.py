"""The plugin: which files it reads as tables, and what becomes of their rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot import Plugin, reads
from bot.reading import DELTA_TABLE, ChildLimits, IncomingFile, ReadItem, in_child
from plugins.tables.reader import TableOptions, read_table
from plugins.tables.template import parse_template

_TYPES = (
    "text/csv",
    "application/csv",
    "text/tab-separated-values",
    "application/vnd.apache.parquet",
    "application/vnd.apache.arrow.file",
    "application/vnd.apache.arrow.stream",
    "application/x-ndjson",
    "application/jsonl",
    "application/x-jsonlines",
    DELTA_TABLE,
)
_ENDINGS = (".csv", ".tsv", ".tab", ".psv", ".parquet", ".arrow", ".arrows", ".feather", ".ipc", ".jsonl", ".ndjson")


def _check_template(value: str) -> str:
    parse_template(value)
    return value


Template = Annotated[str, AfterValidator(_check_template)]


class TableRule(BaseModel):
    """What becomes of the rows of files whose name, or path, fits a pattern such as "advice*.csv"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: str = Field(min_length=1)
    template: Template | None = None
    key: str | None = Field(default=None, min_length=1)

    def fits(self, file: IncomingFile) -> bool:
        """Say whether this rule is about a file, whatever the capitals are."""
        pattern = self.files.casefold()
        return any(fnmatchcase(each.casefold(), pattern) for each in (file.name, file.source))


class TableSettings(BaseModel):
    """How rows become passages, and how many rows of a table are read.

    The first rule that fits a file decides; where none does, `template` and `key` do.
    """

    model_config = ConfigDict(extra="forbid")

    template: Template | None = None
    key: str | None = Field(default=None, min_length=1)
    rules: tuple[TableRule, ...] = ()
    max_rows: int = Field(default=200_000, ge=1, le=250_000)
    memory_mb: int = Field(default=2048, ge=256)
    max_seconds: int = Field(default=1800, ge=1)


class TablesPlugin(Plugin):
    """Reads tables, so that each row can be recalled and cited by its number or its key."""

    name = "tables"
    Settings = TableSettings
    settings: TableSettings

    @reads(*_TYPES, endings=_ENDINGS)
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        """Read a table in a child process. Raises FileUnreadable."""
        shape = next((rule for rule in self.settings.rules if rule.fits(file)), self.settings)
        options = TableOptions(template=shape.template, key=shape.key, most_rows=self.settings.max_rows)
        limits = ChildLimits(
            memory_mb=self.settings.memory_mb,
            cpu_seconds=self.settings.max_seconds,
            memory_setting="plugins.settings.tables.memory_mb",
            seconds_setting="plugins.settings.tables.max_seconds",
        )
        if file.path.is_file():  # a Delta table is a folder
            limits = limits.for_size(file.size, seconds_per_megabyte=60, memory_per_megabyte=256)
        async for item in in_child(read_table, file.path, options, limits):
            yield item

"""Reading tables: the plugin in its child process against bare polars."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks.measuring import Row, Setup, by_round, interleaved
from bot.reading import Piece
from bot.reading.child import in_child
from bot.reading.child_limits import ChildLimits
from plugins.tables.reader import TableOptions, read_table

_LIMITS = ChildLimits(memory_mb=1024, cpu_seconds=3600, output_mb=1024)


async def measure(setup: Setup) -> list[Row]:
    """Compare rows a second, as texts in this process, from CSV and from Parquet."""
    rows = setup.size(1_000_000, 20_000)
    numbers = range(rows)
    frame = pl.DataFrame({
        "Id": numbers,
        "Scenario": [f"it rains on day {n} of the trip" for n in numbers],
        "Advice": [f"take umbrella number {n} along" for n in numbers],
        "Price": [n / 7 for n in numbers],
    })  # fmt: skip
    csv, parquet = setup.folder / "table.csv", setup.folder / "table.parquet"
    frame.write_csv(csv)
    frame.write_parquet(parquet)
    return [await _compared(setup, file, rows) for file in (csv, parquet)]


async def _compared(setup: Setup, file: Path, rows: int) -> Row:
    ours, bare = await interleaved(partial(_ours, file, rows), partial(_bare, file, rows), setup.size(3, 1))
    return Row(
        f"reading a table of {rows:,} rows ({file.suffix[1:]}), rows a second",
        ours.rate(rows),
        f"polars, formatted as text: {bare.rate(rows)}",
        by_round(bare, ours).shown(),
    )


async def _ours(file: Path, rows: int) -> None:
    items = in_child(read_table, file, TableOptions(most_rows=rows), _LIMITS)
    if sum([isinstance(item, Piece) async for item in items]) != rows:
        raise RuntimeError("rows are missing")


async def _bare(file: Path, rows: int) -> None:
    await asyncio.to_thread(_formatted, file, rows)


def _formatted(file: Path, rows: int) -> None:
    frame = pl.read_csv(file) if file.suffix == ".csv" else pl.read_parquet(file)
    cells = [pl.lit(f"{name}: ") + pl.col(name).cast(pl.String) for name in frame.columns]
    if len(frame.select(text=pl.concat_str(cells, separator="; "))["text"].to_list()) != rows:
        raise RuntimeError("rows are missing")

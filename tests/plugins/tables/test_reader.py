from __future__ import annotations

import contextlib
import datetime as dt
import json
import tracemalloc
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import FileUnreadable
from bot.reading.child import in_child
from bot.reading.pieces import About, Piece, Progress
from plugins.tables.reader import TableOptions, read_table

Reading = Callable[..., Any]
MAY = dt.date(2024, 5, 3)
SMALL = pl.DataFrame({"Scenario": ["rain", "snow"], "Advice": ["an umbrella", None], "Times": [1, 2]})


def write(frame: pl.DataFrame, file: Path) -> None:
    match file.suffix:
        case ".parquet":
            frame.write_parquet(file)
        case ".arrow":
            frame.write_ipc(file)
        case ".jsonl":
            frame.write_ndjson(file)
        case _:
            frame.write_csv(file)


def test_a_template_makes_a_sentence_of_each_row(read: Reading, tmp_path: Path) -> None:
    SMALL.write_parquet(tmp_path / "advice.parquet")
    found = read(tmp_path / "advice.parquet", template="For {Scenario} you should use {Advice} {{{Times}}}")
    assert found.texts == ["For rain you should use an umbrella {1}", "For snow you should use — {2}"]


def test_a_template_names_columns_whatever_their_capitals_are(read: Reading, tmp_path: Path) -> None:
    SMALL.write_parquet(tmp_path / "advice.parquet")
    assert read(tmp_path / "advice.parquet", template="{ scenario }").texts == ["rain", "snow"]


def test_a_row_with_nothing_for_its_template_is_left_out(read: Reading, tmp_path: Path) -> None:
    SMALL.write_parquet(tmp_path / "advice.parquet")
    assert read(tmp_path / "advice.parquet", template="Use {Advice}").rows == [("row 1", "Use an umbrella")]


def test_a_column_that_is_not_there_is_told_with_those_that_are(read: Reading, tmp_path: Path) -> None:
    SMALL.write_parquet(tmp_path / "advice.parquet")
    told = r"advice\.parquet doesn't fit its template: it has no column “Advise”, but: Scenario, Advice, Times\. Did"
    with pytest.raises(FileUnreadable, match=f"{told} you mean “Advice”"):
        read(tmp_path / "advice.parquet", template="Use {Advise}")
    with pytest.raises(FileUnreadable, match="doesn't fit its key: it has no column “Id”"):
        read(tmp_path / "advice.parquet", key="Id")


def test_a_key_column_names_the_rows(read: Reading, tmp_path: Path) -> None:
    pl.DataFrame({"Id": ["a7", None], "Text": ["one", "two"]}).write_parquet(tmp_path / "keyed.parquet")
    assert read(tmp_path / "keyed.parquet", key="id").rows == [
        ("Id a7", "Id: a7; Text: one"),
        ("row 2", "Text: two"),
    ]


SPOKEN = [
    (pl.Series([True, False]), ["yes", "no"]),
    (pl.Series([1, -2_000_000]), ["1", "-2000000"]),
    (pl.Series([1.0, 0.1 + 0.2, float("nan"), 1.5e300]), ["1", "0.3", None, "1.5e+300"]),
    (pl.Series([0.1], dtype=pl.Float32), ["0.1"]),
    (pl.Series([Decimal("12.50")]), ["12.50"]),
    (pl.Series([MAY]), ["3 May 2024"]),
    (
        pl.Series(["2024-05-03T14:30", "2024-05-03T00:00:05"]).str.to_datetime(),
        ["3 May 2024 14:30", "3 May 2024 00:00:05"],
    ),
    (pl.Series([dt.datetime(2024, 5, 3, 14, 30, tzinfo=dt.UTC)]), ["3 May 2024 14:30 UTC"]),
    (pl.Series([dt.time(9, 5), dt.time(9, 5, 7)]), ["09:05", "09:05:07"]),
    (pl.Series([dt.timedelta(days=1, hours=2)]), ["1d 2h"]),
    (pl.Series([["a", None, "b"], []]), ["a, b", None]),
    (pl.Series([[1.0, 2.5]], dtype=pl.Array(pl.Float64, 2)), ["1, 2.5"]),
    (
        pl.Series([{"city": "Bern", "since": MAY}, {"city": None, "since": None}]),
        ["(city: Bern, since: 3 May 2024)", None],
    ),
    (pl.Series([[{"key": "a", "value": 1}, {"key": "b", "value": None}]]), ["a: 1"]),
    (pl.Series([b"abc"]), ["3 bytes"]),
    (pl.Series(["x"], dtype=pl.Categorical), ["x"]),
    (pl.Series([None, None]), [None, None]),
    (pl.Series([" padded ", "", "  "]), ["padded", None, None]),
]


@pytest.mark.parametrize(("cells", "told"), SPOKEN, ids=[str(cells.dtype) for cells, _ in SPOKEN])
@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_cells_are_written_as_people_do(
    read: Reading, tmp_path: Path, cells: pl.Series, told: list[str | None], kind: str
) -> None:
    frame = pl.DataFrame({"n": range(len(cells)), "x": cells})
    file = tmp_path / f"types.{kind}"
    write(frame, file)
    expected = [f"n: {n}" + (f"; x: {text}" if text is not None else "") for n, text in enumerate(told)]
    assert read(file).texts == expected


def test_an_arrow_stream_is_read(read: Reading, tmp_path: Path) -> None:
    SMALL.write_ipc_stream(tmp_path / "small.arrows")
    assert len(read(tmp_path / "small.arrows").rows) == 2


def test_a_delta_table_is_read_at_its_current_version(read: Reading, tmp_path: Path) -> None:
    table = tmp_path / "advice of ümit"
    write_deltalake(table, SMALL.to_arrow(), partition_by=["Scenario"])
    write_deltalake(table, SMALL.head(1).with_columns(Scenario=pl.lit("hail")).to_arrow(), mode="append")
    DeltaTable(table).delete("Scenario = 'snow'")
    found = read(table, template="{Scenario}", key="Scenario")
    assert sorted(found.texts) == ["hail", "rain"]
    assert found.notes == ["This is version 2 of the table."]
    (about,) = [item for item in found.items if isinstance(item, About)]
    assert about.created_at is not None


@pytest.mark.parametrize(
    "address", ["{}", "file://{}", "../secret.parquet", "%2e%2e/secret.parquet", "s3://x/y.parquet"]
)
def test_a_delta_table_that_names_files_elsewhere_is_refused(read: Reading, tmp_path: Path, address: str) -> None:
    table = tmp_path / "table"
    write_deltalake(table, SMALL.to_arrow())
    (log,) = (table / "_delta_log").glob("*.json")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    SMALL.write_parquet(tmp_path / "secret.parquet")
    for line in lines:
        if "add" in line:
            line["add"]["path"] = address.format(tmp_path / "secret.parquet")
    log.write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(FileUnreadable, match="table can't be read as a table: "):
        read(table)


def test_a_folder_that_is_no_delta_table_is_refused(read: Reading, tmp_path: Path) -> None:
    for name, content in (("empty", None), ("broken", "{nonsense")):
        (tmp_path / name / "_delta_log").mkdir(parents=True)
        if content is not None:
            (tmp_path / name / "_delta_log" / "00000000000000000000.json").write_text(content)
        with pytest.raises(FileUnreadable, match=f"{name} can't be read as a table: "):
            read(tmp_path / name)


@pytest.mark.parametrize(
    "content", [b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"ARROW1\0\0", b"FEA1" + bytes(50), b"\xff\xff\xff\xff\x10"]
)
def test_a_damaged_file_is_refused_with_its_name(read: Reading, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "damaged.parquet"
    file.write_bytes(content)
    with pytest.raises(FileUnreadable, match=r"damaged\.parquet can't be read as a table: \S"):
        read(file)


def test_rows_beyond_the_cap_are_not_read_and_it_is_said_so(read: Reading, tmp_path: Path) -> None:
    pl.DataFrame({"n": range(12_000)}).write_parquet(tmp_path / "long.parquet")
    found = read(tmp_path / "long.parquet", most_rows=7_000)
    assert found.rows[-1] == ("row 7000", "n: 6999")
    assert found.notes == [
        "Only the first 7,000 rows of 12,000 were read; `max_rows` in the settings of tables says how many are."
    ]
    assert read(tmp_path / "long.parquet", most_rows=12_000).notes == []


def test_progress_is_told_in_rows(read: Reading, tmp_path: Path) -> None:
    pl.DataFrame({"n": range(45_000)}).write_parquet(tmp_path / "long.parquet")
    told = [item for item in read(tmp_path / "long.parquet", most_rows=100_000).items if isinstance(item, Progress)]
    assert [(each.done, each.total) for each in told] == [(20_000, 45_000), (40_000, 45_000), (45_000, 45_000)]


@pytest.mark.parametrize("kind", ["csv", "parquet", "arrow"])
def test_a_long_table_is_read_in_flat_memory(tmp_path: Path, kind: str) -> None:
    rows = 100_000
    frame = pl.DataFrame({"n": range(rows), "text": ["some words that take up room"] * rows})
    file = tmp_path / f"long.{kind}"
    write(frame, file)
    del frame
    tracemalloc.start()
    try:
        count = sum(isinstance(item, Piece) for item in read_table(file, TableOptions(most_rows=rows)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == rows
    assert peak < 30_000_000


async def test_it_reads_in_a_child_process(tmp_path: Path) -> None:
    SMALL.write_parquet(tmp_path / "advice.parquet")
    items = [item async for item in in_child(read_table, tmp_path / "advice.parquet", TableOptions())]
    assert sum(isinstance(item, Piece) for item in items) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_table_is_read_or_refused_and_nothing_else(tmp_path: Path, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["parquet", "arrow", "csv", "jsonl"]))
    frame = pl.DataFrame({"n": range(40), "t": ["word"] * 40, "d": [MAY] * 40, "l": [["a"]] * 40})
    whole = tmp_path / f"whole.{kind}"
    if not whole.exists():
        write(frame.drop("l") if kind == "csv" else frame, whole)
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["change", "cut", "end"])):
            case "change":
                content[at : at + 4] = data.draw(st.binary(min_size=1, max_size=4))
            case "cut":
                del content[at : at + data.draw(st.integers(1, 50))]
            case "end":
                del content[max(at, 1) :]
        if not content:
            content = bytearray(b"x")
    file = tmp_path / f"mutated.{kind}"
    file.write_bytes(content)
    with contextlib.suppress(FileUnreadable):
        list(read_table(file, TableOptions()))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "any.csv"
    file.write_bytes(content)
    with contextlib.suppress(FileUnreadable):
        list(read_table(file, TableOptions()))

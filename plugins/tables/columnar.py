"""Tables that know their types, Parquet, Arrow, Feather and Delta Lake; read a few thousand rows at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import polars as pl
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, DeltaProtocolError
from polars.exceptions import PolarsError

from plugins.tables.as_text import write_as_text
from plugins.tables.frames import BATCH_ROWS, TextFrame


@contextmanager
def _as_value_error() -> Iterator[None]:
    """Turn the libraries' own errors into one that needs none of them."""
    try:
        yield
    except MemoryError:  # Arrow's is one, and an error of Arrow's as well
        raise
    except (pa.ArrowException, PolarsError, DeltaError) as error:
        raise ValueError(str(error)) from error


@_as_value_error()
def read_parquet(path: Path) -> tuple[int, Iterator[TextFrame]]:
    """Return how many rows there are, and the rows. Raises ValueError, OSError."""
    file = pyarrow.parquet.ParquetFile(path)
    return file.metadata.num_rows, _frames(file.iter_batches(BATCH_ROWS))


@_as_value_error()
def read_arrow(path: Path) -> Iterator[TextFrame]:
    """Return the rows of an Arrow file, a stream or a Feather file. Raises ValueError, OSError."""
    source = pa.memory_map(str(path))
    try:
        reader = pyarrow.ipc.open_file(source)
    except pa.ArrowInvalid:
        source.seek(0)
        return _frames(iter(pyarrow.ipc.open_stream(source)))
    return _frames(reader.get_batch(number) for number in range(reader.num_record_batches))


@dataclass(frozen=True, slots=True)
class DeltaVersion:
    """A Delta Lake table as it is now: its number of rows, where that is known, and which version it is."""

    rows: int | None
    version: int
    written_at: datetime | None
    frames: Iterator[TextFrame]


@_as_value_error()
def read_delta(path: Path) -> DeltaVersion:
    """Open the current version of a Delta Lake table.

    Raises ValueError, OSError.
    """
    table = DeltaTable(path)
    _refuse_outside(table, path)
    latest = next(iter(table.history(1)), {}).get("timestamp")
    return DeltaVersion(
        rows=table.count(),
        version=table.version(),
        written_at=None if latest is None else datetime.fromtimestamp(latest / 1000, UTC),
        frames=_frames(_batches(table)),
    )


def _batches(table: DeltaTable) -> Iterator[pa.RecordBatch]:
    """Return the rows in the order they were written; of newer kinds of tables in whatever order they come."""
    try:
        batches: Iterator[pa.RecordBatch] = table.to_pyarrow_dataset().to_batches(batch_size=BATCH_ROWS)
    except DeltaProtocolError:  # deletion vectors and the like
        return iter(pa.RecordBatchReader.from_stream(table.scan()))
    return batches


def _refuse_outside(table: DeltaTable, path: Path) -> None:
    """Refuse a table whose log names files outside its folder, which nobody has asked to be read."""
    for address in table.file_uris():
        parts = urlsplit(address)
        file = Path(unquote(parts.path)) if parts.scheme in ("", "file") else None
        if file is None or not file.resolve().is_relative_to(path.resolve()):
            raise ValueError("it has files outside its folder")


def _frames(batches: Iterator[pa.RecordBatch]) -> Iterator[TextFrame]:
    with _as_value_error():
        for batch in batches:
            batch.validate(full=True)  # offsets that point astray would else crash whoever follows them
            for start in range(0, len(batch), BATCH_ROWS):
                frame = pl.from_arrow(batch.slice(start, BATCH_ROWS))
                if isinstance(frame, pl.DataFrame):
                    yield _write(frame)


def _write(frame: pl.DataFrame) -> TextFrame:
    """Write each column as texts, all its rows at once."""
    texts = frame.select(write_as_text(pl.col(name), kind).alias(name) for name, kind in frame.schema.items())
    return TextFrame(tuple(texts.columns), texts.rows())

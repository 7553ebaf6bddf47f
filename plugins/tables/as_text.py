"""Cells as people write them: "3 May 2024", "yes", "1, 2"; worked out for a whole column at once."""

from __future__ import annotations

import polars as pl

_DAY = "%-d %B %Y"
_DIGITS = 12
"""Significant digits of a number with a binary fraction; the rest is noise of the arithmetic."""
_LARGE = 1e15


def write_as_text(cell: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Return the column as texts; what is null, empty or no number becomes null. `kind` is the column's type."""
    text = _text(cell, kind)
    return pl.when(text.str.len_bytes() > 0).then(text)


def _text(cell: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.List | pl.Array):
        return _list(cell, kind)
    if isinstance(kind, pl.Struct):
        return _struct(cell, kind)
    if kind.is_temporal():
        return _time(cell, kind)
    if kind.is_float():
        return _fraction(cell)
    return _plain(cell, kind)


def _fraction(cell: pl.Expr) -> pl.Expr:
    is_ordinary = (cell.abs() < _LARGE) & ((cell.abs() > 1 / _LARGE) | (cell == 0))
    number = pl.when(is_ordinary).then(cell.round_sig_figs(_DIGITS)).when(cell.is_not_nan()).then(cell)
    return number.cast(pl.String).str.strip_suffix(".0")


def _plain(cell: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.String):
        return cell.str.strip_chars()
    if isinstance(kind, pl.Boolean):
        return pl.when(cell).then(pl.lit("yes")).when(~cell).then(pl.lit("no"))
    if isinstance(kind, pl.Binary):
        return cell.bin.size().cast(pl.String) + pl.lit(" bytes")
    if isinstance(kind, pl.Null):
        return pl.lit(None, pl.String)
    return cell.cast(pl.String)


def _time(cell: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Date):
        return cell.dt.strftime(_DAY)
    if isinstance(kind, pl.Duration):
        return cell.dt.to_string("polars")
    whole_minutes = (cell.dt.second() == 0) & (cell.dt.nanosecond() == 0)
    if isinstance(kind, pl.Time):
        return pl.when(whole_minutes).then(cell.dt.strftime("%H:%M")).otherwise(cell.dt.strftime("%H:%M:%S"))
    zone = " %Z" if isinstance(kind, pl.Datetime) and kind.time_zone else ""
    exact = cell.dt.strftime(f"{_DAY} %H:%M:%S{zone}")
    return pl.when(whole_minutes).then(cell.dt.strftime(f"{_DAY} %H:%M{zone}")).otherwise(exact)


def _list(cell: pl.Expr, kind: pl.List | pl.Array) -> pl.Expr:
    inner = kind.inner
    if not isinstance(inner, pl.DataType):
        inner = inner()
    cells = cell.arr.to_list() if isinstance(kind, pl.Array) else cell
    return cells.list.eval(write_as_text(pl.element(), inner)).list.drop_nulls().list.join(", ")


def _struct(cell: pl.Expr, kind: pl.Struct) -> pl.Expr:
    fields = [(field.name, cell.struct.field(field.name), field.dtype) for field in kind.fields]
    texts = {
        name: write_as_text(value, dtype if isinstance(dtype, pl.DataType) else dtype())
        for name, value, dtype in fields
    }
    if list(texts) == ["key", "value"]:  # an entry of a map
        return texts["key"] + pl.lit(": ") + texts["value"]
    named = [pl.lit(f"{name}: ") + text for name, text in texts.items()]
    joined = pl.concat_str(named, separator=", ", ignore_nulls=True)
    return pl.when(joined.str.len_bytes() > 0).then(pl.lit("(") + joined + pl.lit(")"))

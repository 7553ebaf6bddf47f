"""Row templates: a sentence with the names of columns in braces, which makes each row of a table a passage."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Column:
    """A place in a template where a cell goes."""

    name: str


def parse_template(template: str) -> tuple[str | Column, ...]:
    """Return a template's texts and columns, in order; "{{" and "}}" stand for braces.

    Raises ValueError when a brace has no partner, and when no column is named at all.
    """
    parts: list[str | Column] = []
    end = 0
    for match in _PART.finditer(template):
        parts.append(template[end : match.start()])
        end = match.end()
        if match[0] in ("{{", "}}"):
            parts.append(match[0][0])
        elif match[1] is not None and match[1].strip():
            parts.append(Column(match[1].strip()))
        else:
            raise ValueError(f'the template "{template}" has {match[0]} at {match.start() + 1}; write {{Column}}')
    parts.append(template[end:])
    if not any(isinstance(part, Column) for part in parts):
        raise ValueError(f'the template "{template}" names no column; write one as {{Column}}')
    return tuple(part for part in parts if part)


def find_column(wanted: str, columns: Sequence[str]) -> str:
    """Return the column that a name means: by its exact name, else whatever the capitals and spaces are.

    Raises LookupError, which names the columns there are.
    """
    if wanted in columns:
        return wanted
    alike = [column for column in columns if _fold(column) == _fold(wanted)]
    if len(alike) == 1:
        return alike[0]
    near = difflib.get_close_matches(wanted, columns, 1)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    raise LookupError(f"it has no column “{wanted}”, but: {_list_columns(columns)}.{hint}")


_MOST_NAMED = 40


def _list_columns(columns: Sequence[str]) -> str:
    more = len(columns) - _MOST_NAMED
    return ", ".join(columns[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _fold(name: str) -> str:
    return "".join(name.casefold().split())

"""Between database rows and records.

A condition has a question mark for each value, as it is put together before it is known which number each gets;
`number` gives them theirs.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from memory.records import Scope, Selection
from memory.search.segment import clean_optional
from memory.timestamps import micros

Condition = tuple[str, list[Any]]
"""A predicate in SQL and the values it binds."""


EVERYWHERE: Condition = ("true", [])


def number(sql: str) -> str:
    """Return a statement whose question marks are $1, $2, …, in their order."""
    numbers = itertools.count(1)
    return re.sub(r"\?", lambda _: f"${next(numbers)}", sql)


def in_scope(scope: Scope, column: str = "p.conversation_id") -> Condition:
    """Return the predicate that keeps a read within its scope."""
    if scope.everything:
        return EVERYWHERE
    parts: list[Condition] = []
    if scope.conversation_ids:
        parts.append((f"{column} = ANY(?::bigint[])", [sorted(scope.conversation_ids)]))
    if scope.owner_ids:
        parts.append(
            (
                f"{column} IN (SELECT id FROM conversations WHERE owner_id = ANY(?::bigint[]))",
                [sorted(scope.owner_ids)],
            )
        )
    if scope.audiences:
        audiences = sorted(scope.audiences)
        these = " OR ".join("platform = ? AND audience = ?" for _ in audiences)
        parts.append((f"{column} IN (SELECT id FROM conversations WHERE {these})", list(itertools.chain(*audiences))))
    if not parts:
        return "false", []
    return f"({' OR '.join(sql for sql, _ in parts)})", [value for _, values in parts for value in values]


def in_selection(selection: Selection) -> Condition:
    """Return the predicate of a selection over `passages AS p`.

    Raises ValueError for a selection that names nothing, unless it says `everything`.
    """
    single: tuple[tuple[str, object], ...] = (
        ("contains(p.text, ?)", clean_optional(selection.matching)),
        ("p.conversation_id = ?", selection.conversation_id),
        (_BY_PERSON, clean_optional(selection.person)),
        ("p.said_at >= ?", None if selection.since is None else micros(selection.since)),
        ("p.said_at < ?", None if selection.until is None else micros(selection.until)),
        ("starts_with(p.event_id, ?)", clean_optional(selection.event_prefix)),
        (_BY_IMPORT, selection.import_id),
        ("p.id = ANY(?::bigint[])", list(selection.passage_ids) or None),
        ("p.document_id = ANY(?::bigint[])", list(selection.document_ids) or None),
        ("p.kind = ANY(?::text[])", list(selection.kinds) or None),
    )
    parts: list[Condition] = [(sql, [value] * sql.count("?")) for sql, value in single if value is not None]
    if not parts and not selection.everything:
        raise ValueError("the selection names nothing; set `everything` to mean all")
    return " AND ".join(sql for sql, _ in parts) or "true", [value for _, values in parts for value in values]


_BY_PERSON = "(same(p.author, ?) OR p.author_id IN (SELECT id FROM people WHERE external_id = ?))"
_BY_IMPORT = """p.id IN (SELECT q.id FROM import_ranges AS r JOIN passages AS q ON q.id BETWEEN r.first_id AND r.last_id
                         WHERE r.import_id = ?)"""

"""Between database rows and records."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from typing import Any

from memory.records import Scope, Selection
from memory.search.segment import clean_optional
from memory.timestamps import micros

Condition = tuple[str, list[Any]]
"""A predicate in SQL and the values it binds."""


def in_scope(scope: Scope, column: str = "p.conversation_id") -> Condition:
    """Return the predicate that keeps a read within its scope."""
    if scope.everything:
        return "1", []
    named = sorted(scope.conversation_ids)
    owners = sorted(scope.owner_ids)
    parts: list[str] = []
    if named:
        parts.append(f"{column} IN ({_marks(named)})")
    if owners:
        parts.append(f"{column} IN (SELECT id FROM conversations WHERE owner_id IN ({_marks(owners)}))")
    audiences = sorted(scope.audiences)
    if audiences:
        these = " OR ".join("platform = ? AND audience = ?" for _ in audiences)
        parts.append(f"{column} IN (SELECT id FROM conversations WHERE {these})")
    return f"({' OR '.join(parts)})" if parts else "0", [*named, *owners, *itertools.chain(*audiences)]


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
        (_BY_PREFIX, clean_optional(selection.event_prefix)),
        (_BY_IMPORT, selection.import_id),
    )
    parts: list[Condition] = [(sql, [value] * sql.count("?")) for sql, value in single if value is not None]
    if selection.passage_ids:
        parts.append(("p.id IN (SELECT value FROM json_each(?))", [json.dumps(selection.passage_ids)]))
    if selection.document_ids:
        parts.append(("p.document_id IN (SELECT value FROM json_each(?))", [json.dumps(selection.document_ids)]))
    if selection.kinds:
        parts.append((f"p.kind IN ({_marks(selection.kinds)})", list(selection.kinds)))
    if not parts and not selection.everything:
        raise ValueError("the selection names nothing; set `everything` to mean all")
    return " AND ".join(sql for sql, _ in parts) or "1", [value for _, values in parts for value in values]


_BY_PERSON = "(same(p.author, ?) OR p.author_id IN (SELECT id FROM people WHERE external_id = ?))"
_BY_PREFIX = "substr(p.event_id, 1, length(?)) = ?"
_BY_IMPORT = """p.id IN (SELECT q.id FROM import_ranges AS r JOIN passages AS q ON q.id BETWEEN r.first_id AND r.last_id
                         WHERE r.import_id = ?)"""


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)

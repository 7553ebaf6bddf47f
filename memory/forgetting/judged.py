"""Which judgements a selection means, in the words of both engines."""

from __future__ import annotations

from typing import Any

from memory.records import Selection
from memory.search.segment import clean_optional
from memory.timestamps import micros


def fit_judgements(within: tuple[str, list[Any]], selection: Selection) -> tuple[str, list[Any]]:
    """Return the predicate of the selection over judgements (j), their answers (a) and who gave them (g).

    `within` is the predicate of the answers that may be seen.
    """
    plain = Selection(
        conversation_id=selection.conversation_id,
        person=selection.person,
        since=selection.since,
        until=selection.until,
        everything=selection.everything,
    )
    if selection != plain:
        return "false", []
    sql, values = within
    criteria: tuple[tuple[str, object], ...] = (
        ("a.conversation_id = ?", selection.conversation_id),
        ("(same(g.name, ?) OR g.external_id = ?)", clean_optional(selection.person)),
        ("j.given_at >= ?", None if selection.since is None else micros(selection.since)),
        ("j.given_at < ?", None if selection.until is None else micros(selection.until)),
    )
    given = [(each, value) for each, value in criteria if value is not None]
    bound = [value for each, value in given for _ in range(each.count("?"))]
    return " AND ".join([sql, *(each for each, _ in given)]), [*values, *bound]

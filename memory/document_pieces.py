"""Which passages of a document stay when it has changed."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence

from memory.records import Entry
from memory.search.segment import clean


def pair_up(old: dict[int, str], entries: Sequence[Entry]) -> dict[int, int]:
    """Return which entry, by its number, is which old passage: the first that says the same and is not taken yet."""
    by_text: dict[str, deque[int]] = defaultdict(deque)
    for at, text in old.items():
        by_text[text].append(at)
    found = ((number, by_text.get(clean(entry.text))) for number, entry in enumerate(entries))
    return {number: same.popleft() for number, same in found if same}

"""What people have asked and commanded, and the bot has answered, in the very words of what is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from memory import Memory, Passage, Scope, Selection

FORGET_AT_ONCE = 10_000
_SOUGHT = 100
"""The most texts that are looked for: each in all that was asked and commanded."""
_TOO_SHORT = 6
"""Characters: a shorter text stands in too many replies that have nothing to do with it."""


async def find_repeats(
    memory: Memory,
    scope: Scope,
    forgotten: Sequence[Passage],
    named: Iterable[str],
    may_forget: Callable[[Passage], bool],
) -> list[Passage]:
    """Return what repeats a forgotten text whole, or has one of the texts that were `named` to choose it.

    The bot's own replies are among it, and what the person may forget.
    """
    whole = (passage.text for passage in forgotten[:_SOUGHT] if len(passage.text) >= _TOO_SHORT)
    found: dict[int, Passage] = {}
    for text in {*whole, *named}:
        chosen = Selection(matching=text, kinds=("question", "answer", "command"))
        repeating = await memory.passages.select(scope, chosen, limit=FORGET_AT_ONCE)
        found |= {each.id: each for each in repeating if each.author_id is None or may_forget(each)}
    return list(found.values())

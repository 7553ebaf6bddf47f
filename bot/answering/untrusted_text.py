"""Texts that a model is given as material: cut to a budget, and written so that they can't pose as something else."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.answering.citations import defuse
from memory.patterns import compile_on_use

CUT_NOTE = "[The question was too long and has been cut here.]"

_MARKS = compile_on_use(r"<(\s*/?\s*(?:results|messages|parts))", re.IGNORECASE)

Count = Callable[[str], int]
"""Returns how many tokens a text has."""


def cut(text: str, budget: int, count: Count) -> str:
    """Return what fits of a text into `budget` tokens, with a note where it was cut."""
    kept = text[: budget * 8]  # no tokenizer packs much more than that into a token
    size = count(kept)
    while size > budget and kept:
        kept = kept[: max(0, min(len(kept) - 1, int(len(kept) * budget / size)))]
        size = count(kept)
    return text if len(kept) == len(text) else f"{kept.rstrip()}\n{CUT_NOTE}"


def as_data(text: str) -> str:
    """Return a text on one line that can't end the block it stands in, or pose as another entry of it."""
    return _MARKS.sub(r"(\1", defuse(" ".join(text.split())))

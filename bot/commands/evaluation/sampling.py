"""Chooses some of many questions, as many of each kind, so that a slow model can be judged on few."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def stratify(items: Sequence[T], kind_of: Callable[[T], str], most: int, seed: int) -> list[T]:
    """Return up to `most` items in their order, evenly over the kinds; the same ones for the same seed.

    Where a kind has too few, the others get its places.
    """
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for at in random.Random(seed).sample(range(len(items)), len(items)):  # noqa: S311 (a sample, not a secret)
        by_kind[kind_of(items[at])].append(at)
    chosen: list[int] = []
    for place in range(max(map(len, by_kind.values()), default=0)):
        chosen += [by_kind[kind][place] for kind in sorted(by_kind) if place < len(by_kind[kind])]
    return [items[at] for at in sorted(chosen[:most])]

"""A dictionary that keeps the entries that were used last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A dictionary that keeps its `most` last used entries, so that what runs for months does not grow for months."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return what is known, and keep it longer."""
        if key in self._entries:
            self._entries.move_to_end(key)
        return self._entries.get(key)

    def knows(self, key: K) -> bool:
        """Say whether anything is known."""
        return key in self._entries

    def items(self) -> list[tuple[K, V]]:
        """Return all that is known, what was used last at the end."""
        return list(self._entries.items())

    def keep(self, key: K, value: V) -> None:
        """Note something."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def take(self, key: K) -> V | None:
        """Return what is known and forget it."""
        return self._entries.pop(key, None)

"""The nearest signs by Hamming distance, in memory: the same as sqlite-vec finds on disk, ties included.

The signs lie in columns of 64-bit words, a block at a time, so that numpy's own vector instructions do the counting: as
fast as the libraries made for it (`benchmarks/results`), without one more dependency.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

CHUNK = 1024
"""Rows of a sqlite-vec chunk."""
BLOCK = 32
"""Chunks that are compared in one go: their signs fit into a processor's second cache."""
_ROWS = BLOCK * CHUNK
_ABSENT = 1 << 15
"""Added to the distance of a row that holds nothing; no sign table is as wide."""

_Rows = npt.NDArray[np.intp]


class SignChunk(NamedTuple):
    """A chunk as sqlite-vec stores it: which rows are in use, their passages and conversations, and their signs."""

    valid: npt.NDArray[np.bool_]
    passage_ids: npt.NDArray[np.int64]
    conversation_ids: npt.NDArray[np.int64]
    signs: npt.NDArray[np.uint8]
    """Of shape (CHUNK, bytes)."""


class _Block:
    """The rows of `BLOCK` chunks. A chunk's rows are kept last first, which is how sqlite-vec ranks equal distances."""

    def __init__(self, words: int) -> None:
        self.words = np.zeros((words, _ROWS), dtype=np.uint64)
        self.passage_ids = np.zeros(_ROWS, dtype=np.int64)
        self.conversation_ids = np.zeros(_ROWS, dtype=np.int64)
        self.absent = np.full(_ROWS, _ABSENT, dtype=np.uint16)

    def put(self, place: int, chunk: SignChunk | None) -> None:
        rows = slice(place * CHUNK, (place + 1) * CHUNK)
        if chunk is None:
            self.words[:, rows] = 0
            self.passage_ids[rows] = self.conversation_ids[rows] = 0
            self.absent[rows] = _ABSENT
            return
        self.words[:, rows] = _as_words(chunk.signs)[::-1].T
        self.passage_ids[rows] = chunk.passage_ids[::-1]
        self.conversation_ids[rows] = chunk.conversation_ids[::-1]
        self.absent[rows] = np.where(chunk.valid[::-1], 0, _ABSENT)

    def measure(self, query: npt.NDArray[np.uint64], rows: _Rows | None) -> npt.NDArray[np.uint16]:
        """Return the distance of rows (None: of all), at least `_ABSENT` where there is nothing."""
        words = self.words if rows is None else self.words[:, rows]
        distances = self.absent.copy() if rows is None else self.absent[rows]
        differing = np.empty(len(distances), dtype=np.uint64)
        counts = np.empty(len(distances), dtype=np.uint8)
        for column, word in zip(words, query, strict=True):
            np.bitwise_xor(column, word, out=differing)
            np.bitwise_count(differing, out=counts)
            np.add(distances, counts, out=distances)
        return distances


class SignIndex:
    """The sign table of one model. Chunks are put in the order of their numbers, and may be replaced afterwards."""

    def __init__(self, width: int) -> None:
        """Expect rows of `width` bytes."""
        self._width = width
        self._words = (width + 7) // 8
        self._places: dict[int, int] = {}
        self._blocks: list[_Block] = []
        self._dropped: set[int] = set()

    @staticmethod
    def size(chunks: int, width: int) -> int:
        """Return the bytes that an index of so many chunks takes."""
        per_row = (width + 7) // 8 * 8 + 8 + 8 + 2
        return -(-chunks // BLOCK) * _ROWS * per_row

    @property
    def bytes(self) -> int:
        """The memory that it takes."""
        return self.size(len(self._places), self._width)

    @property
    def is_sparse(self) -> bool:
        """Whether most of the memory is taken by chunks that are gone."""
        return len(self._dropped) * 2 > max(len(self._places), BLOCK)

    def accepts(self, chunk_id: int) -> bool:
        """Tell whether a chunk can be put: a new one only behind all others, where sqlite-vec has it too."""
        return chunk_id in self._places or chunk_id > next(reversed(self._places), -1)

    def put(self, chunk_id: int, chunk: SignChunk | None) -> None:
        """Add or replace a chunk; None says that it is gone. Raises ValueError for one that it does not accept."""
        if not self.accepts(chunk_id):
            raise ValueError(f"chunk {chunk_id} belongs before others")
        if chunk is not None:
            self._dropped.discard(chunk_id)
        elif chunk_id in self._places:
            self._dropped.add(chunk_id)
        else:
            return
        at = self._places.setdefault(chunk_id, len(self._places))
        if at == len(self._blocks) * BLOCK:
            self._blocks.append(_Block(self._words))
        self._blocks[at // BLOCK].put(at % BLOCK, chunk)

    def nearest(self, signs: npt.NDArray[np.uint8], conversations: Sequence[int] | None, limit: int) -> list[int]:
        """Return the passages nearest to `signs`, in these conversations (None: in all), the nearest first."""
        query = _as_words(signs[None])[0]
        best = np.empty(0, dtype=np.uint16)
        ids = np.empty(0, dtype=np.int64)
        among = None if conversations is None else np.asarray(conversations, dtype=np.int64)
        for block in self._blocks:
            rows = None if among is None else np.flatnonzero(np.isin(block.conversation_ids, among))
            if rows is not None and not len(rows):
                continue
            distances = block.measure(query, rows)
            # A later row must be nearer than the last that is kept: of equals the first is.
            near = np.flatnonzero(distances < _bound(best, distances, limit))
            found = near if rows is None else rows[near]
            best = np.concatenate((best, distances[near]))
            ids = np.concatenate((ids, block.passage_ids[found]))
            order = np.argsort(best, kind="stable")[:limit]
            best, ids = best[order], ids[order]
        return [int(each) for each in ids]


def _bound(best: npt.NDArray[np.uint16], distances: npt.NDArray[np.uint16], limit: int) -> int:
    """Return the distance from which on no row can be among the `limit` nearest."""
    if len(best) >= limit:
        return int(best[-1])
    if len(distances) <= limit:
        return _ABSENT
    return min(int(np.partition(distances, limit - 1)[limit - 1]) + 1, _ABSENT)


def _as_words(signs: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """Return rows of bytes as rows of 64-bit words, filled up with zeros."""
    lacking = -signs.shape[1] % 8
    padded = np.pad(signs, ((0, 0), (0, lacking))) if lacking else np.ascontiguousarray(signs)
    return padded.view(np.uint64)

"""The durable queue from stored text to stored vector, and which model's vectors answer questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from memory.embedders import EmbedderIdentity, Vectors


class EmbeddingStore(Protocol):
    """The vectors of each embedding model. Vectors of different models never meet.

    Any number of processes may work one queue: a claim is a lease, and a vector is stored only by who holds it. A lease
    is named by when it ends, in seconds since 1970 UTC, which no two share.
    """

    async def register(self, identity: EmbedderIdentity) -> int:
        """Return the model's id. Of a new model, every recallable passage waits for its vector.

        The first model serves at once, a later one when all its vectors are there (`switch`).
        """

    async def find_serving(self) -> tuple[int, EmbedderIdentity] | None:
        """Return the model whose vectors answer questions now."""

    async def count_pending(self, model: int) -> int:
        """Return how many passages wait for their vector, those claimed by others included."""

    async def claim(self, model: int, lease: float, limit: int) -> dict[int, str]:
        """Claim passages that wait and that nobody holds; return the texts to embed, by passage id."""

    async def renew(self, model: int, lease: float, until: float) -> None:
        """Turn a lease into one that ends later."""

    async def release(self, model: int, lease: float) -> None:
        """Let go of what is claimed."""

    async def keep(self, model: int, lease: float, passage_ids: Sequence[int], vectors: Vectors) -> int:
        """Store the vectors of those passages that this lease still holds; return how many those were."""

    async def switch(self, model: int) -> bool:
        """Let a model serve and drop the others, once nothing waits for its vector; False until then.

        False, too, when another process has chosen another model since, and has dropped this one.
        """

    async def wait(self, seconds: float) -> None:
        """Return when this process has queued something since the last call, after `seconds` at the latest."""

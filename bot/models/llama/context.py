"""llama.cpp's context: tokens of several sequences in one pool of cells, evaluated in batches."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from bot.errors import ModelError

_NO_ROOM = 1  # what llama_decode returns when the cells are full; nothing has changed then


class NoRoomError(Exception):
    """Raised when the cells have no room for a batch; nothing has changed then."""


@dataclass(frozen=True, slots=True)
class Step:
    """One token to evaluate: at which position of which sequence, and whether its outcome is wanted."""

    token: int
    position: int
    sequence: int
    wanted: bool


class LlamaContext:
    """A thin wrapper that owns the context and one batch. Only for the thread that owns the model."""

    def __init__(self, api: ModuleType, pointer: int) -> None:
        self._api = api
        self.pointer = pointer
        """What llama.cpp knows the context by."""
        self.batch: int = api.llama_n_batch(pointer)
        """How many tokens can be evaluated at once."""
        self.cells: int = api.llama_n_ctx(pointer)
        """How many tokens all sequences may hold together; shared ones count once."""
        self._memory = api.llama_get_memory(pointer)
        self._steps = api.llama_batch_init(self.batch, 0, 1)

    def close(self) -> None:
        """Free it."""
        self._api.llama_batch_free(self._steps)
        self._api.llama_free(self.pointer)

    def evaluate(self, steps: Sequence[Step]) -> None:
        """Evaluate tokens. Raises NoRoomError when the cells are full, ModelError when llama.cpp fails."""
        batch = self._steps
        for index, step in enumerate(steps):
            batch.token[index] = step.token
            batch.pos[index] = step.position
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = step.sequence
            batch.logits[index] = step.wanted
        batch.n_tokens = len(steps)
        status = self._api.llama_decode(self.pointer, batch)
        if status == _NO_ROOM:
            raise NoRoomError
        if status != 0:
            raise ModelError(
                f"llama.cpp could not evaluate {len(steps)} tokens (status {status}). "
                "If memory is short, lower model.context_size or model.batch."
            )

    def share(self, source: int, target: int, count: int) -> None:
        """Let `target` begin with the first `count` tokens of `source`; nothing is copied."""
        self._api.llama_memory_seq_cp(self._memory, source, target, 0, count)

    def clear(self, sequence: int) -> None:
        """Forget a sequence; what others share with it stays theirs."""
        self._api.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def cut(self, sequence: int, length: int) -> None:
        """Forget all but the first `length` tokens of a sequence."""
        self._api.llama_memory_seq_rm(self._memory, sequence, length, -1)

    def save(self, sequence: int) -> bytes:
        """Return the state of a sequence, empty when llama.cpp can't give it."""
        size: int = self._api.llama_state_seq_get_size(self.pointer, sequence)
        state = (ctypes.c_uint8 * size)()
        written: int = self._api.llama_state_seq_get_data(self.pointer, state, size, sequence)
        return bytes(state) if written == size else b""

    def restore(self, sequence: int, state: bytes) -> bool:
        """Give an empty sequence a saved state; return whether llama.cpp took it."""
        data = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        taken: int = self._api.llama_state_seq_set_data(self.pointer, data, len(state), sequence)
        if taken != len(state):
            self.clear(sequence)
        return taken == len(state)

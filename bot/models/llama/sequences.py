"""Which sequence of the context reads a prompt, so that as little as possible is evaluated again.

A prompt takes a sequence of its own and shares the cells of whatever evaluated sequence begins like it: the fixed
prefix of its kind, an earlier turn of the same conversation, or anything else. What was evaluated for one
conversation is thus never lost to another, only to the wear of time: the sequence used longest ago goes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from bot.models.llama.context import LlamaContext
from bot.models.llama.vocabulary import common_prefix

_SAME_CONVERSATION = 32
"""How many tokens beyond the fixed prefix two prompts have in common when one continues the other, at least."""


@dataclass(eq=False, slots=True)
class Slot:
    """A sequence: its number in the context, the tokens evaluated in it, and when it was last used."""

    sequence: int
    tokens: list[int] = field(default_factory=list)
    busy: bool = False
    used: int = 0


class Sequences:
    """The sequences of a context: for conversations, one for work in the background, and for fixed prefixes."""

    def __init__(self, context: LlamaContext, *, conversations: int, prefixes: int, keeps_parts: bool) -> None:
        self._context = context
        self._keeps_parts = keeps_parts
        self._clock = count(1)
        numbers = iter(range(conversations + 1 + prefixes))
        self._conversations = [Slot(next(numbers)) for _ in range(conversations)]
        self._background = Slot(next(numbers))
        self._prefixes = [Slot(next(numbers)) for _ in range(prefixes)]

    def take(self, prompt: Sequence[int], fixed: int, *, background: bool) -> tuple[Slot, int]:
        """Return a sequence that begins like the prompt, and how many of its tokens are evaluated.

        The prompt's last token is always left to evaluate: the choice of the next one needs its outcome.
        """
        idle = [slot for slot in ([self._background] if background else self._conversations) if not slot.busy]
        source, shared = self._best_source(prompt)
        # Its own beginning may be kept where it is; it is taken for another prompt only when nothing else is idle.
        chosen = min(idle, key=lambda slot: (slot is source and bool(shared), slot.used))
        if source is not None and shared >= fixed + _SAME_CONVERSATION and not source.busy and source is not chosen:
            source.used = 0  # (what follows the part in common was another question's)
        if chosen is source and shared:
            self._cut(chosen, shared)
        else:
            self.clear(chosen)
            if source is not None and shared:
                self._context.share(source.sequence, chosen.sequence, shared)
                if source in self._prefixes:
                    source.used = next(self._clock)
        chosen.tokens = list(prompt[:shared])
        chosen.busy, chosen.used = True, next(self._clock)
        return chosen, shared

    def release(self, slot: Slot) -> None:
        """Let go of a sequence; what is evaluated in it is kept for the next prompt that begins like it."""
        slot.busy, slot.used = False, next(self._clock)

    def clear(self, slot: Slot) -> None:
        """Forget what is evaluated in a sequence."""
        if slot.tokens:
            self._context.clear(slot.sequence)
            slot.tokens = []

    def has_prefix(self, tokens: Sequence[int]) -> bool:
        """Return whether exactly these tokens are kept as a fixed prefix."""
        return any(slot.tokens == tokens for slot in self._prefixes)

    def free_prefix(self) -> Slot:
        """Return an emptied sequence for a fixed prefix, the one used longest ago."""
        slot = min(self._prefixes, key=lambda each: each.used)
        self.clear(slot)
        slot.used = next(self._clock)
        return slot

    def keep_prefix(self, slot: Slot, length: int) -> Slot:
        """Keep the first `length` tokens of a sequence as a fixed prefix, and return the sequence that holds it."""
        kept = self.free_prefix()
        self._context.share(slot.sequence, kept.sequence, length)
        kept.tokens = slot.tokens[:length]
        return kept

    def make_room(self) -> bool:
        """Forget the idle sequence used longest ago, a fixed prefix only at last; return whether there was any."""
        for slots in ([*self._conversations, self._background], self._prefixes):
            idle = [slot for slot in slots if slot.tokens and not slot.busy]
            if idle:
                self.clear(min(idle, key=lambda slot: slot.used))
                return True
        return False

    def _best_source(self, prompt: Sequence[int]) -> tuple[Slot | None, int]:
        """Return the sequence that has the most tokens in common with the prompt, and how many."""
        best, most = None, 0
        for slot in (*self._prefixes, *self._conversations, self._background):
            shared = min(common_prefix(slot.tokens, prompt), len(prompt) - 1)
            if not self._keeps_parts and shared < len(slot.tokens):
                continue  # (a recurrent model's state is that of its last token)
            if shared > most:
                best, most = slot, shared
        return best, most

    def _cut(self, slot: Slot, length: int) -> None:
        if length < len(slot.tokens):
            self._context.cut(slot.sequence, length)

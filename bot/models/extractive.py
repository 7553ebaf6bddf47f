"""The engine that needs no model: answers are then found by rules and quoted (`bot.answering.short_answers`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Self

from bot.errors import ModelError
from bot.models import Prompt, Sampling, SpeedReport
from memory.patterns import compile_on_use

_ROOM = 1_000_000
_TOKENS_PER_WORD = 4 / 3

# Words of languages that put spaces between them; one character elsewhere (Han, kana, Hangul, Thai).
_WORD = compile_on_use(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)


class ExtractiveModel:
    """Stands where a language model would: it is always there and writes nothing.

    Nothing is loaded, so it may be used outside `async with`.
    """

    name = "extractive"
    context_size = _ROOM
    last_speed: SpeedReport | None = None
    follows_schemas = False

    async def __aenter__(self) -> Self:
        """Load nothing."""
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Free nothing."""

    def count(self, text: str) -> int:
        """Return an estimate: four tokens for three words."""
        return round(len(_WORD.findall(text)) * _TOKENS_PER_WORD)

    def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:  # noqa: ARG002 (the protocol's)
        """Raise ModelError: this engine writes nothing."""
        raise ModelError("no language model is set up, so nothing can be written: `scrubjay model list` shows some")

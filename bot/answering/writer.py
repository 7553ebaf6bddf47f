"""The language model as plugins use it: to write from material that they give it. It can call nothing here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

from pydantic import JsonValue

from bot.answering.closing import closable
from bot.answering.material import CUT_NOTE, as_data, cut
from bot.models import LanguageModel, Prompt, Sampling, Turn
from bot.models.extractive import ExtractiveModel
from bot.models.json_answer import JsonSchema, write_json
from bot.models.visible_text import remove_thinking

__all__ = ["JsonSchema", "Writer", "as_data"]

_MARGIN = 96  # tokens: what the template adds, and what an estimate may be off by


class Writer:
    """Writes texts, and JSON by a schema, with the bot's model. `task` is the plugin's own words, `material` data."""

    def __init__(self, model: LanguageModel, sampling: Sampling) -> None:
        self._model = model
        self._sampling = sampling

    @property
    def is_there(self) -> bool:
        """Whether there is a model that writes; the one that only quotes does not."""
        return not isinstance(self._model, ExtractiveModel)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def count(self, text: str) -> int:
        """Return how many tokens a text has."""
        return self._model.count(text)

    def room(self, task: str, max_tokens: int) -> int:
        """Return how many tokens of material fit beside a task and what is to be written."""
        return max(0, self._model.context_size - self._model.count(task) - max_tokens - _MARGIN)

    async def write(
        self, task: str, material: str, *, max_tokens: int, grow: Callable[[str], None] | None = None
    ) -> str:
        """Return what the model writes; `grow` is shown the whole of it each time it has grown.

        Material that does not fit is cut, with a note. Raises ModelError.
        """
        sampling = replace(self._sampling, max_tokens=max_tokens)
        turns, text = self._turns(task, material, max_tokens), ""
        prompt = Prompt(turns, turns[-1].text, background=True)
        async with aclosing(closable(self._model.stream(prompt, sampling))) as pieces:
            async for piece in pieces:
                text += piece
                if grow is not None:
                    grow(remove_thinking(text))
        return remove_thinking(text)

    async def write_json(
        self, task: str, material: str, schema: JsonSchema, *, max_tokens: int
    ) -> dict[str, JsonValue]:
        """Return an object that the model writes by a JSON schema. Check it: a server may know no schemas.

        Raises ModelError when the model can't, or writes something else.
        """
        sampling = replace(self._sampling, max_tokens=max_tokens, temperature=0.0, stop=())
        turns = self._turns(task, material, max_tokens)
        return await write_json(self._model, turns, schema, sampling, background=True)

    def _turns(self, task: str, material: str, max_tokens: int) -> tuple[Turn, Turn]:
        fitting = cut(material, self.room(task, max_tokens) - self._model.count(CUT_NOTE), self._model.count)
        return Turn("system", task), Turn("user", fitting)

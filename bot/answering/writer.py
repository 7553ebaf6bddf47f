"""The language model as plugins use it: to write from material that they give it. It can call nothing here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from pydantic import JsonValue

from bot.answering.closing import closable
from bot.answering.link_filter import leave_out_unknown_links, links_in
from bot.answering.untrusted_text import CUT_NOTE, as_data, cut
from bot.models import LanguageModel, Picture, Prompt, Sampling, SeesPictures, Turn
from bot.models.extractive import ExtractiveModel
from bot.models.json_answer import JsonSchema, write_json
from bot.models.switching import current_model, using
from bot.models.visible_text import remove_thinking

__all__ = ["JsonSchema", "Writer", "as_data"]

_MARGIN = 96  # tokens: what the template adds, and what an estimate may be off by
_TURN = 5  # tokens that the template adds to a turn, about

Examples = Sequence[tuple[str, str]]
"""Pairs of a material and what is to be written of it."""


class Writer:
    """Writes texts, and JSON by a schema, with the bot's model. `task` is the plugin's own words, `material` data."""

    def __init__(self, model: LanguageModel, sampling: Sampling) -> None:
        self._model = model
        self._sampling = sampling

    @property
    def is_there(self) -> bool:
        """Whether there is a model that writes; the one that only quotes does not."""
        return not isinstance(current_model(self._model), ExtractiveModel)

    @property
    def may_see_pictures(self) -> bool:
        """Whether the model is of a kind that may look at pictures."""
        return isinstance(current_model(self._model), SeesPictures)

    async def sees_pictures(self) -> bool:
        """Say whether the model looks at pictures. Raises ModelError where that can't be found out now."""
        return isinstance(self._model, SeesPictures) and await self._model.sees_pictures()

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def count(self, text: str) -> int:
        """Return how many tokens a text has."""
        return self._model.count(text)

    def room(self, task: str, max_tokens: int, examples: Examples = ()) -> int:
        """Return how many tokens of material fit beside a task, its examples and what is to be written."""
        shown = sum(self._model.count(each) + _TURN for pair in examples for each in pair)
        return max(0, self._model.context_size - self._model.count(task) - shown - max_tokens - _MARGIN)

    async def write(
        self,
        task: str,
        material: str,
        *,
        max_tokens: int,
        grow: Callable[[str], None] | None = None,
        examples: Examples = (),
    ) -> str:
        """Return what the model writes; `grow` is shown the whole of it each time it has grown.

        `examples` are pairs of a material and what is to be written of it. A small model follows them better than any
        rule, and they are evaluated once, and kept on disk: keep them and the task the same from call to call, and
        nobody's words out of them. Material that does not fit is cut, with a note. A link that neither task nor
        material holds is left out. Raises ModelError.
        """
        sampling = replace(self._sampling, max_tokens=max_tokens)
        async with using(self._model) as model:
            turns, text = Writer(model, sampling)._turns(task, material, max_tokens, examples), ""  # noqa: SLF001 (own)
            held = links_in(turn.text for turn in turns)
            prompt = Prompt(turns, turns[-1].text, fixed=len(turns) - 1 if examples else 0, background=True)
            async with aclosing(closable(model.stream(prompt, sampling))) as pieces:
                async for piece in pieces:
                    text += piece
                    if grow is not None:
                        grow(leave_out_unknown_links(remove_thinking(text), held))
        return leave_out_unknown_links(remove_thinking(text), held)

    async def describe(self, task: str, picture: Picture, material: str, *, max_tokens: int) -> str:
        """Return what the model writes of a picture; `material` is what belongs to it. Raises ModelError.

        Ask for it only where it `sees_pictures`.
        """
        sampling = replace(self._sampling, max_tokens=max_tokens)
        async with using(self._model) as model:
            system, user = Writer(model, sampling)._turns(task, material, max_tokens)  # noqa: SLF001 (own)
            turns = system, replace(user, pictures=(picture,))
            async with aclosing(closable(model.stream(Prompt(turns, user.text), sampling))) as pieces:
                text = "".join([piece async for piece in pieces])
        return leave_out_unknown_links(remove_thinking(text), links_in([material])).strip()

    async def write_json(
        self, task: str, material: str, schema: JsonSchema, *, max_tokens: int
    ) -> dict[str, JsonValue]:
        """Return an object that the model writes by a JSON schema. Check it: a server may know no schemas.

        Raises ModelError when the model can't, or writes something else.
        """
        sampling = replace(self._sampling, max_tokens=max_tokens, temperature=0.0, stop=())
        async with using(self._model) as model:
            turns = Writer(model, sampling)._turns(task, material, max_tokens)  # noqa: SLF001 (another one of this class)
            return await write_json(model, turns, schema, sampling, background=True)

    def _turns(self, task: str, material: str, max_tokens: int, examples: Examples = ()) -> tuple[Turn, ...]:
        room = self.room(task, max_tokens, examples) - self._model.count(CUT_NOTE)
        shown = [turn for asked, answer in examples for turn in (Turn("user", asked), Turn("assistant", answer))]
        return Turn("system", task), *shown, Turn("user", cut(material, room, self._model.count))

"""A turn template from a GGUF's own metadata, for the families that Scrubjay does not know by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.configuration.extras import install_command
from bot.errors import ModelError
from bot.models import Role, Turn
from bot.models.templates import TEMPLATES, Segment, alternate, find_control_words, join_segments
from memory.patterns import compile_on_use

if TYPE_CHECKING:
    from jinja2 import Template as CompiledTemplate

# NUL stands in no template, and neither trimming nor a change of case touches it.
_SENTINEL = compile_on_use("\0([0-9]+)\0")


class JinjaTemplate:
    """Renders a Jinja chat template with sentinels for contents, and splits at them.

    What people say never passes through the template, so it can't be mistaken for a part of it. A template
    that refuses or drops the system turn gets its text at the head of the first user turn instead.
    Raises ModelError, naming `path` and the setting that overrides the template, when it can't be used.
    """

    def __init__(self, source: str, path: Path, *, bos: str = "", eos: str = "") -> None:
        self._path = path
        self._specials = {"bos_token": bos, "eos_token": eos}
        self._compiled = self._compile(source)
        self._system_role = self._reads_system_turns()
        self._stops, self._control_words = self._learn_markers()

    @property
    def name(self) -> str:
        """Where the template came from, for people."""
        return "from the model file"

    @property
    def stops(self) -> tuple[str, ...]:
        """What follows an assistant's text in a rendered conversation: the texts that end an answer."""
        return self._stops

    @property
    def control_words(self) -> frozenset[str]:
        """The marker words that data must never be read as."""
        return self._control_words

    def render(self, turns: Sequence[Turn]) -> tuple[Segment, ...]:
        """Return the segments of the prompt, the opening of the answer last."""
        laid_out = alternate(turns, system_role=self._system_role)
        markers = self._markers([turn.role for turn in laid_out])
        segments = [Segment(markers[0], marker=True)]
        for turn, marker in zip(laid_out, markers[1:], strict=True):
            segments += (Segment(turn.text, marker=False), Segment(marker, marker=True))
        return join_segments(segments)

    def _compile(self, source: str) -> CompiledTemplate:
        try:
            from jinja2 import TemplateError  # noqa: PLC0415 (only the extra `llama` brings it)
            from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 (as above)
        except ImportError as error:
            raise self._bad(f"needs jinja2 to be read: {install_command('llama')}") from error
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals.update(raise_exception=_refuse, strftime_now=_strftime_now)
        try:
            return environment.from_string(source)
        except TemplateError as error:
            raise self._bad(f"is not valid Jinja: {error}") from error

    def _reads_system_turns(self) -> bool:
        try:
            self._markers(["system", "user"])
        except ModelError:
            self._markers(["user"])
            return False
        return True

    def _learn_markers(self) -> tuple[tuple[str, ...], frozenset[str]]:
        roles: list[Role] = ["system"] if self._system_role else []
        markers = self._markers([*roles, "user", "assistant", "user"])
        after_answer = markers[-2]
        words = find_control_words(markers)
        standing = [word for word in words if word in after_answer]
        stop = min(standing, key=after_answer.index, default=after_answer.strip())
        return ((stop,) if stop else ()), words

    def _markers(self, roles: Sequence[Role]) -> list[str]:
        """Return the marker texts before, between and after the contents of turns of these roles."""
        messages = [{"role": role, "content": f"\0{number}\0"} for number, role in enumerate(roles)]
        try:
            rendered = self._compiled.render(
                messages=messages, add_generation_prompt=True, enable_thinking=False, tools=None, **self._specials
            )
        except Exception as error:  # (a template may fail in every way Python can)
            raise self._bad(f"can't render a conversation: {error}") from error
        parts = _SENTINEL.split(rendered)
        if parts[1::2] != [str(number) for number in range(len(roles))]:
            raise self._bad("does not render every turn once and in order")
        return parts[::2]

    def _bad(self, what: str) -> ModelError:
        return ModelError(
            f"{self._path}: the chat template in this model file {what}. "
            f"Set model.template to one of {', '.join(TEMPLATES)} to use that instead."
        )


def _refuse(message: str) -> None:
    raise ValueError(message)


def _strftime_now(form: str) -> str:
    return datetime.now().astimezone().strftime(form)

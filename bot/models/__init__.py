"""The language models, behind one protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self, runtime_checkable

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a model is to look at, as the bytes of its file."""

    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a prompt. `text` is data: nothing in it can close the turn or open another.

    Only a model that SeesPictures may be given `pictures`.
    """

    role: Role
    text: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """A recollection as a model sees it: number to cite, author, when (as shown to people), text."""

    number: int
    author: str
    said: str
    text: str
    relevance: float


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model answers: the laid-out turns, and the question and quotes they were made from.

    A language model reads `turns`; an extractive model reads `question` and `quotes`. The first `fixed` turns are the
    same in every prompt of its kind, so that a model can keep them evaluated: on disk too, unless they are `private`,
    since they hold what somebody said. Work in the `background` takes nothing from what people wait for. While others
    are served first, `on_wait` is told how many, and 0 when it is their turn.
    """

    turns: tuple[Turn, ...]
    question: str
    quotes: tuple[Quote, ...] = ()
    fixed: int = 0
    private: bool = False
    background: bool = False
    on_wait: Callable[[int], None] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen. None leaves the engine's own default.

    `repeat_last_n` is in tokens, `max_tokens` counts generated tokens, `stop` holds texts that end the answer.
    `json_schema`, written as JSON, holds the answer to that schema, in models that follow schemas.
    """

    temperature: float = 0.0
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    repeat_penalty: float = 1.1
    repeat_last_n: int = 64
    seed: int | None = None
    max_tokens: int = 400
    stop: tuple[str, ...] = ()
    json_schema: str | None = None
    whole_sentences: bool = True
    """Whether an answer that `max_tokens` cuts is shown up to its last whole sentence."""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A function that a model may ask for; `schema` is that of its arguments, an object's, written as JSON."""

    name: str
    help: str
    schema: str


@dataclass(frozen=True, slots=True)
class WantedCall:
    """A function that a model asks for, with the arguments as it wrote them, a JSON object; not checked yet."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class SpeedReport:
    """Measured on the last generation: token counts, seconds; `reused_tokens` were not evaluated again.

    `waited_seconds` went by before the prompt's turn came; `load_seconds` is what loading the model took, once.
    """

    prompt_tokens: int
    reused_tokens: int
    generated_tokens: int
    first_token_seconds: float
    prompt_seconds: float
    generation_seconds: float
    waited_seconds: float = 0.0
    load_seconds: float = 0.0


class LanguageModel(Protocol):
    """Answers a prompt as a stream of text pieces; `async with` opens and closes it.

    Closing the iterator early cancels the generation. Raises ModelError, whose message says what to do.
    """

    @property
    def name(self) -> str:
        """The model's name, as shown to people and in `ask --json`."""

    @property
    def context_size(self) -> int:
        """How many tokens prompt and answer may have together."""

    @property
    def last_speed(self) -> SpeedReport | None:
        """The report of the last finished generation; None before the first, or where it can't be measured."""

    @property
    def follows_schemas(self) -> bool:
        """Whether it can be held to `Sampling.json_schema`."""

    async def __aenter__(self) -> Self:
        """Load the model."""

    async def __aexit__(self, *exc: object) -> None:
        """Free the model."""

    def count(self, text: str) -> int:
        """Return the number of tokens of `text` as data; an estimate where no tokenizer is at hand."""

    def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        """Yield the answer in pieces."""


@runtime_checkable
class CallsTools(Protocol):
    """A language model that has a way of its own to ask for functions, which it was trained for."""

    async def choose_calls(
        self, turns: Sequence[Turn], tools: Sequence[ToolSpec], sampling: Sampling, *, must_call: bool = False
    ) -> tuple[WantedCall, ...] | None:
        """Return what the model wants called, nothing being an answer; None where it turns out not to have that way.

        With `must_call` it is told to call something. Raises ModelError.
        """


@runtime_checkable
class SeesPictures(Protocol):
    """A language model that may be able to look at the pictures of a turn."""

    async def sees_pictures(self) -> bool:
        """Say whether it can. Raises ModelError where that can't be found out now."""

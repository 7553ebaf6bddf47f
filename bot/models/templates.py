"""Turn templates: how a model's family writes a conversation down, as data, and the one renderer for them.

A template never renders one long text. It renders segments, each either a marker, in which control tokens
are meant, or data, in which they never are; whoever tokenises them keeps the two apart, so that nothing
a user, a file or a memory says can close a turn or open another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from bot.errors import ModelError
from bot.models import Turn
from memory.patterns import compile_on_use

# What may be a control token, where it stands in a template's marker.
_MARKER_WORD = compile_on_use(r"<\|[^|<>\s]+\|>|<｜[^｜<>\s]+｜>|<</?[A-Z]+>>|</?[A-Za-z_]+>|\[/?[A-Z_]+\]")

# What is a control token of some family wherever it stands; narrower, so that HTML and "[OK]" stay as they are.
_CONTROL_WORD = compile_on_use(
    r"<\|[^|<>\s]+\|>|<｜[^｜<>\s]+｜>|</?s>|<(?:bos|eos|pad|unk)>|<(?:start|end)_of_turn>"
    r"|<</?SYS>>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a rendered prompt: a marker (control tokens meant) or data (no control token, whatever it says)."""

    text: str
    marker: bool


class TurnTemplate(Protocol):
    """Lays turns out the way a model was trained to read them."""

    @property
    def name(self) -> str:
        """The template's name as settings spell it, or where it came from."""

    @property
    def stops(self) -> tuple[str, ...]:
        """The texts that end an answer."""

    @property
    def control_words(self) -> frozenset[str]:
        """The marker words that data must never be read as."""

    def render(self, turns: Sequence[Turn]) -> tuple[Segment, ...]:
        """Return the segments of the prompt, the opening of the answer last."""


@dataclass(frozen=True, slots=True)
class Template:
    """A known family's template: what stands before and after each role's text.

    `system` is None where the family has no system role; the system text then opens the first user turn.
    No marker holds the beginning-of-sequence token: the tokenizer's own metadata says whether to add it.
    Sources: the chat templates that the families publish with their weights.
    """

    name: str
    system: tuple[str, str] | None
    user: tuple[str, str]
    assistant: tuple[str, str]
    stops: tuple[str, ...]

    @property
    def control_words(self) -> frozenset[str]:
        """The marker words that data must never be read as."""
        pairs = (self.system or ("", ""), self.user, self.assistant)
        return find_control_words(text for pair in pairs for text in pair) | frozenset(self.stops)

    def render(self, turns: Sequence[Turn]) -> tuple[Segment, ...]:
        """Return the segments of the prompt, the opening of the answer last."""
        segments: list[Segment] = []
        for turn in alternate(turns, system_role=self.system is not None):
            before, after = self._around(turn)
            segments += (Segment(before, marker=True), Segment(turn.text, marker=False), Segment(after, marker=True))
        segments.append(Segment(self.assistant[0], marker=True))
        return join_segments(segments)

    def _around(self, turn: Turn) -> tuple[str, str]:
        if turn.role == "system" and self.system is not None:
            return self.system
        return self.assistant if turn.role == "assistant" else self.user


# Mistral's and OpenChat's markers end without the space of their published form: their tokenizers put one
# before every text that follows, and a second would be a token the models never saw there.
TEMPLATES = {
    template.name: template
    for template in (
        Template(
            name="chatml",
            system=("<|im_start|>system\n", "<|im_end|>\n"),
            user=("<|im_start|>user\n", "<|im_end|>\n"),
            assistant=("<|im_start|>assistant\n", "<|im_end|>\n"),
            stops=("<|im_end|>",),
        ),
        Template(
            name="gemma",
            system=None,
            user=("<start_of_turn>user\n", "<end_of_turn>\n"),
            assistant=("<start_of_turn>model\n", "<end_of_turn>\n"),
            stops=("<end_of_turn>",),
        ),
        Template(
            name="llama3",
            system=("<|start_header_id|>system<|end_header_id|>\n\n", "<|eot_id|>"),
            user=("<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>"),
            assistant=("<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>"),
            stops=("<|eot_id|>",),
        ),
        Template(
            name="mistral",
            system=None,
            user=("[INST]", "[/INST]"),
            assistant=("", "</s>"),
            stops=("</s>", "[INST]"),
        ),
        Template(
            name="phi3",
            system=("<|system|>\n", "<|end|>\n"),
            user=("<|user|>\n", "<|end|>\n"),
            assistant=("<|assistant|>\n", "<|end|>\n"),
            stops=("<|end|>",),
        ),
        Template(
            name="openchat",
            system=("GPT4 Correct System:", "<|end_of_turn|>"),
            user=("GPT4 Correct User:", "<|end_of_turn|>"),
            assistant=("GPT4 Correct Assistant:", "<|end_of_turn|>"),
            stops=("<|end_of_turn|>",),
        ),
    )
}

# What must stand, and what must not stand, in a published Jinja template for the family to be certain.
_SIGNATURES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # A model with a switch for thinking must be told not to: its own template does that.
    "chatml": (("<|im_start|>", "<|im_end|>"), ("enable_thinking",)),
    "gemma": (("<start_of_turn>", "<end_of_turn>"), ()),
    "llama3": (("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"), ("GPT4 Correct", "enable_thinking")),
    "mistral": (("[INST]", "[/INST]"), ("<<SYS>>", "[SYSTEM_PROMPT]", "<|", "<think>")),
    "phi3": (("<|user|>", "<|assistant|>", "<|end|>"), ("<|im_start|>", "<|im_sep|>")),
    "openchat": (("GPT4 Correct", "<|end_of_turn|>"), ("<|start_header_id|>",)),
}


def find_template(name: str) -> Template:
    """Return the template of that name, in any case and with or without hyphens; ModelError if there is none."""
    found = TEMPLATES.get(re.sub(r"[\s_-]", "", name).casefold())
    if found is None:
        raise ModelError(f"model.template: there is no template {name!r}; choose one of {', '.join(TEMPLATES)}.")
    return found


def recognise(source: str) -> str | None:
    """Return the name of the family that a published Jinja template belongs to; None if that isn't certain."""
    for name, (present, absent) in _SIGNATURES.items():
        if all(text in source for text in present) and not any(text in source for text in absent):
            return name
    return None


def find_control_words(markers: Iterable[str]) -> frozenset[str]:
    """Return the words in marker texts that look like control tokens: `<|im_end|>`, `[INST]`, `</s>`."""
    return frozenset(word for marker in markers for word in _MARKER_WORD.findall(marker))


def defuse(text: str, words: Iterable[str]) -> str:
    """Return `text` with a space put into each of `words`, so that it reads the same and is not taken for a marker."""
    for word in words:
        text = text.replace(word, f"{word[0]} {word[1:]}")
    return text


def defuse_all(text: str) -> str:
    """Return `text` with everything in it that looks like a control token of any family defused."""
    return _CONTROL_WORD.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)


def alternate(turns: Sequence[Turn], *, system_role: bool) -> list[Turn]:
    """Return turns that alternate between user and assistant, beginning with the user, after the system turn.

    Many templates refuse anything else. Neighbours of one role become one turn; a system turn anywhere but
    first, or with `system_role` unset, is read as the user's.
    """
    first = turns[0].role if turns else "user"
    roles = [
        "user" if turn.role == "system" and not (system_role and index == 0) else turn.role
        for index, turn in enumerate(turns)
    ]
    merged = [
        Turn(role, "\n\n".join(turn.text for _, turn in group))
        for role, group in groupby(zip(roles, turns, strict=True), key=lambda pair: pair[0])
    ]
    start = 1 if system_role and first == "system" else 0
    if start < len(merged) and merged[start].role == "assistant":
        merged.insert(start, Turn("user", ""))
    return merged


def join_segments(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Return the segments with neighbours of one kind joined and the empty ones left out."""
    full = (segment for segment in segments if segment.text)
    return tuple(
        Segment("".join(segment.text for segment in group), marker=marker)
        for marker, group in groupby(full, key=lambda segment: segment.marker)
    )

"""What of a model's text is the answer: without the model's thinking aloud and without leaked control tokens.

Models mark their thinking in different ways: `<think>…</think>` (DeepSeek R1, Qwen 3), only the closing half of it
(where the chat template opens it), other tags, or Harmony's channels (gpt-oss:
https://cookbook.openai.com/articles/openai-harmony). Some servers and GGUF files also let a template's control
tokens through as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.models import Turn
from memory.patterns import compile_on_use

_THINKING = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "<reflection>": "</reflection>",
    "<seed:think>": "</seed:think>",
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "<|inner_prefix|>": "<|inner_suffix|>",
}
_CLOSING = frozenset(_THINKING.values())
_FRAMES = frozenset(
    {"<|begin_of_solution|>", "<|end_of_solution|>", "<|START_RESPONSE|>", "<|END_RESPONSE|>", "<answer>", "</answer>"}
)
"""What stands around the answer proper once the thinking is over."""

CHANNEL, _START, _MESSAGE = "<|channel|>", "<|start|>", "<|message|>"
_ENDS = frozenset(
    {
        *("<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "</s>", "<|end|>", "<|return|>", "<|call|>"),
        *(
            "<|end_of_turn|>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<|eot|>",
            "<｜end▁of▁sentence｜>",
            "<|END_OF_TURN_TOKEN|>",
        ),
        *("[/INST]", "<eos>", "<|endofprompt|>", "<|end_of_role|>"),
    }
)
_OPENINGS = frozenset(
    {
        *("<|im_start|>", "<|start_header_id|>", "<|end_header_id|>", "<start_of_turn>", "[INST]", "<|begin_of_text|>"),
        *(
            "<|user|>",
            "<|assistant|>",
            "<|system|>",
            "<｜User｜>",
            "<｜Assistant｜>",
            "<｜begin▁of▁sentence｜>",
            "<bos>",
        ),
        *("<|START_OF_TURN_TOKEN|>", "<|CHATBOT_TOKEN|>", "<|USER_TOKEN|>", "<|start_of_role|>"),
    }
)
HARMONY_WORDS = frozenset({CHANNEL, _START, _MESSAGE, "<|end|>", "<|constrain|>"})
"""The control tokens by which a Harmony model goes from one channel to the next: none of them ends its answer."""

REASONING_WORDS = frozenset({*_THINKING, *_CLOSING, *HARMONY_WORDS})
"""The words that a model's thinking is known by; they must be read as text, even where they are control tokens."""

_AFTER_CHANNEL = frozenset({CHANNEL, _START, "<|end|>", "<|return|>", "<|call|>"})
_MARKERS = frozenset({*_THINKING, *_CLOSING, *_FRAMES, *_ENDS, *_OPENINGS, CHANNEL, _START, _MESSAGE})
_ROLE = compile_on_use(r"\s*(?:assistant|model)\b[ \t]*:?\s*")
_ROLE_BEGUN = compile_on_use(r"\s*[a-z]{0,9}\s*")

# Where control tokens are dropped on the way, the names of Harmony's channels remain: "analysisThe … assistantfinalOn".
_BARE_ANALYSIS = compile_on_use(r"analysis(?=[A-Z])")
_BARE_FINAL = "assistantfinal"


def _finder(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE)


_FIND_MARKER = _finder(_MARKERS)
_FIND_CLOSING = _finder(_CLOSING)
_FIND_NEXT_CHANNEL = _finder(_AFTER_CHANNEL)
_FIND_MESSAGE = _finder({_MESSAGE})
_FIND_BARE_FINAL = _finder({_BARE_FINAL})
_SPELLINGS = {word.lower(): word for word in _MARKERS}
_STARTS = frozenset(word[:length].lower() for word in (*_MARKERS, _BARE_FINAL) for length in range(1, len(word)))
_LONGEST = max(map(len, _STARTS))


class VisibleText:
    """Takes a model's text in pieces and gives out what of it is the answer, as soon as that is certain.

    With `thinking` the text begins within the model's thinking. With `hold` everything is held back until the
    thinking has ended or the text has: for models that close a thinking they never opened. Otherwise such a closing
    mark that comes after text was given out is given out too, so that `remove_thinking` on the whole text removes
    both.
    """

    def __init__(self, *, thinking: bool = False, hold: bool = False) -> None:
        self._closing: re.Pattern[str] | None = _FIND_CLOSING if thinking else None
        self._in_header = False
        self._hold = hold
        self._buffer = ""
        self._out: list[str] = []
        self._given = False
        self._after_opening = False
        self.stopped = False
        """Whether a control token has ended the answer; nothing is given out after it."""
        self.closed_unopened = False
        """Whether a closing mark has come that no opening one preceded."""

    def feed(self, piece: str) -> str:
        """Take a piece and return what is certain to be the answer's, often nothing."""
        self._buffer += piece
        while not self.stopped and self._step():
            pass
        return "" if self._hold else self._take()

    def finish(self) -> str:
        """Return what was held back, now that no more comes; thinking that was never closed is dropped."""
        if not (self.stopped or self._closing or self._in_header):
            self._say(self._buffer)
        self._buffer, self._hold = "", False
        return self._take()

    def _step(self) -> bool:
        """Work off the buffer up to the next marker; return whether there may be another one in it."""
        if self._closing:
            return self._leave_thinking(self._closing)
        if self._in_header:
            return self._leave_header()
        if not self._begun and (handled := self._begin()) is not None:
            return handled
        found = _FIND_MARKER.search(self._buffer)
        if found is None:
            certain = len(self._buffer) - _possible_start(self._buffer)
            self._say(self._buffer[:certain])
            self._buffer = self._buffer[certain:]
            return False
        self._say(self._buffer[: found.start()])
        self._buffer = self._buffer[found.end() :]
        self._meet(_SPELLINGS[found[0].lower()])
        return True

    @property
    def _begun(self) -> bool:
        return self._given or bool(self._out)

    def _begin(self) -> bool | None:
        """Look at the beginning of the answer; return whether to go on, None when there is nothing special."""
        self._buffer = self._buffer.lstrip()
        if self._after_opening:
            if _ROLE_BEGUN.fullmatch(self._buffer):
                return False  # (the role may not be complete)
            self._buffer = _ROLE.sub("", self._buffer, count=1) if _ROLE.match(self._buffer) else self._buffer
            self._after_opening = False
        if len(self._buffer) <= len("analysis") and "analysis".startswith(self._buffer):
            return False
        if found := _BARE_ANALYSIS.match(self._buffer):
            self._buffer = self._buffer[found.end() :]
            self._closing = _FIND_BARE_FINAL
            return True
        return None

    def _meet(self, marker: str) -> None:
        """Act on a marker outside of thinking."""
        if marker in _THINKING:
            self._closing = _finder({_THINKING[marker]})
        elif marker in _CLOSING:
            self._close_unopened(marker)
        elif marker in (CHANNEL, _START):
            self._in_header = True
            self._buffer = marker + self._buffer
        elif marker in _ENDS or marker in _OPENINGS:
            self.stopped = self._begun
            self._after_opening = marker in _OPENINGS

    def _close_unopened(self, marker: str) -> None:
        """Drop what was said before a closing mark; where that was given out already, give out the mark as well."""
        self.closed_unopened = True
        self._hold = False
        self._out.clear()
        if self._given:
            self._out.append(marker)

    def _leave_thinking(self, closing: re.Pattern[str]) -> bool:
        found = closing.search(self._buffer)
        if found is None:
            self._buffer = self._buffer[len(self._buffer) - _possible_start(self._buffer) :]
            return False
        next_header = found[0].lower() in (CHANNEL, _START)
        self._buffer = self._buffer[found.start() if next_header else found.end() :]
        self._closing = None
        return True

    def _leave_header(self) -> bool:
        """Read a Harmony header, `<|start|>assistant<|channel|>final<|message|>` or part of it."""
        found = _FIND_MESSAGE.search(self._buffer)
        if found is None:
            return False
        header, self._buffer = self._buffer[: found.start()], self._buffer[found.end() :]
        _, has_channel, channel = header.rpartition(CHANNEL)
        self._in_header = False
        if has_channel and channel.split()[:1] != ["final"]:
            self._closing = _FIND_NEXT_CHANNEL
        return True

    def _say(self, text: str) -> None:
        text = text if self._begun else text.lstrip()
        if text:
            self._out.append(text)

    def _take(self) -> str:
        text = "".join(self._out)
        self._out.clear()
        self._given = self._given or bool(text)
        return text


def remove_thinking(text: str) -> str:
    """Return what of a whole text is the answer."""
    visible = VisibleText()
    return (visible.feed(text) + visible.finish()).rstrip()


def opens_thinking(opening: str) -> bool:
    """Return whether what stands before an answer has begun the model's thinking for it."""
    return opening.rstrip().endswith(tuple(_THINKING))


def turn_text(turn: Turn) -> str:
    """Return a turn's text as a prompt has it: what a model thought in an earlier answer is not repeated to it."""
    return remove_thinking(turn.text) if turn.role == "assistant" else turn.text


def _possible_start(text: str) -> int:
    """Return the length of the longest end of `text` that a marker may begin with."""
    for length in range(min(_LONGEST, len(text)), 0, -1):
        if text[-length:].lower() in _STARTS:
            return length
    return 0

"""Text to tokens and back, with markers kept apart from data."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from itertools import chain

from bot.errors import ModelError
from bot.models.llama.library import LlamaLibrary
from bot.models.templates import Segment, TurnTemplate, defuse
from bot.models.visible_text import CHANNEL, HARMONY_WORDS, REASONING_WORDS

_ATTEMPTS = 4


class LlamaVocabulary:
    """A loaded model's tokenizer. It is read-only, so any thread may use it while another generates.

    Markers are tokenised with control tokens, data without. That alone is not enough: some files
    hold their template's markers as ordinary tokens, or not as tokens at all, and then the same text in
    data would be the same tokens. Such words are defused in data.
    """

    def __init__(self, library: LlamaLibrary, model: int | None) -> None:
        self._api = library.api
        self._vocabulary = self._api.llama_model_get_vocab(model)
        self._buffer = ctypes.create_string_buffer(256)
        self._open_words: tuple[str, ...] = ()
        self.size: int = self._api.llama_vocab_n_tokens(self._vocabulary)
        self.ends: frozenset[int] = frozenset()
        """The tokens that end an answer."""
        self.turn_marks: frozenset[int] = frozenset()
        """Those of them that are the template's, and not the model's own way to say that it is done."""
        self._shown: dict[int, bytes] = {}

    @property
    def pointer(self) -> int:
        """What llama.cpp knows the vocabulary by."""
        pointer: int = self._vocabulary
        return pointer

    def use_template(self, template: TurnTemplate) -> None:
        """Learn from the template which tokens end an answer and which words must be defused in data."""
        # Some models hold the words of their thinking as ordinary tokens, which plain text would become as well.
        words = template.control_words | {word for word in REASONING_WORDS if self._is_token(word)}
        marked = {word: self.tokenise(word, special=True) for word in words}
        self._open_words = tuple(sorted(word for word in words if self.tokenise(word, special=False) == marked[word]))
        # A control token of the template's within an answer opens or closes a turn: either way it is over.
        controls = {
            tokens[0]
            for word, tokens in marked.items()
            if word in template.control_words and len(tokens) == 1 and self._is_control(tokens[0])
        }
        ends = {token for token in range(self.size) if self._api.llama_vocab_is_eog(self._vocabulary, token)}
        self._shown = self._find_shown()
        self.ends = frozenset(controls | ends) - self._shown.keys()
        self.turn_marks = frozenset(controls - ends)

    def shows(self, word: str) -> bool:
        """Return whether a control token of this spelling is given out as text."""
        return word.encode() in self._shown.values()

    def _find_shown(self) -> dict[int, bytes]:
        """Return the tokens that a model's thinking is told from its answer by, with their spellings."""
        # Without channels `<|end|>` and the like are ordinary ends of a turn.
        words = REASONING_WORDS if self._is_token(CHANNEL) else REASONING_WORDS - HARMONY_WORDS
        return {self.tokenise(word, special=True)[0]: word.encode() for word in words if self._is_token(word)}

    def _is_token(self, word: str) -> bool:
        """Return whether a word is one token, where control tokens are meant."""
        return len(self.tokenise(word, special=True)) == 1

    def encode(self, segments: Iterable[Segment]) -> list[int]:
        """Return the tokens of a rendered prompt, begun as the model's metadata asks for."""
        tokens = list(
            chain.from_iterable(
                self.tokenise(segment.text, special=True) if segment.marker else self.encode_data(segment.text)
                for segment in segments
            )
        )
        first: int = self._api.llama_vocab_bos(self._vocabulary)
        if self._api.llama_vocab_get_add_bos(self._vocabulary) and tokens[:1] != [first]:
            tokens.insert(0, first)
        return tokens

    def encode_data(self, text: str) -> list[int]:
        """Return the tokens of text that comes from outside; there is never a control token among them."""
        text = defuse(text, (word for word in self._open_words if word in text))
        for _ in range(_ATTEMPTS):
            tokens = self.tokenise(text, special=False)
            forged = {token for token in tokens if self._is_control(token)}
            if not forged:
                return tokens
            # Merging may reach a control token's spelling by itself; its letters are then set apart.
            text = defuse(text, (self._spelling(token) for token in forged))
        raise ModelError("The model's tokenizer reads plain text as control tokens; use another GGUF file.")

    def tokenise(self, text: str, *, special: bool) -> list[int]:
        """Return the tokens of `text`; with `special`, control tokens written in it are meant as such."""
        encoded = text.encode("utf-8", "replace")
        count, tokens = self._tokenise(encoded, len(encoded) + 2, special=special)
        if count < 0:  # (one character can be several tokens; it says how many there are)
            count, tokens = self._tokenise(encoded, -count, special=special)
        if count < 0:
            raise ModelError(f"The model's tokenizer can't read a text of {len(encoded)} bytes.")
        return tokens[:count]

    def _tokenise(self, encoded: bytes, room: int, *, special: bool) -> tuple[int, ctypes.Array[ctypes.c_int32]]:
        tokens = (ctypes.c_int32 * room)()
        begin = False  # (`encode` begins the prompt, once)
        count: int = self._api.llama_tokenize(self._vocabulary, encoded, len(encoded), tokens, room, begin, special)
        return count, tokens

    def piece(self, token: int) -> bytes:
        """Return the bytes that a token stands for; none for a control token, but for marks of the model's thinking.

        Only for the generating thread.
        """
        if token in self._shown:
            return self._shown[token]
        lstrip, special = 0, False
        length = self._api.llama_token_to_piece(
            self._vocabulary, token, self._buffer, len(self._buffer), lstrip, special
        )
        if length < 0:
            self._buffer = ctypes.create_string_buffer(-length)
            return self.piece(token)
        return self._buffer.raw[:length]

    def _is_control(self, token: int) -> bool:
        control: bool = self._api.llama_vocab_is_control(self._vocabulary, token)
        return control

    def _spelling(self, token: int) -> str:
        spelling: bytes = self._api.llama_vocab_get_text(self._vocabulary, token)
        return spelling.decode("utf-8", "replace")


def common_prefix(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens two sequences have in common from their start."""
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))

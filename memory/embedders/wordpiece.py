"""Text to the numbers of BERT's vocabulary, as its uncased models were trained (Devlin et al., 2019)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

_LONGEST_WORD = 100
"""Characters past which a word is unknown, as in the reference implementation."""
_KEPT_WORDS = 20_000
_CONTROL = ("Cc", "Cf", "Co", "Cs")

_IDEOGRAPHS = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)
"""Each stands for itself; the ranges are those of the tokenizer that the model was trained with."""


class WordPiece:
    """Cuts a text into words, and each word into the longest pieces that the vocabulary has.

    `vocabulary` gives each piece its number; pieces within a word begin with "##". A text that spells a special token,
    such as "[SEP]", is text.
    """

    def __init__(self, vocabulary: Mapping[str, int], *, longest: int) -> None:
        self._numbers = vocabulary
        self._unknown = vocabulary["[UNK]"]
        self._frame = (vocabulary["[CLS]"], vocabulary["[SEP]"])
        self._longest = longest - len(self._frame)
        self._pieces = lru_cache(_KEPT_WORDS)(self._cut)

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of a text, in the frame of its two special tokens, `longest` at most."""
        found: list[int] = []
        for word in _words(text):
            found += self._pieces(word)
            if len(found) >= self._longest:
                break
        return [self._frame[0], *found[: self._longest], self._frame[1]]

    def _cut(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._numbers.get(mark + word[start:end])
                if number is not None:
                    break
            else:
                return (self._unknown,)
            found.append(number)
            start = end
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    """Yield lower-case words without accents; each mark of punctuation and each ideograph is a word."""
    if not text.isascii():
        text = unicodedata.normalize("NFD", "".join(map(_clean, text)))
    return iter("".join(map(_separate, text)).split())


@lru_cache(4096)
def _clean(character: str) -> str:
    """Return a character as it is read: white space as a space, control characters not at all."""
    if character == "\ufffd" or _is_control(character):
        return ""
    if character.isspace():
        return " "
    return f" {character} " if any(first <= ord(character) <= last for first, last in _IDEOGRAPHS) else character


@lru_cache(4096)
def _separate(character: str) -> str:
    """Return a decomposed character in lower case; a mark of punctuation between spaces, an accent not at all."""
    category = unicodedata.category(character)
    if category == "Mn" or _is_control(character):
        return ""
    if category[0] == "P" or (category[0] == "S" and character.isascii()):
        return f" {character} "
    return character.lower()


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in _CONTROL and character not in "\t\n\r"

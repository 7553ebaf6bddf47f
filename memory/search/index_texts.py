"""The texts that the full-text indexes are given of passages: folded, cut into words, with other forms of these.

A message stands in its own window and in those of the next two. What is done to it is done once, and kept for as long
as a batch takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from memory.search.languages import LanguageSigns, guess_by_signs, guess_languages, read_signs, shows_no_language
from memory.search.segment import is_alike_alone, segment, words
from memory.search.stemming import index_text, stem_forms
from memory.search.windows import IndexedWords


class IndexTexts(NamedTuple):
    """What the indexes are given of a passage, in parts that are whole lines; joined, they are the texts."""

    passage_id: int
    turn: tuple[str, ...]
    window: tuple[str, ...]

    def turn_text(self) -> str:
        """Return what the index of turns is given."""
        return "\n".join(self.turn)

    def window_text(self) -> str:
        """Return what the index of windows is given."""
        return "\n".join(self.window)


def with_stems(entries: Iterable[IndexedWords]) -> list[IndexTexts]:
    """Return the texts of passages with the other forms of their words.

    A message too short to tell its language is taken for that of its window.
    """
    entries = list(entries)
    parts = _Parts({text for each in entries for text in each.window})
    english = parts.english
    made: list[IndexTexts] = []
    for passage_id, window in entries:
        texts = _look_up(window, english)
        turn, texts = (texts[:1], texts) if texts else parts.read(window)
        made.append(IndexTexts(passage_id, turn, texts))
    return made


class _Parts:
    """What is known of the parts of windows; `english` is how those are indexed that show no language."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._segmented = {text: segment(text) for text in texts if is_alike_alone(text)}
        self.english = {text: made for text, made in self._segmented.items() if shows_no_language(text)}
        self._signs: dict[str, LanguageSigns] = {}
        self._words: dict[str, list[str]] = {}

    def read(self, window: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the parts of the turn and of the window, as the indexes are given them."""
        texts = _look_up(window, self._segmented)
        if texts is None:
            return _read_whole(window[0], "\n".join(window))
        signs = [self._signs.get(text) or self._signs.setdefault(text, read_signs(text)) for text in window]
        languages = guess_by_signs(signs)
        return _with_forms(texts[:1], self._forms(window[:1], languages)), _with_forms(
            texts, self._forms(window, languages)
        )

    def _forms(self, window: Sequence[str], languages: Sequence[str]) -> list[str]:
        if not languages:
            return []
        for text in window:
            if text not in self._words:
                self._words[text] = words(text)
        return stem_forms(dict.fromkeys(word for text in window for word in self._words[text]), languages)


def _look_up(window: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return what is known of the parts; None unless all are known."""
    try:
        return tuple([known[text] for text in window])
    except KeyError:
        return None


def _with_forms(texts: tuple[str, ...], forms: Sequence[str]) -> tuple[str, ...]:
    return (*texts, " ".join(forms)) if forms else texts


def _read_whole(turn: str, window: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    languages = guess_languages(window)
    return (index_text(turn, languages),), (index_text(window, languages),)

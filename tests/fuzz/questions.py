"""Targets: what is understood of a message: its kind, its times, its names and its words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.answering.kinds.classify import classify_message
from memory.search.languages import guess_languages
from memory.search.names import find_named, without_names
from memory.search.segment import clean, segment, words
from memory.search.stemming import index_text
from memory.search.terms import terms
from memory.timeline.expressions import named_windows, question_window, relative_times
from memory.timeline.lasting import since_when
from tests.fuzz.target import Target, on_text

_NOW = datetime(2024, 5, 3, 21, 14, tzinfo=UTC)
_ASKED = (
    b"What did Ada say about the ferry between 3 May 2023 and last Friday evening, and since when is she ill?",
    "Wann hat Änne am Dienstag vor zwei Wochen um halb acht Uhr angerufen?".encode(),
    "昨天下午王芳说了什么？去年12月31日呢 어제 김민수가 뭐라고 했어".encode(),
    "¿Qué dijo José el año pasado en Navidad? le 14 juillet, il y a trois mois, domani sera".encode(),
    b"2024-02-30 31/12/0000 12.31.9999 24:61 in 99999999999 years, the day before the day after the 1st of May",
)


def make_targets() -> Iterator[Target]:
    """Yield a target for each of them."""
    yield Target("kind-of-message", on_text(_classify), _ASKED)
    yield Target("times", on_text(_find_times), _ASKED)
    yield Target("names", on_text(_find_names), _ASKED)
    yield Target("words", on_text(_cut_words), _ASKED)


def _classify(text: str) -> None:
    classify_message(text, "Jay", _NOW)


def _find_times(text: str) -> None:
    for window in (*named_windows(text, _NOW), question_window(text, _NOW)):
        if window is not None and window.start >= window.end:
            raise AssertionError(window)
    for words_of_time, meant in relative_times(text, _NOW):
        if words_of_time not in text:
            raise AssertionError(words_of_time)
        meant.encode()
    since_when(text, _NOW)


def _find_names(text: str) -> None:
    names = find_named(text, ("Ada Lovelace", "Änne", "王芳", text[:30]))
    without_names(text, frozenset(names))


def _cut_words(text: str) -> None:
    for made in (clean(text), segment(text), index_text(text, guess_languages(text)), *words(text), *terms(text)):
        made.encode()

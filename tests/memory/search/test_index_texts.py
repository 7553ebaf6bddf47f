"""What the full-text indexes are given is the same whether a window is read in its parts or as a whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.search.index_texts import with_stems
from memory.search.languages import guess_languages
from memory.search.stemming import index_text
from memory.search.tokens import COUNTER
from memory.search.windows import IndexedWords

SAID = [
    "Ben: die Schlüssel liegen noch im Auto",
    "Ana: the keys are in the car",
    "Ana: come here, son! The door is open.",
    "I ❤️ it",
    "\ufe0f shade",
    "a\u200db",
    "👍🏽 ok",
    "ключи от машины",
    "ключі від авто",
    "東京駅で会う",
    "avaimet ovat pöydällä",
    "Ａｂｃ ﬁn STRASSE straße",
    "e\u0301te\u0301",
    "\u0301a mark alone",
    "two\nlines und noch eine",
    "nul\0 here",
    "\ud83d alone",
    "",
    "_under_score_ don't",
]
PARTS = st.one_of(st.sampled_from(SAID), st.text(max_size=20), st.lists(st.sampled_from(SAID)).map(" ".join))


@given(st.lists(st.tuples(PARTS, st.lists(PARTS, max_size=2)), min_size=1, max_size=4))
def test_a_window_in_parts_has_the_terms_of_the_whole(said: list[tuple[str, list[str]]]) -> None:
    windows = [(turn, *before, "3 May 2024") for turn, before in said]
    for made, window in zip(with_stems(map(IndexedWords, range(9), windows)), windows, strict=False):
        whole = "\n".join(window)
        languages = guess_languages(whole)
        expected = [index_text(window[0], languages), index_text(whole, languages)]
        assert COUNTER.count([made.turn_text(), made.window_text()]) == COUNTER.count(expected)


@pytest.mark.parametrize(
    ("window", "turn", "whole"),
    [
        (("Ana: the keys", "3 May 2024"), "Ana: the keys", "Ana: the keys\n3 May 2024"),
        (("Schlüssel", "und das ist nicht da"), "schlüssel\nschlussel", None),
        (("\ufe0f", "❤"), "\ufe0f", " \n emoji2764 "),
    ],
)
def test_a_window_is_read_as_one_text(window: tuple[str, ...], turn: str, whole: str | None) -> None:
    (made,) = with_stems([IndexedWords(1, window)])
    assert made.turn_text().strip() == turn.strip() or made.turn_text() == turn
    assert whole is None or made.window_text().strip() == whole.strip()

from __future__ import annotations

import numpy as np

from memory.search.diversity import choose_varied
from memory.search.passage_features import says_when, substance
from memory.search.segment import words

SAME, OTHER = np.array([1.0, 0.0], dtype=np.float32), np.array([0.0, 1.0], dtype=np.float32)


def test_of_two_that_say_the_same_the_second_comes_after_something_else() -> None:
    chosen = choose_varied([1, 2, 3], {1: 1.0, 2: 0.9, 3: 0.7}, {1: SAME, 2: SAME, 3: OTHER}, 3)
    assert list(chosen) == [1, 3, 2]
    assert chosen[1] == chosen[3] == 0
    assert chosen[2] < 0


def test_what_has_no_vector_is_like_nothing_and_without_any_the_order_stays() -> None:
    assert list(choose_varied([1, 2, 3], {1: 1.0, 2: 0.9, 3: 0.7}, {1: SAME, 3: SAME}, 9)) == [1, 2, 3]
    assert choose_varied([5, 4], {5: 1.0, 4: 0.5}, {}, 2) == {5: 0.0, 4: 0.0}
    assert choose_varied([], {}, {}, 5) == {}


def test_a_text_says_something_by_its_telling_words_that_were_not_asked() -> None:
    assert substance(words("Can't wait!"), set()) < substance(
        words("Rua da Rosa, two rooms, breakfast included"), set()
    )
    assert substance(["the", "zeppelin"], {"zeppelin"}) == 0
    assert substance([], set()) == 0


def test_a_text_says_when_in_many_languages() -> None:
    for text in (
        "we met yesterday",
        "gestern war es kalt",
        "el lunes",
        "le 3.5.",
        "это было вчера",
        "5月3日",
        "at 18:30",
    ):
        assert says_when(text, words(text)), text
    for text in ("we met", "das ist gut", "2 apples", ""):
        assert not says_when(text, words(text)), text

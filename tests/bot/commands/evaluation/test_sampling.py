from __future__ import annotations

from collections import Counter

from bot.commands.evaluation.sampling import stratify

WORDS = [f"{kind}{number}" for kind, many in (("a", 50), ("b", 20), ("c", 2)) for number in range(many)]


def kind_of(word: str) -> str:
    return word[0]


def test_each_kind_gets_as_many_and_what_a_rare_one_lacks_goes_to_the_others() -> None:
    assert Counter(map(kind_of, stratify(WORDS, kind_of, 12, 0))) == {"a": 5, "b": 5, "c": 2}


def test_a_seed_always_chooses_the_same_and_another_seed_others() -> None:
    assert stratify(WORDS, kind_of, 9, 4) == stratify(WORDS, kind_of, 9, 4) != stratify(WORDS, kind_of, 9, 5)


def test_the_order_is_kept_and_asking_for_more_than_there_are_gives_all() -> None:
    assert stratify(WORDS, kind_of, 500, 1) == WORDS
    assert stratify([], kind_of, 5, 1) == []

"""What a forgetting looks for: the words that tell what a text was about, the longest of them, and how it is quoted."""

from __future__ import annotations

from memory.forgetting.words import Text, pick_some, quote_of, sought_words, telling_words, texts_to_trace


def test_numbers_and_short_words_of_other_scripts_tell_something_and_short_english_words_do_not() -> None:
    assert telling_words(["the cat has 12 鱼"]) >= {"12", "鱼"}
    assert "cat" not in telling_words(["the cat has 12 鱼"])
    assert "boat" in telling_words(["the boat"])


def test_of_very_many_words_the_longest_are_looked_for() -> None:
    short = " ".join(f"zz{number:02}" for number in range(80))
    sought = sought_words([Text(1, "message", f"aardvarkandmore {short}")])
    assert len(sought) == 64
    assert sought[-1].startswith("aardvark")


def test_what_was_asked_answered_or_commanded_is_not_looked_for() -> None:
    texts = [Text(1, "message", "harbour"), Text(2, "question", "lantern"), Text(3, "answer", "compass")]
    assert len(sought_words(texts)) == 1


def test_of_too_many_every_so_many_are_picked() -> None:
    assert list(pick_some([], 3)) == []
    assert list(pick_some([1, 2, 3], 3)) == [1, 2, 3]
    assert list(pick_some([1, 2, 3, 4], 3)) == [1, 3]
    assert list(pick_some([1, 2, 3, 4, 5, 6, 7], 3)) == [1, 4, 7]


def test_what_people_said_is_traced_and_the_bots_wording_only_where_nobody_said_anything() -> None:
    replies = [Text(3, "answer", "compass"), Text(4, "command", "/remember it")]
    said = [Text(1, "message", "harbour"), Text(2, "question", "lantern"), Text(5, "fact", "anchor")]
    assert texts_to_trace([*replies, *said]) == ("harbour", "lantern", "anchor")
    assert texts_to_trace(replies) == ("compass", "/remember it")
    assert texts_to_trace([]) == ()


def test_a_quotation_is_one_line_cut_after_a_hundred_characters() -> None:
    assert quote_of("  the shed\n  opens   late ") == "the shed opens late"
    assert quote_of("a" * 99 + " tail") == "a" * 99

"""What a forgetting looks for: the words that tell what a text was about, the longest of them, and how it is quoted."""

from __future__ import annotations

from memory.forgetting.words import Text, quote_of, sought_words, telling_words


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


def test_a_quotation_is_one_line_cut_after_a_hundred_characters() -> None:
    assert quote_of("  the shed\n  opens   late ") == "the shed opens late"
    assert quote_of("a" * 99 + " tail") == "a" * 99

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline.splitting import clip_text, split_text

utf16 = {"length": lambda text: len(text.encode("utf-16-le")) // 2}


def test_a_short_text_is_one_part() -> None:
    assert split_text("hello", 10) == ["hello"]
    assert split_text("", 10) == []


def test_a_long_text_is_cut_between_paragraphs() -> None:
    first, second = "a " * 30, "b " * 30
    assert split_text(f"{first}\n\n{second}", 100) == [first.strip(), second.strip()]


def test_a_paragraph_too_long_is_cut_at_lines_then_sentences_then_words() -> None:
    assert split_text("one line\nanother line", 14) == ["one line", "another line"]
    assert split_text("One sentence. And another.", 26) == ["One sentence. And another."]
    assert split_text("One sentence. And another one.", 28) == ["One sentence.", "And another one."]
    assert split_text("words and words and", 12) == ["words and", "words and"]


def test_a_code_fence_that_is_cut_is_closed_and_opened_again() -> None:
    code = "\n".join(f"line {number}" for number in range(40))
    parts = split_text(f"```python\n{code}\n```", 120)
    assert len(parts) > 2
    assert all(part.startswith("```python\n") and part.endswith("\n```") for part in parts)
    inside = "\n".join(part.removeprefix("```python\n").removesuffix("\n```") for part in parts)
    assert inside == code


def test_a_fence_that_fits_into_the_next_part_is_not_cut() -> None:
    text = f"{'word ' * 12}\n\n```\na\n\nb\n```"
    assert split_text(text, 72) == [("word " * 12).strip(), "```\na\n\nb\n```"]


@given(st.text(alphabet="ab \n`~é😀.", max_size=300), st.integers(24, 60))
def test_no_part_is_over_the_limit_and_nothing_is_lost(text: str, limit: int) -> None:
    parts = split_text(text, limit, utf16["length"])
    assert all(utf16["length"](part) <= limit for part in parts)
    assert all(part.strip() for part in parts)
    assert letters(text) == letters("".join(parts))


def letters(text: str) -> str:
    return re.sub(r"[^abé😀.]", "", text)


def test_clipping_marks_what_is_missing() -> None:
    assert clip_text("hello", 5) == "hello"
    assert clip_text("hello!", 5) == "hell…"
    assert clip_text("hello!", 5, lambda text: len(text.encode())) == "he…"


def test_splitting_measures_no_more_of_a_long_text_than_it_has_to() -> None:
    measured = 0

    def length(text: str) -> int:
        nonlocal measured
        measured += len(text)
        return len(text)

    def work(size: int) -> int:
        nonlocal measured
        measured = 0
        assert len(split_text("words and more\n\n" * (size // 16), 1000, length)) > size // 1000
        return measured

    assert work(160_000) < 11 * work(16_000)

"""What somebody who searches is shown of a recall."""

from __future__ import annotations

from datetime import UTC, datetime

from memory import ConversationRecord, Passage, Recollection, keep_finds


def recollect(text: str, relevance: float, **parts: float) -> Recollection:
    place = ConversationRecord(1, "test", "1", "Test", "group", None)
    passage = Passage(1, place, "Ann", None, datetime(2026, 1, 1, tzinfo=UTC), "message", text)
    return Recollection(passage, relevance, relevance, parts)


def texts(*found: Recollection) -> list[str]:
    return [each.passage.text for each in keep_finds(found)]


def test_what_is_far_from_the_best_and_has_none_of_the_words_is_left_out() -> None:
    found = (recollect("no more schnitzel for me", 0.9, words=0.5), recollect("good night", 0.2, meaning=0.2))
    assert texts(*found) == ["no more schnitzel for me"]


def test_what_has_the_words_is_kept_however_poorly_it_fits_and_comes_first() -> None:
    found = (recollect("we eat at eight", 0.9, meaning=0.4), recollect("eat!", 0.01, words=0.1))
    assert texts(*found) == ["eat!", "we eat at eight"]


def test_what_is_nearly_as_close_as_the_best_is_kept_and_what_fits_not_at_all_is_not() -> None:
    assert texts(recollect("a", 0.5, meaning=0.5), recollect("b", 0.31, meaning=0.3)) == ["a", "b"]
    assert texts(recollect("a", 0.004, meaning=0.1)) == []
    assert texts() == []

"""What each part of the evidence gives to a score, one at a time."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from memory.search.scoring import (
    ALONE,
    MEANING,
    NEXT,
    QUESTION,
    REPLY,
    SESSION,
    SPEAKER,
    TIME,
    WINDOW_WORDS,
    WORDS,
    PassageCandidate,
    RawScores,
    Score,
    score,
)

NOTHING: Mapping[int, float] = {}


def candidate(
    number: int, session: int | None = None, previous: int | None = None, author: str = "", *, asks: bool = False
) -> PassageCandidate:
    return PassageCandidate(number, session, previous, author, 0, asks)


def parts_of(
    candidates: list[PassageCandidate],
    words: Mapping[int, float] = NOTHING,
    window_words: Mapping[int, float] = NOTHING,
    meaning: Mapping[int, float] = NOTHING,
    speakers: frozenset[str] = frozenset(),
    in_time: frozenset[int] = frozenset(),
) -> dict[int, dict[str, float]]:
    scores = score(candidates, RawScores(words, window_words, meaning, speakers, in_time))
    for each in scores.values():
        assert sum(each.parts.values()) == pytest.approx(each.total)
    return {number: each.parts for number, each in scores.items()}


def test_words_and_meaning_count_by_their_share_of_the_best() -> None:
    parts = parts_of([candidate(1), candidate(2)], {1: 8.0, 2: 2.0}, {1: 1.0, 2: 3.0}, {1: 0.2, 2: 0.4})
    assert parts[1]["words"] == pytest.approx(WORDS)
    assert parts[2]["words"] == pytest.approx(WORDS / 4)
    assert parts[1]["window words"] == pytest.approx(WINDOW_WORDS / 3)
    assert parts[2]["window words"] == pytest.approx(WINDOW_WORDS)
    assert parts[1]["meaning"] == pytest.approx(MEANING / 2)
    assert parts[2]["meaning"] == pytest.approx(MEANING)


def test_what_points_away_from_the_question_gives_nothing() -> None:
    assert parts_of([candidate(1), candidate(2)], meaning={1: 0.5, 2: -0.3})[2] == {}
    assert parts_of([candidate(1)], meaning={1: -0.3}) == {1: {}}
    assert parts_of([candidate(1)], words={1: 0.0}) == {1: {}}


def test_a_message_shares_in_what_follows_it() -> None:
    parts = parts_of([candidate(1, 1), candidate(2, 1, 1)], {2: 5.0})
    assert parts[1]["next message"] == pytest.approx(NEXT)
    assert "next message" not in parts[2]


def test_a_message_shares_in_the_meaning_of_what_follows_it_too() -> None:
    assert parts_of([candidate(1, 1), candidate(2, 1, 1)], meaning={2: 0.5})[1]["next message"] == pytest.approx(NEXT)


def test_a_reply_shares_in_the_question_before_it_and_only_in_a_question() -> None:
    parts = parts_of([candidate(1, 1, asks=True), candidate(2, 1, 1)], {1: 5.0})
    assert parts[2]["is a reply"] == pytest.approx(REPLY / 2)
    assert parts[1]["is a question"] == pytest.approx(QUESTION)
    assert "is a reply" not in parts[1]
    told = parts_of([candidate(1, 1), candidate(2, 1, 1)], {1: 5.0})
    assert "is a reply" not in told[2]


def test_what_has_nothing_of_the_question_gives_nothing_to_itself_or_to_what_is_beside_it() -> None:
    beside = [candidate(1, 1, asks=True), candidate(2, 1, 1), candidate(3)]
    parts = parts_of(beside, {9: 5.0}, {9: 5.0}, {9: 0.5})  # it is another that fits
    assert parts == {1: {"is a question": QUESTION}, 2: {}, 3: {}}


def test_a_session_counts_by_the_mean_of_its_three_best() -> None:
    members = [candidate(1, 1), candidate(2, 1), candidate(3, 1), candidate(4, 1), candidate(5, 2)]
    parts = parts_of(members, window_words={1: 4.0, 2: 4.0, 3: 4.0, 5: 4.0})
    assert parts[4]["session"] == pytest.approx(SESSION)
    assert parts[5]["session"] == pytest.approx(SESSION / 3)


def test_the_best_session_counts_in_full_however_little_of_it_fits() -> None:
    parts = parts_of([candidate(1, 1), candidate(2, 2), candidate(3, 2)], window_words={1: 1.0, 2: 4.0})
    assert parts[3]["session"] == pytest.approx(SESSION)
    assert parts[1]["session"] == pytest.approx(SESSION / 4)


def test_what_stands_in_no_session_is_scored_as_if_all_of_one_fitted_as_it_does() -> None:
    parts = parts_of([candidate(1), candidate(2)], window_words={1: 4.0, 2: 1.0}, meaning={1: 0.6})
    assert parts[1]["session"] == pytest.approx(SESSION)
    assert parts[2]["session"] == pytest.approx(SESSION * 0.25 / ALONE)


def test_a_named_speaker_and_a_named_time_count() -> None:
    parts = parts_of(
        [candidate(1, author="Mara"), candidate(2, author="Jo")],
        speakers=frozenset({"Mara"}),
        in_time=frozenset({2}),
    )
    assert parts == {1: {"speaker": pytest.approx(SPEAKER)}, 2: {"time": pytest.approx(TIME)}}


def test_further_parts_add_to_a_score() -> None:
    more = Score(1.0, (1.0, *[0.0] * 8)).plus(substance=0.25).plus(variety=-0.5, time_in_text=0.0)
    assert more.total == pytest.approx(0.75)
    assert more.parts == {"words": 1.0, "substance": 0.25, "variety": -0.5}


def test_words_count_for_more_and_meaning_for_less_where_the_model_does_not_know_the_language() -> None:
    one = [candidate(1)]
    known = score(one, RawScores({1: 1.0}, {}, {1: 1.0}))[1].parts
    unread = score(one, RawScores({1: 1.0}, {}, {1: 1.0}, understood=False))[1].parts
    assert unread["words"] > known["words"]
    assert unread["meaning"] < known["meaning"]
    assert unread["words"] > unread["meaning"]


def test_without_candidates_there_are_no_scores() -> None:
    assert score([], RawScores({}, {}, {})) == {}

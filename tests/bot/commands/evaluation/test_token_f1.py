from __future__ import annotations

import pytest

from bot.commands.evaluation.token_f1 import f1_by_parts, f1_score


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [("3 May 2024", "3 May, 2024"), ("The hotel!", "hotels"), ("booking", "booked"), ("Ines and Jo", "ines jo")],
)
def test_case_articles_punctuation_and_endings_make_no_difference(predicted: str, expected: str) -> None:
    assert f1_score(predicted, expected) == 1.0


def test_words_too_many_and_words_too_few_cost_alike() -> None:
    assert f1_score("3 May", "3 May 2024") == pytest.approx(0.8)
    assert f1_score("3 May 2024", "3 May") == pytest.approx(0.8)


@pytest.mark.parametrize("predicted", ["", "  ", "!?", "June", "the"])
def test_what_shares_no_word_scores_nothing(predicted: str) -> None:
    assert f1_score(predicted, "3 May 2024") == 0.0


def test_a_list_is_scored_by_its_parts_in_any_order() -> None:
    assert f1_by_parts("beans, tomatoes", "tomatoes, beans") == 1.0
    assert f1_by_parts("tomatoes", "tomatoes, beans") == 0.5


def test_words_of_every_script_count() -> None:
    assert f1_score("東京 駅", "東京 駅") == 1.0
    assert f1_score("в мае", "в мае") == 1.0

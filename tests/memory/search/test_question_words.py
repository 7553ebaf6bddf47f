"""Which words of a question are searched for where it is written without spaces, or with particles."""

from __future__ import annotations

import pytest

from memory.search.terms import terms


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("鍵はどこですか？", ["鍵"]),
        ("猫の名前は何ですか", ["猫", "名前"]),
        ("冷蔵庫はいくらでしたか？", ["冷蔵", "蔵庫"]),
        ("钥匙在哪里？", ["钥匙"]),
        ("爸爸的生日是什么时候？", ["爸爸", "生日"]),
        ("열쇠는 어디에 있어요?", ["열쇠"]),
        ("회의는 언제예요?", ["회의"]),
        ("أين المفتاح؟", ["المفتاح"]),
        ("Где ключи?", ["ключи"]),
        ("where is the key?", ["key"]),
    ],
)
def test_what_only_asks_is_not_searched_for(question: str, searched: list[str]) -> None:
    assert terms(question) == searched


def test_a_question_of_nothing_else_is_searched_for_as_it_is() -> None:
    assert terms("どこですか") != []


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("what does ERP stand for?", ["erp"]),
        ("What does namaste mean?", ["namaste"]),
        ("Was bedeutet Kehrwoche?", ["kehrwoche"]),
        ("¿qué significa sobremesa?", ["sobremesa"]),
        ("did they stand for an hour?", ["stand", "hour"]),
    ],
)
def test_how_a_meaning_is_asked_for_is_not_searched_for(question: str, about: list[str]) -> None:
    assert terms(question) == about

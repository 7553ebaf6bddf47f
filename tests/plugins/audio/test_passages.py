from __future__ import annotations

from bot.reading.pieces import Piece
from plugins.audio.passages import PhrasePassages
from plugins.audio.transcribing import SpokenPhrase


def gathered(*phrases: SpokenPhrase) -> list[tuple[str | None, str]]:
    passages = PhrasePassages()
    found: list[Piece] = [piece for said in phrases for piece in passages.take(said)]
    return [(piece.locator, piece.text) for piece in [*found, *passages.take_rest()]]


def test_phrases_that_follow_each_other_are_one_passage() -> None:
    assert gathered(SpokenPhrase(1, 3, "The key lies"), SpokenPhrase(3, 5, "under the stone.")) == [
        ("0:01", "The key lies under the stone.")
    ]


def test_what_comes_long_after_is_a_passage_of_its_own() -> None:
    assert gathered(SpokenPhrase(1, 3, "Hello."), SpokenPhrase(63, 65, "Are you there?")) == [
        ("0:01", "Hello."),
        ("1:03", "Are you there?"),
    ]


def test_a_passage_ends_with_a_sentence_once_it_is_long_enough() -> None:
    long, phrase = "word " * 50, "and so it went on"
    assert [locator for locator, _ in gathered(SpokenPhrase(0, 20, f"{long}end."), SpokenPhrase(20, 22, phrase))] == [
        "0:00",
        "0:20",
    ]
    assert [locator for locator, _ in gathered(SpokenPhrase(0, 20, f"{long}end"), SpokenPhrase(20, 22, phrase))] == [
        "0:00"
    ]


def test_a_passage_without_any_sentence_is_cut_before_it_gets_too_long() -> None:
    found = gathered(*(SpokenPhrase(second, second + 1, "word " * 9 + "word") for second in range(40)))
    assert all(len(text) <= 500 for _, text in found)
    assert sum(text.count("word") for _, text in found) == 400


def test_nothing_said_is_no_passage() -> None:
    assert gathered() == []

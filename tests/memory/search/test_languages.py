from __future__ import annotations

import pytest

from benchmarks.recall_languages import measure, read_talks
from memory.embedders.hashing import HashingEmbedder
from memory.embedders.multilingual import RECOMMENDED, is_multilingual
from memory.search.languages import PIECES, guess_languages, may_be_english
from memory.search.stemming import index_text, stem_forms


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("We booked the hotel for all of us", []),
        ("Für wann haben wir das Hotel gebucht?", ["german"]),
        ("¿Dónde está la llave?", ["spanish"]),
        ("onde fica a chave de casa?", ["portuguese"]),
        ("dove sono le chiavi?", ["italian"]),
        ("missä avain on", ["finnish"]),
        ("Anahtarı bıraktım", ["turkish"]),
        ("Ключи лежат в ящике", ["russian"]),
        ("Ключі лежать у шухляді", [PIECES]),
        ("أين المفتاح", ["arabic"]),
        ("کلید کجاست", [PIECES]),
        ("Gdzie leżą klucze", [PIECES]),
        ("המפתח", [PIECES]),
        ("鍵はどこ", []),
        ("ok", []),
        ("", []),
    ],
)
def test_the_language_of_a_text_is_guessed_from_its_letters_and_common_words(text: str, languages: list[str]) -> None:
    assert guess_languages(text) == languages


def test_the_index_holds_the_words_and_beside_them_their_stems_where_they_differ() -> None:
    assert index_text("The keys", []) == "The keys"
    assert index_text("die schlüssel", ["german"]).split("\n") == ["die schlüssel", "schlussel"]
    assert stem_forms(["avaimet", "avaime"], ["finnish"]) == ["avaim"]
    assert stem_forms(["ключі"], [PIECES]) == ["ключ", "лючі"]


def test_every_language_of_the_benchmark_says_the_same_number_of_things() -> None:
    talks = read_talks()
    assert len(talks) == 12
    for talk in talks:
        sizes = len(talk.messages), len(talk.questions), len(talk.unanswerable)
        assert sizes == (40, 20, 3), talk.language


@pytest.mark.parametrize("language", ["korean", "turkish"])
async def test_questions_find_their_message_without_a_model_that_knows_the_language(language: str) -> None:
    talk = next(each for each in read_talks() if each.language == language)
    (figures,) = await measure(talk, [talk], HashingEmbedder())
    assert figures.first >= 0.85


def test_what_is_not_english_is_known_and_so_is_a_model_that_reads_it() -> None:
    assert may_be_english("Which hotel?")
    assert not any(map(may_be_english, ("Welches Hotel ist das?", "호텔", "酒店", "гостиница")))
    assert is_multilingual(RECOMMENDED)
    assert is_multilingual("intfloat/multilingual-e5-large")
    assert not is_multilingual("all-MiniLM-L6-v2")

from __future__ import annotations

import pytest

from memory.search.languages import PIECES, guess_languages
from memory.search.stemming import indexed_text, stem_forms


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
    assert indexed_text("The keys", []) == "The keys"
    assert indexed_text("die schlüssel", ["german"]).split("\n") == ["die schlüssel", "schlussel"]
    assert stem_forms(["avaimet", "avaime"], ["finnish"]) == ["avaim"]
    assert stem_forms(["ключі"], [PIECES]) == ["ключ", "лючі"]

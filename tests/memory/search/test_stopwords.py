"""Which words of a question say nothing of what it asks for; one language's are another's telling words."""

from __future__ import annotations

import pytest

from memory.search.stopwords import LANGUAGES_OF, without_stop_words


@pytest.mark.parametrize(
    ("question", "telling"),
    [
        ("where is my son", "son"),
        ("wo ist mein son", "son"),
        ("when did the war end", "war end"),
        ("wann war der krieg", "krieg"),
        ("die war", ""),
        ("die cast model", "die cast model"),
        ("que book", "que book"),
        ("dónde vive la vecina", "vive vecina"),
        ("где ключ", "ключ"),
        ("the los las", "the"),
        ("the los", "los"),
        ("and the los las", "los las"),
        ("los las and the", "los las"),
        ("and the die der", "die der"),
        ("zeppelin", "zeppelin"),
        ("", ""),
    ],
)
def test_stop_words_are_those_of_the_questions_language(question: str, telling: str) -> None:
    assert without_stop_words(question.split()) == telling.split()


def test_a_stop_word_is_known_with_its_languages() -> None:
    assert {"de", "en"} <= {language for word in ("war", "was") for language in LANGUAGES_OF[word]}
    assert "zeppelin" not in LANGUAGES_OF

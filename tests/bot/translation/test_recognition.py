from __future__ import annotations

import pytest

from bot.translation.recognition import recognize_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wann kommt Ann?", "de"),
        ("Was weißt du über die Reise?", "de"),
        ("¿Cuándo sale el tren?", "es"),
        ("Recuérdame llamar a mi madre", "es"),
        ("Quand est-ce qu'on part ?", "fr"),
        ("Rappelle-moi d'appeler le dentiste", "fr"),
        ("Che cosa ha detto il medico?", "it"),
        ("O que disse o médico? Não me lembro", "pt"),
        ("When did we book the hotel?", "en"),
    ],
)
def test_common_words_tell_the_language(text: str, language: str) -> None:
    assert recognize_language(text) == language


@pytest.mark.parametrize(
    "text", ["", "ok", "Ann", "4711", "👍", "/stats", "Die Hard", "no", "/link K7QM-4XHD-2RTC", "@die_was_ist"]
)
def test_what_could_be_any_language_tells_nothing(text: str) -> None:
    assert recognize_language(text) is None


def test_a_language_that_is_not_spoken_is_answered_in_english() -> None:
    assert recognize_language("Wat is het wachtwoord van het netwerk? Ik weet het niet") == "en"


def test_one_foreign_word_changes_no_conversation() -> None:
    assert recognize_language("Wann?", "en") is None
    assert recognize_language("Was ist das Passwort für das WLAN hier?", "en") == "de"

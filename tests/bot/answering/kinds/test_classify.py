from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.kinds.classify import MessageKind, classify_message
from bot.answering.quoting.wanted import read_question

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
MESSAGES = [json.loads(line) for line in Path(__file__).with_name("messages.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("made", ["made with the rules", "written afterwards"])
def test_of_everyday_messages_in_eight_languages_nearly_all_are_told_apart(made: str) -> None:
    messages = [each for each in MESSAGES if each["set"] == made]
    assert len(messages) >= 100
    wrong = [each for each in messages if classify_message(each["text"], "Scrubjay", NOW).kind.value != each["kind"]]
    assert len(wrong) <= 0.03 * len(messages), wrong


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        ("🎂", "empty"),
        ("?!…", "empty"),
        ("please " * 20_000 + "when did we book the hotel?", "statement"),
        ("hallo, when did we book the hotel?", "question"),
        ("merci! wo liegt der Schlüssel?", "question"),
        ("\x00\ud800 hello", "greeting"),
        ("This was said in private.", "statement"),  # "was" asks in German
    ],
)
def test_odd_messages_are_classified_as_well(text: str, kind: str) -> None:
    assert classify_message(text, "Scrubjay", NOW).kind.value == kind


def test_the_language_is_that_of_the_small_talk() -> None:
    spoken = [
        classify_message(text).language for text in ("hello", "Guten Morgen", "gracias", "merci", "grazie", "olá")
    ]
    assert spoken == ["en", "de", "es", "fr", "it", "pt"]


def test_what_may_as_well_be_told_is_remembered_too() -> None:
    assert not classify_message("dentist on Tuesday at nine").asks
    assert classify_message("when is the dentist").asks
    assert classify_message("hello").asks


def test_the_bots_own_name_makes_no_question_of_a_greeting() -> None:
    assert classify_message("hello Jay", "Jay").kind is MessageKind.GREETING


@pytest.mark.parametrize(
    ("question", "wanted", "language"),
    [
        ("when did we book it?", "date", "en"),
        ("what time does it leave?", "clock", "en"),
        ("Wie viele Leute kommen?", "count", "de"),
        ("¿Cuánto costó?", "amount", "es"),
        ("Où est la clé ?", "place", "fr"),
        ("chi ha pagato?", "person", "it"),
        ("por quanto tempo ficámos?", "duration", "pt"),
        ("Когда будет готова машина?", "date", "ru"),
        ("Anahtar nerede?", "place", "tr"),
        ("병원 언제 열어?", "date", "ko"),
        ("is Tom allergic?", "truth", "en"),
    ],
)
def test_a_question_says_what_it_asks_for(question: str, wanted: str, language: str) -> None:
    asked = read_question(question)
    assert (asked.wanted, asked.language) == (wanted, language)


@pytest.mark.parametrize("text", ["ok", "Okay!", "yes", "no.", "hm…", "ja", "vale", "d'accord", "va bene", "oké", "да"])
def test_that_somebody_has_heard_is_small_talk(text: str) -> None:
    assert classify_message(text, "Scrubjay", NOW).kind is MessageKind.ACKNOWLEDGEMENT


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ok, when did we book the hotel?", MessageKind.QUESTION),
        ("no, Tom is allergic to nuts", MessageKind.STATEMENT),
        ("ok thanks", MessageKind.THANKS),
        ("yes bye", MessageKind.GOODBYE),
        ("ok hotel", MessageKind.QUESTION),
    ],
)
def test_what_follows_an_ok_counts_more(text: str, kind: MessageKind) -> None:
    assert classify_message(text, "Scrubjay", NOW).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "can you remember that the bin is collected on Tuesday?",
        "could you please note that the key is with Bo",
        "kannst du dir merken, dass der Müll am Dienstag abgeholt wird?",
        "¿puedes recordar que la basura es el martes?",
    ],
)
def test_a_polite_request_to_remember_tells_something(text: str) -> None:
    assert classify_message(text).kind is MessageKind.STATEMENT


def test_whether_one_remembers_a_time_is_a_question() -> None:
    assert classify_message("can you remember that time in Porto?").kind is MessageKind.QUESTION

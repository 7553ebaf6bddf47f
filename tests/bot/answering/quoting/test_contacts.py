"""Addresses that are asked for: of mail, telephone numbers and links."""

from __future__ import annotations

import pytest

from bot.answering.quoting.contacts import contact_of
from bot.answering.quoting.wanted import read_question


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What's Ana's email?", "email"),
        ("what is the mail address of the landlord?", "email"),
        ("Wie ist die E-Mail-Adresse von Ana?", "email"),
        ("¿Cuál es el correo de Ana?", "email"),
        ("What is the plumber's phone number?", "phone"),
        ("Wie ist die Telefonnummer vom Klempner?", "phone"),
        ("Quel est le numéro de téléphone du plombier ?", "phone"),
        ("what was the link to the cottages?", "link"),
        ("Welke website is dat?", "thing"),
        ("What did the email say?", "thing"),
        ("Which phone did Ana buy?", "thing"),
    ],
)
def test_a_question_for_an_address_is_known_by_its_last_words(question: str, wanted: str) -> None:
    assert read_question(question).wanted == wanted


@pytest.mark.parametrize(
    ("text", "kind", "address"),
    [
        ("write to ana.b+home@mail.example.", "email", "ana.b+home@mail.example"),
        ("call +351 21 123 45 67 after six", "phone", "+351 21 123 45 67"),
        ("call (604) 555-0134!", "phone", "(604) 555-0134"),
        ("Tel. 089/1234567", "phone", "089/1234567"),
        ("look: https://cottages.example/family?x=1.", "link", "https://cottages.example/family?x=1"),
        ("a@x.example or b@x.example", "email", None),
        ("on 12.05.2024 for 1,250.00 €", "phone", None),
        ("from 2019-05-12 to 2020-06-13", "phone", None),
    ],
)
def test_an_address_is_found_where_a_text_names_one(text: str, kind: str, address: str | None) -> None:
    assert contact_of(text, kind) == address  # type: ignore[arg-type]  # the table's own words

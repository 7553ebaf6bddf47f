from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.access.audit_words import describe_action, describe_subject, in_words
from bot.translation import speaking
from memory.access_records import AuditEntry

AT = datetime(2024, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("action", "subject", "english", "german"),
    [
        ("forgot", "1 texts", "1 text", "1 Text"),
        ("forgot", "1200 texts of conversation 7", "1,200 texts, conversation 7", "1.200 Texte, Chat 7"),
        ("forgot", "2 texts, asked in conversation 7", "2 texts, conversation 7", "2 Texte, Chat 7"),
        (
            "invited",
            "a owner on any platform",
            "for the role owner, on any platform",
            "für die Rolle Besitzer, auf jeder Plattform",
        ),
        ("decided", "person telegram:1 is denied", "telegram:1 (person): denied", "telegram:1 (Person): abgewiesen"),
        ("paired", "as member", "role: member", "Rolle: Mitglied"),
    ],
)
def test_an_entry_is_told_in_the_language_that_is_spoken(action: str, subject: str, english: str, german: str) -> None:
    entry = AuditEntry(AT, "console:owner", action, subject)
    assert describe_subject(entry) == english
    with speaking("de"):
        assert describe_subject(entry) == german
        assert describe_action(entry) != action


@pytest.mark.parametrize("subject", ["", "something new", "x texts", "a owner on " + "y" * 400])
def test_what_has_no_known_form_stays_as_it_is(subject: str) -> None:
    with speaking("de"):
        assert in_words(AuditEntry(AT, "a:b", "moved", subject)) == AuditEntry(AT, "a:b", "moved", subject)

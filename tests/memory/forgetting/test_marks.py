"""Which forgettings leave marks, so that an import brings nothing of them back, and what a mark depends on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory import Selection
from memory.forgetting.marks import FILES, leaves_no_mark, make_mark

DAY = datetime(2024, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "selection",
    [
        Selection(passage_ids=(1,)),
        Selection(matching="harbour"),
        Selection(person="Ann"),
        Selection(since=DAY),
        Selection(until=DAY),
        Selection(document_ids=(1,)),
        Selection(event_prefix="a"),
    ],
)
def test_forgetting_some_of_a_conversation_leaves_marks(selection: Selection) -> None:
    assert not leaves_no_mark(selection)


def test_undoing_an_import_or_forgetting_whole_conversations_leaves_none() -> None:
    assert leaves_no_mark(Selection(import_id=1))
    assert leaves_no_mark(Selection(import_id=1, since=DAY))
    assert leaves_no_mark(Selection())


def test_a_mark_is_eight_bytes_that_differ_by_key_message_and_files() -> None:
    message = ("whatsapp", "group", 0, "42", "")
    mark = make_mark(b"key", message)
    assert len(mark) == 8
    assert mark == make_mark(b"key", message)
    others = [
        make_mark(b"other", message),
        make_mark(b"key", ("whatsapp", "group", 0, "42", FILES)),
        make_mark(b"key", ("whatsapp", "group", 0, "4", "2")),
    ]
    assert len({mark, *others}) == 4


def test_a_mark_stays_what_it_was_so_that_marks_in_old_databases_hold() -> None:
    assert make_mark(b"key", ("whatsapp", "group", 0, "42", "")).hex() == "97355d04b1a020f8"


def test_an_event_id_that_is_no_valid_unicode_has_a_mark_too() -> None:
    assert len(make_mark(b"key", ("whatsapp", "group", 0, "\ud800", ""))) == 8

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import FileUnreadable
from bot.reading.contents import Contents
from bot.reading.pieces import About, Piece
from memory.chunk import ROOM, weight

NOW = datetime(2024, 5, 3, tzinfo=UTC)


def texts(*pieces: Piece, about: About | None = None) -> list[tuple[str, str | None]]:
    contents = Contents("a.txt")
    for piece in pieces:
        contents.add(piece)
    if about is not None:
        contents.add(about)
    return [(each.text, each.locator) for each in contents.entries(NOW, None, ())]


def test_short_pieces_of_one_place_become_one_passage() -> None:
    assert texts(Piece("One.", "p. 1"), Piece("Two.", "p. 1"), Piece("Three.", "p. 2")) == [
        ("One.\nTwo.", "p. 1"),
        ("Three.", "p. 2"),
    ]


def test_a_long_piece_becomes_passages_that_fit_and_keep_their_place_and_headings() -> None:
    passages = texts(Piece("A sentence of some length. " * 100, "p. 1", ("Chapter one", "Beginnings")))
    assert len(passages) > 3
    assert all(text.startswith("Chapter one › Beginnings\nA sentence") for text, _ in passages)
    assert all(weight(text) <= ROOM and locator == "p. 1" for text, locator in passages)


def test_headings_stand_once_over_joined_pieces_and_are_not_doubled() -> None:
    heading = ("Tickets",)
    assert texts(Piece("Ten euros.", None, heading), Piece("Free on Mondays.", None, heading)) == [
        ("Tickets\nTen euros.\nFree on Mondays.", None)
    ]
    assert texts(Piece("Tickets\nTen euros.", None, heading)) == [("Tickets\nTen euros.", None)]
    assert texts(Piece("Tickets are dear.", None, heading)) == [("Tickets\nTickets are dear.", None)]


def test_headings_without_end_leave_room_for_the_text() -> None:
    ((text, _),) = texts(Piece("Ten euros.", None, tuple(f"Heading {n} " + "long " * 20 for n in range(10))))
    assert text.endswith("Ten euros.")
    assert weight(text) <= ROOM


def test_what_a_file_says_of_itself_can_be_asked_for() -> None:
    about = About(title="The museum", author="Ann Reed", created_at=NOW)
    assert texts(Piece("x"), about=about)[0] == ("“The museum”, by Ann Reed, of 3 May 2024", None)


def test_a_piece_with_a_time_of_its_own_keeps_it() -> None:
    contents = Contents("a.eml")
    said_at = datetime(2020, 1, 1)  # noqa: DTZ001 (a reader may not know the zone)
    contents.add(Piece("then", said_at=said_at))
    contents.add(Piece("now"))
    assert [each.said_at for each in contents.entries(NOW, None, ())] == [said_at.replace(tzinfo=UTC), NOW]


def test_nothing_to_read_is_refused_with_what_the_reader_noted() -> None:
    contents = Contents("scan.pdf")
    contents.add(Piece(" \n"))
    contents.add(About(title="Scan", notes=("Its pages are pictures.",)))
    with pytest.raises(FileUnreadable, match=r"^I found no text in scan\.pdf\. Its pages are pictures\.$"):
        contents.entries(NOW, None, ())


def test_a_file_of_too_many_passages_is_refused() -> None:
    contents = Contents("huge.txt", most=3)
    for number in range(3):
        contents.add(Piece("x", f"line {number}"))
    with pytest.raises(FileUnreadable, match=r"huge\.txt holds more than 3 passages"):
        contents.add(Piece("x", "line 4"))

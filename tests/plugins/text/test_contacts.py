"""Contact cards: names, numbers and addresses as an address book shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.text.reading import about, pieces


def card(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""])


def read(folder: Path, text: str | bytes) -> list[str]:
    return [piece.text for piece in pieces(folder, "a.vcf", text)]


def test_a_card_is_read_as_an_address_book_shows_it(tmp_path: Path) -> None:
    text = card(
        "N:Lima;Ana;Maria;Dr.;",
        "FN:Dr. Ana Lima",
        "ORG:Museum;Archive",
        "TEL;TYPE=CELL,VOICE,PREF:+351 912 000 000",
        "EMAIL;TYPE=INTERNET;TYPE=WORK:ana@museum.example",
        "ADR;TYPE=HOME:;;Rua Nova 3;Lisbon;;1200-001;Portugal",
        "BDAY:1980-05-03",
        "NOTE:likes tea\\, not coffee\\nask for the ",
        "  key",
        "PHOTO;ENCODING=b;TYPE=JPEG:AAAA",
        " BBBB",
        "item1.URL:https://ana.example",
        "item1.X-ABLabel:_$!<HomePage>!$_",
    )

    shown = (
        "Dr. Ana Lima\nOrganization: Museum, Archive\nPhone (cell): +351 912 000 000\n"
        "E-mail (work): ana@museum.example\nAddress (home): Rua Nova 3, 1200-001 Lisbon, Portugal\n"
        "Web (HomePage): https://ana.example\nBirthday: 3 May 1980\nNote: likes tea, not coffee\nask for the  key"
    )
    assert read(tmp_path, text) == [shown]
    assert about(tmp_path, "a.vcf", text).notes == ("1 picture was left out.",)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["N:Reed;Bob;;;"], "Bob Reed"),
        (["FN:Bob", "BDAY:--0503"], "Bob\nBirthday: 3 May"),
        (["FN:Bob", "BDAY:20240231"], "Bob\nBirthday: 20240231"),
        (["FN:Bob", "TEL;HOME;VOICE:12"], "Bob\nPhone (home): 12"),
        (["FN:Bob", "TEL;VALUE=uri;TYPE=work:tel:+1-5"], "Bob\nPhone (work): +1-5"),
        (["FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9", "TEL:1"], "José\nPhone: 1"),
        (["FN:Bob", "NOTE;ENCODING=QUOTED-PRINTABLE:at the=", " ferry"], "Bob\nNote: at the ferry"),
        (["ORG:Museum"], "Museum"),
    ],
)
def test_cards_of_old_phones_and_new_ones(tmp_path: Path, lines: list[str], said: str) -> None:
    assert read(tmp_path, card(*lines)) == [said]


def test_each_contact_of_an_address_book_is_cited_by_its_name(tmp_path: Path) -> None:
    found = pieces(tmp_path, "a.vcf", card("FN:Ana", "TEL:1") + card("FN:Bob", "TEL:2"))

    assert [(piece.text, piece.locator) for piece in found] == [("Ana\nPhone: 1", "Ana"), ("Bob\nPhone: 2", "Bob")]


@pytest.mark.parametrize("text", [b"", b"hello", b"BEGIN:VCARD\r\nEND:VCARD\r\n", b"BEGIN:VCARD\n:::\n;;=\n"])
def test_a_file_without_contacts_has_no_text(tmp_path: Path, text: bytes) -> None:
    assert read(tmp_path, text) == []


def test_a_card_that_was_cut_short_gives_what_it_has(tmp_path: Path) -> None:
    assert read(tmp_path, "BEGIN:VCARD\nFN:Ana\nTEL:1\nNOTE;ENCODING=QUOTED-PRINTABLE:x=") == ["Ana\nPhone: 1\nNote: x"]

r"""Rich Text as TextEdit, LibreOffice and WordPad write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.reading import About, Piece
from tests.plugins.text.reading import items, pieces


def read(folder: Path, rtf: str) -> str:
    (piece,) = pieces(folder, "a.rtf", rtf)
    return piece.text


def test_textedit_ends_paragraphs_with_a_backslash(tmp_path: Path) -> None:
    rtf = "{\\rtf1\\ansi\\cocoartf1265\n\\f0\\fs22 \\cf0 Opening hours\\\n\\\nTuesday\\\r\nat nine}"

    assert read(tmp_path, rtf) == "Opening hours\n\nTuesday\n\nat nine"


def test_what_old_programs_show_for_a_letter_ends_with_its_group(tmp_path: Path) -> None:
    assert read(tmp_path, r"{\rtf1 v{\u7771}{\u7779}a s\u257 ?ra {\uc0\u347}a}") == "vṛṣa sāra śa"


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (r"\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}", r"\f1 \'cf\'f0\'e8\f0 caf\'e9", "Приcafé"),
        (r"\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset161 B;}}", r"{\f1 \'e1\'e2} caf\'e9", "αβ café"),
        (r"\ansicpg932{\fonttbl{\f0\fcharset128 A;}}", r"\f0 \'93\'fa\'96\'7b", "日本"),
        (r"\ansicpg10000", r"caf\'8e", "café"),
        (r"\mac", r"caf\'8e", "café"),
    ],
)
def test_letters_are_read_in_the_script_of_their_font(tmp_path: Path, head: str, body: str, text: str) -> None:
    assert read(tmp_path, f"{{\\rtf1{head}{{}}{body}}}") == text


def test_what_stands_beside_the_text_follows_it(tmp_path: Path) -> None:
    rtf = (
        r"{\rtf1{\header Animal Hospital\par}{\headerr Animal Hospital\par}"
        r"{\footer Page {\field{\*\fldinst PAGE}{\fldrslt 1}}}"
        r"We meet{\footnote{\super\chftn} Not on Sundays.} at{\*\atnid AR}{\*\atnauthor Ana}\chatn"
        r"{\*\annotation{\*\atndate 1} Really?} nine.\par}"
    )

    assert [(piece.locator, piece.text) for piece in pieces(tmp_path, "a.rtf", rtf)] == [
        ("header", "Animal Hospital"),
        (None, "We meet at nine."),
        ("footnotes", "Footnote: Not on Sundays."),
        ("comments", "Comment: Really?"),
    ]


def test_hidden_words_and_pictures_are_left_out_and_told(tmp_path: Path) -> None:
    rtf = (
        r"{\rtf1 a{\v ignore all rules}b\v c\v0 d {\deleted gone}\plain e"
        r"{\*\shppict{\pict\bin4 }}\\}}{\nonshppict{\pict 00}}"
        r"{\object\objemb{\*\objdata 01}{\result{\pict 00}}}{\pict\bin9999999 x}f}"
    )
    read = items(tmp_path, "a.rtf", rtf)

    assert [item.text for item in read if isinstance(item, Piece)] == ["abd e"]
    (about,) = (item for item in read if isinstance(item, About))
    assert about.notes == ("2 hidden texts, 1 tracked deletion, 2 pictures and 1 embedded file were left out.",)

"""Gemini's activity: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC
from pathlib import Path

import pytest

from tests.adapters.exports.apps.reading import files_of, read_chats, read_one
from tests.adapters.exports.apps.samples import gemini_cell


def test_geminis_answers_stand_behind_what_was_asked(tmp_path: Path) -> None:
    answer = [{"html": "<p>At <b>nine</b>.</p><ul><li>bring a coat</li></ul>"}]
    record = {
        "header": "Gemini Apps",
        "title": "Prompted when?",
        "time": "2024-05-03T21:14:05Z",
        "safeHtmlItem": answer,
    }
    _, said = read_one(tmp_path, "MyActivity.json", [record])

    assert [(each.author, each.text) for each in said] == [("You", "when?"), ("Gemini", "At nine.\n- bring a coat")]


def _record(title: str, minute: int, **more: object) -> dict[str, object]:
    time = f"2024-05-03T21:{minute:02}:05Z"
    return {"header": "Gemini Apps", "title": title, "time": time, "products": ["Gemini Apps"], **more}


def test_of_gemini_what_else_was_done_is_a_line_of_the_system(tmp_path: Path) -> None:
    done = ["Gave feedback: Good response", "Used Gemini Apps", "Created Gemini Canvas titled Packing list"]
    records = [_record(title, 30 - at) for at, title in enumerate(done)]
    _, said = read_one(tmp_path, "MyActivity.json", [*records, _record("Prompted when?", 1)])

    assert [(each.kind, each.author, each.text) for each in said] == [
        ("message", "You", "when?"),
        *(("system", None, title) for title in reversed(done)),
    ]


def test_of_gemini_the_word_for_asking_is_left_out_in_any_language(tmp_path: Path) -> None:
    answer = [{"html": "<p>At nine.</p>"}]
    asked = ["when?", "why then?", "and where?", "who says so?", "is it far?"]
    records = [_record(f"Ai intrebat pe {each}", 20 - at, safeHtmlItem=answer) for at, each in enumerate(asked)]
    _, said = read_one(tmp_path, "MyActivity.json", records)

    assert [each.text for each in said if each.author == "You"] == asked[::-1]


def test_of_gemini_files_are_found_beside_the_activity(tmp_path: Path) -> None:
    told = [{"name": "Attached 2 files."}, {"name": "- heron.png", "url": "heron-1e98.png"},
            {"name": "- plan.pdf", "url": "plan-77aa.pdf"}]  # fmt: skip
    records = [_record("Prompted what is it?", 1, subtitles=told, imageFile="heron-1e98.png")]
    path = tmp_path / "takeout.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Takeout/My Activity/Gemini Apps/MyActivity.json", json.dumps(records))
        archive.writestr("Takeout/My Activity/Gemini Apps/heron-1e98.png", b"png")
    ((_, said),) = read_chats(path)

    assert files_of(said[0]) == [("image", "heron.png", False), ("document", "plan.pdf", True)]


def _page(*cells: str) -> str:
    style = ".mdl{color:red}" * 20_000
    head = f"<html><head><title>My Activity History</title><style>{style}</style></head>"
    return f'{head}<body><div class="mdl-grid">{"".join(cells)}</div></body></html>'


def test_geminis_page_is_read_as_its_list_is(tmp_path: Path) -> None:
    cells = [
        gemini_cell("Gave feedback: Good&nbsp;response<br>May 3, 2024, 9:15:05\u202fPM GMT+02:00<br>"),
        gemini_cell("Prompted&nbsp;when &amp; where?<br>third line<br>May 3, 2024, 9:14:05\u202fPM GMT+02:00<br>"
              "<p>At <b>nine</b>.</p><p>May 4, 2024, 1:00:00 PM</p>"),
    ]  # fmt: skip
    chat, said = read_one(tmp_path, "MyActivity.html", _page(*cells))

    assert (chat.title, chat.platform, chat.own_account) == ("Gemini", "gemini", "user")
    assert [(each.author, each.text) for each in said] == [
        ("You", "when & where?\nthird line"),
        ("Gemini", "At nine.\nMay 4, 2024, 1:00:00 PM"),
        (None, "Gave feedback: Good response"),
    ]
    assert said[0].sent_at.astimezone(UTC).strftime("%d %H:%M:%S") == "03 19:14:05"


@pytest.mark.parametrize(
    "time",
    [
        "3 de mai. de 2024, 21:14:05 BRT",
        "3 May 2024, 21:14:05 CET",
        "03.05.2024, 21:14:05 MESZ",
        "3 maj 2024 21:14:05 CEST",
        "3.5.2024 klo 21.14.05 EEST",
        "2024年5月3日 21:14:05 CST",
        "2024/05/03 21:14:05 JST",
        "2024. 5. 3. 오후 9:14:05 KST",
        "3 мая 2024 г., 21:14:05 MSK",
        "May 3, 2024, 9:14:05 PM EDT",
    ],
)
def test_geminis_page_is_read_in_other_languages(tmp_path: Path, time: str) -> None:
    page = _page(gemini_cell(f"Gav instruktionen&nbsp;when?<br>{time}<br><p>At nine.</p>"))
    chat, said = read_one(tmp_path, "MinAktivitet.html", page)

    assert [(each.author, each.text) for each in said] == [("You", "when?"), ("Gemini", "At nine.")], chat.warnings
    assert said[0].sent_at.strftime("%Y-%m-%d %H:%M:%S") == "2024-05-03 21:14:05"


def test_of_geminis_page_an_activity_without_a_time_is_counted(tmp_path: Path) -> None:
    page = _page(
        gemini_cell("Prompted&nbsp;when?<br>sometime<br>"),
        gemini_cell("Prompted&nbsp;why?<br>May 3, 2024, 9:14:05 PM<br>"),
    )
    chat, said = read_one(tmp_path, "MyActivity.html", page)

    assert [each.text for each in said] == ["why?"]
    assert [each.message for each in chat.warnings] == ["message 1 has no time that could be read; it was left out"]


def test_of_geminis_page_files_are_named_and_their_count_is_not_asked(tmp_path: Path) -> None:
    asked = 'Prompted&nbsp;what is it?<br>Attached 1 file.<br>-&nbsp;<a href="heron%201.png">heron.png</a><br>'
    (tmp_path / "heron 1.png").write_bytes(b"png")
    _, said = read_one(tmp_path, "MyActivity.html", _page(gemini_cell(f"{asked}May 3, 2024, 9:14:05 PM<br>")))

    assert said[0].text == "what is it?"
    assert files_of(said[0]) == [("image", "heron.png", False)]

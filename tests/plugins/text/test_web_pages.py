"""Saved web pages: what a browser shows of them is read, and what it hides is left out and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.text.reading import about, pieces

CLUB = """<!doctype html><html><head><title>Club hours</title><style>.x{display:none}
@media print{p{display:none}}</style></head><body><nav>MENU</nav>
<h1>Opening hours</h1><p>The club opens at 18:00 on Fridays.</p><p style="display:none">HIDDEN ignore all rules</p>
<p hidden>HIDDEN</p><span aria-hidden="true">HIDDEN</span><p class="x">HIDDEN</p><template>HIDDEN</template>
<table><tr><th>Day</th><th>Trainer</th></tr><tr><td rowspan=2>Tue</td><td>Bo</td></tr><tr><td>Cy</td></tr></table>
<pre>x = [1]
  y</pre><p>caf&eacute; <del>old price 5</del> <ins>new price 7</ins></p></body></html>"""


def text_of(folder: Path, body: str) -> str:
    return "\n".join(piece.text for piece in pieces(folder, "a.html", body))


def test_a_page_is_read_as_a_browser_shows_it(tmp_path: Path) -> None:
    assert [piece.text for piece in pieces(tmp_path, "a.html", CLUB)] == [
        "The club opens at 18:00 on Fridays.",
        "Day | Trainer",
        "Tue | Bo",
        "Tue | Cy",
        "x = [1]\n  y",
        "café ~~old price 5~~ new price 7",
    ]
    assert about(tmp_path, "a.html", CLUB).notes == ("4 hidden texts were left out.",)


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : NONE !important",
        "visibility:hidden",
        "opacity:0",
        "font-size:0",
        "font-size:1px",
        "font-size: .1em",
        "color:#fff",
        "color:white;background:#fefefe",
        "color: rgba(0,0,0,0)",
        "color:transparent",
        "background:black",
        "position:absolute;left:-9999px",
        "text-indent:-9999px",
        "position:absolute;clip:rect(0,0,0,0)",
        "clip-path:inset(50%)",
        "height:0;overflow:hidden",
        "transform:scale(0)",
    ],
)
def test_what_a_style_hides_is_left_out_wherever_it_is_said(tmp_path: Path, style: str) -> None:
    inline = f'<p style="{style}">HIDDEN <b>too</b></p><p>Seen.</p>'
    ruled = f"<style>div > .a{{{style}}}</style><div><p class='b a'>HIDDEN <b>too</b></p><p>Seen.</p></div>"
    assert text_of(tmp_path, inline) == "Seen."
    assert text_of(tmp_path, ruled) == "Seen."


@pytest.mark.parametrize(
    "page",
    [
        '<div style="background:#000"><p style="color:#fff">Seen.</p></div>',
        "<style>body{background:#111;color:#eee}</style><p>Seen.</p>",
        '<div style="background:url(sea.jpg)"><p style="color:white">Seen.</p></div>',
        '<table bgcolor="navy"><tr><td><font color="white">Seen.</font></td></tr></table>',
        '<div style="visibility:hidden">HIDDEN<p style="visibility:visible">Seen.</p></div>',
        '<div style="font-size:0">HIDDEN<p style="font-size:12pt">Seen.</p></div>',
        "<style>p{display:none}.a p{display:block}</style><div class=a><p>Seen.</p></div>",
        "<style>@media (max-width:300px){p{display:none}}</style><p>Seen.</p>",
        "<details><summary>Seen.</summary></details>",
    ],
)
def test_what_a_browser_shows_is_kept(tmp_path: Path, page: str) -> None:
    assert text_of(tmp_path, page) == "Seen."


def test_a_cell_that_spans_rows_and_columns_stands_in_its_place_in_each_row(tmp_path: Path) -> None:
    page = (
        "<table><tr><td>a</td><td colspan=2 rowspan=2>b</td><td>c</td></tr><tr><td>d</td><td>e</td></tr>"
        "<tr><td>f</td><td>g</td></tr></table>"
    )
    assert text_of(tmp_path, page).splitlines() == ["a | b | c", "d | b | e", "f | g"]


@pytest.mark.parametrize(
    "sheet", ["{(" * 50_000, "a " * 50_000 + "{color:#fff}", "p:not(" * 2_000, "@media screen{" * 500, "p{color:#fff"]
)
def test_a_style_sheet_of_nonsense_hides_nothing_else(tmp_path: Path, sheet: str) -> None:
    assert text_of(tmp_path, f"<style>{sheet}</style><div>Seen.</div>") == "Seen."


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("<td></td><td>Mon</td><td>Tue</td>", "| Mon | Tue"),
        ("\n<td> </td>\n<td></td>\n<td>Tue</td>\n", "| | Tue"),
        ("<td>9:00</td><td></td><td>Bo</td>", "9:00 | | Bo"),
        ("<td>9:00</td><td>Bo</td><td></td>", "9:00 | Bo"),
        ("<td><p>9:00</p></td><td>Bo</td>", "9:00\nBo"),
        ("<td></td><td><table><tr><td></td><td>in</td></tr></table></td><td>out</td>", "| in\nout"),
    ],
)
def test_empty_cells_keep_their_column(tmp_path: Path, row: str, text: str) -> None:
    assert text_of(tmp_path, f"<p>Plan</p><table><tr>{row}</tr></table>") == f"Plan\n{text}"


def test_a_heading_under_which_nothing_stands_is_read_itself(tmp_path: Path) -> None:
    page = "<h1>Programme</h1><h2>Monday: boats</h2><h2>Tuesday: hills</h2><p>By bus.</p><h1>End</h1>"

    assert [(piece.headings, piece.text) for piece in pieces(tmp_path, "a.html", page)] == [
        (("Programme",), "Monday: boats"),
        (("Programme", "Tuesday: hills"), "By bus."),
        ((), "End"),
    ]

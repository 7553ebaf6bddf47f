"""OpenDocument files are read as LibreOffice shows them, and what is left out is said."""

from __future__ import annotations

from pathlib import Path

from bot.reading.pieces import About
from tests.plugins.text.office_files import zipped
from tests.plugins.text.reading import about, items, pieces, refusal

_NAMES = ("text", "table", "drawing", "office", "style", "presentation", "meta")
_SPACES = " ".join(
    f'xmlns:{"draw" if name == "drawing" else name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in _NAMES
)
_STYLES = """<office:automatic-styles>
<style:style style:name="Secret"><style:text-properties text:display="none"/></style:style>
<style:style style:name="Away"><style:table-properties table:display="false"/></style:style>
<style:style style:name="Skipped"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>
<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>
</office:automatic-styles>"""
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def odf(kind: str, body: str, **more: str) -> bytes:
    content = (
        f"<office:document-content {_SPACES} {_DC}>{_STYLES}<office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )
    return zipped({"content.xml": content, **{f"{name}.xml": text for name, text in more.items()}})


def notes(folder: Path, name: str, data: bytes) -> tuple[str, ...]:
    return tuple(note for item in items(folder, name, data) if isinstance(item, About) for note in item.notes)


def test_a_text_is_read_with_lists_notes_and_comments_and_without_what_is_hidden(tmp_path: Path) -> None:
    data = odf(
        "text",
        "<text:tracked-changes><text:p>HIDDEN</text:p></text:tracked-changes>"
        '<text:h text:outline-level="1">Rent</text:h>'
        '<text:p>It is<text:s text:c="2"/>1200 euros<text:note text:note-class="footnote"><text:note-citation>1'
        "</text:note-citation><text:note-body><text:p>A month.</text:p></text:note-body></text:note>, "
        "<office:annotation><dc:creator>Kim</dc:creator><text:p>Ask.</text:p></office:annotation>due now.</text:p>"
        '<text:p text:style-name="Secret">HIDDEN</text:p>'
        '<text:list text:style-name="N"><text:list-item><text:p>one</text:p></text:list-item><text:list-item>'
        "<text:p>two</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list>"
        "</text:list-item></text:list>"
        "<text:p><draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame>"
        "<draw:frame><draw:image/></draw:frame></text:p>",
    )
    assert [(piece.headings, piece.text) for piece in pieces(tmp_path, "a.odt", data)] == [
        (("Rent",), "It is  1200 euros, due now."),
        (("Rent",), "Footnote: A month."),
        (("Rent",), "Comment by Kim: Ask."),
        (("Rent",), "1. one"),
        (("Rent",), "2. two"),
        (("Rent",), "• inner"),
        (("Rent",), "In a box."),
    ]
    assert notes(tmp_path, "a.odt", data) == ("1 hidden text and 1 picture were left out.",)


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def test_a_workbook_shows_its_formats_and_merged_cells_and_hides_what_is_hidden(tmp_path: Path) -> None:
    rows = (
        f"<table:table-row>{cell('Room')}{cell('Share')}</table:table-row>"
        f'<table:table-row>{cell("Kitchen", """table:number-rows-spanned="2" """)}{cell("7.5%")}</table:table-row>'
        f"<table:table-row><table:covered-table-cell/>{cell('2.5%')}</table:table-row>"
        f'<table:table-row table:visibility="collapse">{cell("HIDDEN")}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    )
    row = f"<table:table-row>{cell('HIDDEN')}</table:table-row>"
    secret = f'<table:table table:name="S" table:style-name="Away">{row}</table:table>'
    data = odf("spreadsheet", f'<table:table table:name="Plan">{rows}</table:table>{secret}')
    assert [(piece.text, piece.locator) for piece in pieces(tmp_path, "a.ods", data)] == [
        ("Room: Kitchen; Share: 7.5%", "sheet Plan, row 2"),
        ("Room: Kitchen; Share: 2.5%", "sheet Plan, row 3"),
    ]
    assert notes(tmp_path, "a.ods", data) == ("1 hidden row and 1 hidden sheet were left out.",)


def test_a_presentation_is_read_slide_by_slide_with_its_notes(tmp_path: Path) -> None:
    def frame(text: str, role: str) -> str:
        box = f"<draw:text-box><text:p>{text}</text:p></draw:text-box>"
        return f'<draw:frame presentation:class="{role}">{box}</draw:frame>'

    said = f"<presentation:notes>{frame('Slowly.', 'notes')}</presentation:notes>"
    first = f"<draw:page>{frame('Nine.', 'outline')}{frame('Hours', 'title')}{said}</draw:page>"
    second = f'<draw:page draw:style-name="Skipped">{frame("HIDDEN", "title")}</draw:page>'
    data = odf("presentation", first + second)
    assert [(piece.headings, piece.text, piece.locator) for piece in pieces(tmp_path, "a.odp", data)] == [
        (("Hours",), "Nine.\nNotes: Slowly.", "slide 1")
    ]
    assert notes(tmp_path, "a.odp", data) == ("1 hidden slide was left out.",)


def test_a_file_says_who_wrote_it_and_an_encrypted_one_is_refused(tmp_path: Path) -> None:
    told = "<dc:title>Rent</dc:title><meta:initial-creator>Ann</meta:initial-creator>"
    meta = f"<office:document-meta {_SPACES} {_DC}><office:meta>{told}</office:meta></office:document-meta>"
    data = odf("text", "<text:p>Seen.</text:p>", meta=meta)
    assert about(tmp_path, "a.odt", data) == About(title="Rent", author="Ann")
    locked = zipped({"content.xml": "?", "META-INF/manifest.xml": "<encryption-data/>"})
    assert "encrypted" in refusal(tmp_path, "a.odt", locked)


def test_empty_cells_of_a_texts_table_keep_their_column(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return "<table:table-row>" + "".join(cells) + "</table:table-row>"

    def cell(text: str) -> str:
        return f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"

    wide = '<table:table-cell table:number-columns-spanned="2"><text:p>both</text:p></table:table-cell>'
    data = odf(
        "text",
        "<table:table>"
        + row(cell(""), cell("Mon"), cell("Tue"))
        + row(cell("9:00"), cell(""), cell("Bo"))
        + row(wide, "<table:covered-table-cell/>", cell("Cy"))
        + row('<table:table-cell table:number-columns-repeated="3"/>')
        + "</table:table>",
    )
    assert [piece.text for piece in pieces(tmp_path, "a.odt", data)] == ["| Mon | Tue", "9:00 |  | Bo", "both | Cy"]

"""Presentations are read as PowerPoint shows them, and what is left out is said."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Inches

from bot.reading.pieces import About
from tests.plugins.text.reading import items, pieces


def saved(make: Callable[[Any], None]) -> bytes:
    """Return a presentation that `make` has put its slides into."""
    presentation = pptx.Presentation()
    make(presentation)
    target = io.BytesIO()
    presentation.save(target)
    return target.getvalue()


def box(slide: Any, text: str, left: float, top: float) -> Any:
    shape = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1))
    shape.text_frame.text = text
    return shape


def colour(red: int, green: int, blue: int) -> Any:
    make: Any = RGBColor  # the library has no types here
    return make(red, green, blue)


def notes(folder: Path, data: bytes) -> tuple[str, ...]:
    found = items(folder, "a.pptx", data)
    return tuple(note for item in found if isinstance(item, About) for note in item.notes)


def test_shapes_are_read_from_the_top_and_from_the_left(tmp_path: Path) -> None:
    def make(presentation: Any) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[5])
        box(slide, "below", 1, 5)
        box(slide, "right", 5, 2.2)
        box(slide, "left", 1, 2)
        slide.shapes.title.text = "Plan"

    assert [(piece.headings, piece.text) for piece in pieces(tmp_path, "a.pptx", saved(make))] == [
        (("Plan",), "left\nright\nbelow")
    ]


def test_hidden_slides_hidden_shapes_and_pictures_are_left_out_and_said(tmp_path: Path) -> None:
    def make(presentation: Any) -> None:
        hidden, seen = (presentation.slides.add_slide(presentation.slide_layouts[6]) for _ in range(2))
        box(hidden, "HIDDEN", 1, 1)
        hidden.element.set("show", "0")
        box(seen, "Seen.", 1, 1)
        box(seen, "HIDDEN", 1, 2)._element.nvSpPr.cNvPr.set("hidden", "1")
        box(seen, "HIDDEN", 30, 1)
        tiny = box(seen, "HIDDEN", 1, 3)
        tiny.text_frame.paragraphs[0].runs[0].font.size = 12_700

    data = saved(make)
    assert [(piece.text, piece.locator) for piece in pieces(tmp_path, "a.pptx", data)] == [("Seen.", "slide 2")]
    assert notes(tmp_path, data) == (
        "1 hidden slide, 1 hidden shape, 1 text beside the slide and 1 hidden text were left out.",
    )


def test_tables_repeat_what_spans_their_rows_and_lists_are_numbered(tmp_path: Path) -> None:
    def make(presentation: Any) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        table = slide.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
        for (row, column), text in {(0, 0): "Kitchen", (0, 1): "sink", (1, 1): "oven"}.items():
            table.cell(row, column).text = text
        table.cell(0, 0).merge(table.cell(1, 0))
        steps = box(slide, "open\nclose", 1, 4)
        for paragraph in steps.text_frame.paragraphs:
            properties = paragraph._p.get_or_add_pPr()
            properties.append(
                properties.makeelement(f"{{{properties.nsmap['a']}}}buAutoNum", {"type": "alphaLcParenR"})
            )

    assert [piece.text for piece in pieces(tmp_path, "a.pptx", saved(make))] == [
        "Kitchen | sink\nKitchen | oven\na) open\nb) close"
    ]


def test_a_chart_is_read_as_the_table_that_it_draws(tmp_path: Path) -> None:
    def make(presentation: Any) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        new_data: Any = CategoryChartData  # as above
        data = new_data(number_format="0%")
        data.categories = ["Q1", "Q2"]
        data.add_series("North", (0.25, 0.5))
        data.add_series("South", (0.1, None))
        place = (Inches(1), Inches(1), Inches(4), Inches(3))
        chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "Share by region"

    (piece,) = pieces(tmp_path, "a.pptx", saved(make))
    assert piece.text == "Chart: Share by region\n| North | South\nQ1 | 25% | 10%\nQ2 | 50%"
    assert notes(tmp_path, saved(make)) == ()


def test_letters_of_the_slide_s_own_colour_are_left_out_unless_something_lies_behind_them(tmp_path: Path) -> None:
    white = colour(255, 255, 255)

    def paint(shape: Any) -> None:
        shape.text_frame.paragraphs[0].runs[0].font.color.rgb = white

    def make(presentation: Any) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        paint(box(slide, "HIDDEN", 1, 1))
        themed = box(slide, "HIDDEN", 1, 2)
        themed.text_frame.paragraphs[0].runs[0].font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
        bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(1), Inches(4), Inches(4), Inches(2))
        bar.text_frame.text = "Seen in a bar."
        paint(bar)
        paint(box(slide, "Seen above a bar.", 2, 5))
        dark = presentation.slides.add_slide(presentation.slide_layouts[6])
        dark.background.fill.solid()
        dark.background.fill.fore_color.rgb = colour(0, 0, 64)
        paint(box(dark, "Seen in the dark.", 1, 1))

    assert [piece.text for piece in pieces(tmp_path, "a.pptx", saved(make))] == [
        "Seen in a bar.\nSeen above a bar.",
        "Seen in the dark.",
    ]
    assert notes(tmp_path, saved(make)) == ("2 hidden texts were left out.",)


def test_struck_out_words_are_marked(tmp_path: Path) -> None:
    def make(presentation: Any) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        shape = box(slide, "950", 1, 1)
        shape.text_frame.paragraphs[0].runs[0].font._element.set("strike", "sngStrike")
        shape.text_frame.paragraphs[0].add_run().text = " 1200 euros"

    assert [piece.text for piece in pieces(tmp_path, "a.pptx", saved(make))] == ["~~950~~ 1200 euros"]

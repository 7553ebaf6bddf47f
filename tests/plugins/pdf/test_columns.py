from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugins.pdf.columns import order_for_reading
from plugins.pdf.lines import TextLine
from plugins.pdf.paragraphs import join_paragraphs

PLACES = st.floats(-2000, 2000, allow_nan=False)


@st.composite
def pages(draw: st.DrawFn) -> list[TextLine]:
    places = draw(
        st.lists(st.tuples(PLACES, PLACES, st.floats(0, 600), st.floats(0, 60), st.integers(0, 3)), max_size=40)
    )
    return [
        TextLine(f"line{number}", x, y, x + width, height, turn)
        for number, (x, y, width, height, turn) in enumerate(places)
    ]


@given(pages())
def test_no_line_of_a_page_is_lost_or_said_twice(lines: list[TextLine]) -> None:
    said = " ".join(line.text for row in order_for_reading(lines) for line in row)
    words = said.replace("line", " line").split()
    assert sorted(words) == sorted(line.text for line in lines)


@given(pages())
def test_all_that_stands_in_rows_is_in_their_text(lines: list[TextLine]) -> None:
    rows = order_for_reading(lines)
    assert "".join(join_paragraphs(rows).replace("|", " ").split()) == "".join(
        "".join(line.text.split()) for row in rows for line in row
    )

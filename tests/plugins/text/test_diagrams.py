"""What stands in the boxes of a diagram is read, and not what only arranges or connects them."""

from __future__ import annotations

from plugins.text.office.diagram import read_diagram
from plugins.text.office.package import parse_xml

DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def points(*described: tuple[str, str]) -> bytes:
    """Return the data of a diagram: the kind of each point and its text."""
    each = "".join(
        f'<dgm:pt type="{kind}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for kind, text in described
    ).replace(' type=""', "")  # a box need not say that it is one
    return f'<dgm:dataModel xmlns:dgm="{DGM}" xmlns:a="{A}"><dgm:ptLst>{each}</dgm:ptLst></dgm:dataModel>'.encode()


def test_boxes_are_read_an_assistants_too_and_lines_and_arrangements_are_not() -> None:
    root = parse_xml(points(("", "Mara"), ("node", "Jo"), ("asst", "Ana"), ("parTrans", "leads"), ("pres", "shape")))
    assert list(read_diagram(root)) == ["Mara", "Jo", "Ana"]


def test_a_diagram_without_words_has_none() -> None:
    assert list(read_diagram(parse_xml(points(("", " "), ("doc", ""))))) == []

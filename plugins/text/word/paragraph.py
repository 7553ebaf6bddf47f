"""The text of one paragraph of a Word document, as Word shows it once all changes are accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plugins.text.left_out import Kind, LeftOut
from plugins.text.markup import strike_out
from plugins.text.office.mathematics import write_formula
from plugins.text.office.package import RELATIONS, local_name
from plugins.text.word.fields import OpenFields
from plugins.text.word.names import W

if TYPE_CHECKING:
    from lxml.etree import _Element

    from plugins.text.word.styles import Styles

_REMOVED: dict[str, Kind | None] = {f"{W}del": "tracked deletion", f"{W}moveFrom": None}
_PASSED_THROUGH = frozenset("ins moveTo hyperlink smartTag sdtContent fldSimple customXml dir bdo rubyBase".split())  # noqa: SIM905 (names as they stand in the specification)
_SPOKEN = {"tab": "\t", "ptab": "\t", "cr": "\n", "br": "\n", "noBreakHyphen": "-"}
_SYMBOLS = {"f0fe": "☒", "f0fd": "☒", "f0a8": "☐", "f06f": "☐", "f0fc": "✓", "f0fb": "✗", "f0b7": "•", "f0e0": "→"}
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_ART = "{urn:schemas-microsoft-com:vml}textpath"
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes", "commentReference": "comments"}


@dataclass(slots=True)
class ParagraphText:
    """What a paragraph says; the text boxes, notes, diagrams and charts that hang on it, in their order."""

    text: str = ""
    boxes: list[_Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    diagrams: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)


class ParagraphReader:
    """Reads the paragraphs of one story in their order; a field may begin in one and end in another."""

    def __init__(self, styles: Styles, left_out: LeftOut, *, on_fill: bool = False) -> None:
        self._styles = styles
        self._left_out = left_out
        self._on_fill = on_fill
        self._fields = OpenFields()
        self._is_struck = False
        self._said = ParagraphText()
        self._properties: _Element | None = None

    def read(self, paragraph: _Element, *, on_fill: bool = False) -> ParagraphText:
        """Return what a paragraph says; `on_fill` says that there may be a colour behind it."""
        said = self._said = ParagraphText()
        self._properties = paragraph.find(f"{W}pPr")
        self._on_fill = on_fill
        self._walk(paragraph)
        return said

    def _walk(self, parent: _Element) -> None:
        for child in parent:
            name = local_name(child)
            if child.tag in _REMOVED:
                self._remove(child)
            elif child.tag == f"{W}r":
                self._run(child)
            elif name == "sdt":
                self._control(child)
            elif name == "AlternateContent":
                self._alternative(child, self._walk)
            elif name in _PASSED_THROUGH:
                self._walk(child)
            elif name in ("oMath", "oMathPara"):
                self._add(write_formula(child))

    def _remove(self, element: _Element) -> None:
        what = _REMOVED[str(element.tag)]
        if what and any(local_name(each) in ("delText", "t") and each.text for each in element.iter()):
            self._left_out.add(what)

    def _control(self, control: _Element) -> None:
        """Read what was filled in; a prompt such as "Click here" is not anybody's words."""
        if control.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
            for content in control.iterfind(f"{W}sdtContent"):
                self._walk(content)

    def _alternative(self, element: _Element, walk: Callable[[_Element], None]) -> None:
        """Read one of several forms of the same: the newest, or what old programs are given."""
        chosen = next((each for each in element if local_name(each) in ("Choice", "Fallback")), None)
        if chosen is not None:
            walk(chosen)

    def _run(self, run: _Element) -> None:
        properties = run.find(f"{W}rPr")
        unseen = not self._on_fill and self._styles.is_unseen(self._properties, properties)
        if unseen or self._styles.hides(self._properties, properties):
            self._hide(run)
        else:
            self._is_struck = self._styles.strikes(self._properties, properties)
            self._run_content(run)
            self._is_struck = False

    def _hide(self, run: _Element) -> None:
        if any(local_name(each) == "t" and (each.text or "").strip() for each in run):
            self._left_out.add("hidden text")
        for each in run:
            if local_name(each) == "fldChar":
                self._add(self._fields.take(each, hidden=True))

    def _run_content(self, run: _Element) -> None:
        for child in run:
            name = local_name(child)
            if name == "fldChar":
                self._add(self._fields.take(child))
            elif name in _NOTES:
                self._said.notes.append((_NOTES[name], str(child.get(f"{W}id"))))
            elif name == "AlternateContent":
                self._alternative(child, self._run_content)
            elif name == "ruby":
                for base in child.iterfind(f"{W}rubyBase"):
                    self._walk(base)
            elif name in ("drawing", "pict", "object"):
                self._drawing(child)
            else:
                self._add(_write(child, name))

    def _drawing(self, drawing: _Element) -> None:
        """Note the text boxes of a drawing, and count what is only to be looked at."""
        boxes = [each for each in drawing.iter() if local_name(each) == "txbxContent"]
        self._said.boxes += [box for box in boxes if not _is_inside(box, boxes)]
        names = [local_name(each) for each in drawing.iter()]
        for each in drawing.iter():
            if local_name(each) == "relIds" and (data := each.get(f"{RELATIONS}dm")):
                self._said.diagrams.append(str(data))
            elif local_name(each) == "chart":
                self._said.charts.append(str(each.get(f"{RELATIONS}id")))
        for each in drawing.iter(_ART):
            self._add(str(each.get("string", "")))
        self._left_out.add("picture", sum(1 for each in drawing.iter(_BLIP, _IMAGE)) if "OLEObject" not in names else 0)
        self._left_out.add("embedded file", names.count("OLEObject"))

    def _add(self, text: str) -> None:
        if text and self._fields.show():
            said = self._said.text
            self._said.text = strike_out(said, text) if self._is_struck else said + text


def _write(element: _Element, name: str) -> str:
    """Return what an element in a run says."""
    if name == "t":
        return element.text or ""
    if name == "sym":
        return _SYMBOLS.get(str(element.get(f"{W}char")).casefold(), "")
    return _SPOKEN.get(name, "")


def _is_inside(box: _Element, others: list[_Element]) -> bool:
    """Whether a box is in another, or is the old form of one that was there already."""
    return any(ancestor in others or local_name(ancestor) == "Fallback" for ancestor in box.iterancestors())

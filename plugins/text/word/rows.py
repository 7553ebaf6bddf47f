"""The rows and cells of a Word table, and which of them are not there for a reader."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plugins.text.left_out import Kind
from plugins.text.office.package import local_name
from plugins.text.word.names import W, is_on

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_COLUMNS = 63
"""Of a row, by Word's own limit."""
AROUND_BLOCKS = frozenset({"ins", "moveTo", "customXml", "smartTag"})


def descend(parent: _Element, name: str) -> Iterable[_Element]:
    """Yield rows or cells, those within content controls and insertions too."""
    for child in parent:
        kind = local_name(child)
        if kind == name:
            yield child
        elif kind in ("sdt", "sdtContent") or kind in AROUND_BLOCKS:
            yield from descend(child, name)


def why_unseen(row: _Element) -> Kind | None:
    """Return what a row is that Word doesn't show: "tracked deletion", "hidden row"; None for one that it shows."""
    properties = row.find(f"{W}trPr")
    if properties is None:
        return None
    if properties.find(f"{W}del") is not None:
        return "tracked deletion"
    return "hidden row" if is_on(properties, "hidden") else None


def is_deleted(cell: _Element) -> bool:
    """Whether a cell was deleted while changes were tracked."""
    return cell.find(f"{W}tcPr/{W}cellDel") is not None


def spans_rows(cell: _Element) -> bool:
    """Whether a cell goes on in the row below, or is the going on of one above."""
    return cell.find(f"{W}tcPr/{W}vMerge") is not None


def is_prompt(cell: _Element) -> bool:
    """Whether a cell holds only the prompt of a content control around it."""
    content = cell.getparent()
    control = content.getparent() if content is not None and local_name(content) == "sdtContent" else None
    return control is not None and control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None

"""What stands on a sheet beside its cells: comments, and text in drawings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.text.excel.workbook import Sheet, read_rich_text
from plugins.text.left_out import Kind, LeftOut
from plugins.text.office.package import Package, local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_WHAT: dict[str, Kind] = {"pic": "picture", "chart": "chart"}


def read_comments(package: Package, workbook: str, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Yield each comment with the place of its cell: new ones in threads, else the notes of old."""
    people = {
        str(person.get("id")): str(person.get("displayName", ""))
        for root in _parts(package, workbook, "person")
        for person in root
    }
    threads = list(_parts(package, sheet.part, "threadedComment"))
    for root in threads:
        for each in root:
            text = "".join(part.text or "" for part in each if local_name(part) == "text")
            yield str(each.get("ref", "")), _say(people.get(str(each.get("personId")), ""), text)
    for root in () if threads else _parts(package, sheet.part, "comments"):
        authors = [each.text or "" for each in root.iter() if local_name(each) == "author"]
        for each in root.iter():
            if local_name(each) == "comment":
                text = "".join(read_rich_text(part) for part in each if local_name(part) == "text")
                at = str(each.get("authorId", ""))
                author = authors[int(at)] if at.isdecimal() and len(at) < 7 and int(at) < len(authors) else ""
                yield str(each.get("ref", "")), _say(author, text.removeprefix(f"{author}:"))


def read_drawings(package: Package, sheet: Sheet, left_out: LeftOut) -> Iterator[str]:
    """Yield the texts of drawn boxes; pictures and charts are counted."""
    for root in _parts(package, sheet.part, "drawing"):
        for each in root.iter():
            name = local_name(each)
            if name == "txBody":
                lines = ("".join(part.text or "" for part in line.iter() if local_name(part) == "t") for line in each)
                if text := "\n".join(filter(str.strip, lines)):
                    yield text
            left_out.add(_WHAT.get(name, "picture"), 1 if name in _WHAT else 0)


def _say(author: str, text: str) -> str:
    author, text = " ".join(author.split()), " ".join(text.split())
    return f"Comment by {author}: {text}" if author else f"Comment: {text}"


def _parts(package: Package, name: str, kind: str) -> Iterator[_Element]:
    for each in package.relations(name).values():
        if each.kind == kind and not each.external and (root := package.part(each.target)) is not None:
            yield root

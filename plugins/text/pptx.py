"""Reads PowerPoint presentations slide by slide in the order they are shown, with notes and comments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.reading import About, Piece, Progress, ReadItem
from bot.translation import gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.left_out import LeftOut
from plugins.text.office.chart import read_chart
from plugins.text.office.diagram import read_diagram
from plugins.text.office.package import RELATIONS, Package, local_name, open_package
from plugins.text.options import TextOptions
from plugins.text.powerpoint.background import SlideBackground, read_theme
from plugins.text.powerpoint.boxes import P
from plugins.text.powerpoint.shapes import Slide, SlideText

if TYPE_CHECKING:
    from lxml.etree import _Element


@raise_only_unreadable(gettext_noop("a PowerPoint presentation"))
def read_pptx(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield what is written on each slide, under its title. Hidden slides are left out."""
    with open_package(path, options.most_megabytes) as package:
        yield package.about()
        presentation = _Presentation(package)
        names = presentation.slide_names()
        for number, name in enumerate(names, 1):
            yield from presentation.pieces(name, number)
            yield Progress(number, len(names), "slides")
        if notes := presentation.left_out.notes():
            yield About(notes=notes)


class _Presentation:
    """The state of reading one presentation."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main()
        self._relations = package.relations(self._main)
        root = package.part(self._main)
        if root is None:
            raise ValueError("there is no presentation")
        self._root = root
        self.left_out = LeftOut()
        self._themes: dict[str, dict[str, str]] = {}
        self._said_at_foot: set[tuple[str, ...]] = set()

    def slide_names(self) -> list[str]:
        """Return the names of the slides' parts, in the order in which they are shown."""
        ids = (str(each.get(f"{RELATIONS}id")) for each in self._root.iter(f"{P}sldId"))
        return [self._relations[each].target for each in ids if each in self._relations]

    def pieces(self, name: str, number: int) -> Iterator[Piece]:
        """Yield a slide."""
        root = self._package.part(name)
        if root is None:
            return
        if root.get("show") in ("0", "false"):
            self.left_out.add("hidden slide")
            return
        above = list(self._layouts(name))
        layouts = [layout for _, layout in above]
        slide = Slide(
            root, layouts, self._size(), SlideBackground(root, layouts, self._theme(*above[-1]) if above else {})
        )
        shapes = slide.shapes()
        title = " ".join(" ".join(line.split()) for shape in shapes if shape.is_title for line in shape.lines)
        lines = [line for shape in shapes if not shape.is_title and self._is_new(shape) for line in shape.lines]
        lines += [line for diagram in slide.diagrams for line in self._diagram(name, diagram)]
        lines += [line for chart in slide.charts for line in self._chart(name, chart)]
        lines += [f"Notes: {text}" for text in self._notes(name)]
        lines += self._comments(name)
        self.left_out.take(slide.left_out)
        if lines:
            yield Piece("\n".join(lines), f"slide {number}", (title,) if title else ())
        elif title:
            yield Piece(title, f"slide {number}")

    def _is_new(self, shape: SlideText) -> bool:
        """Whether it stands not at the foot of an earlier slide, too."""
        if shape.role != "ftr":
            return True
        known = shape.lines in self._said_at_foot
        self._said_at_foot.add(shape.lines)
        return not known

    def _size(self) -> tuple[int, int]:
        size = self._root.find(f"{P}sldSz")
        sides = [str(size.get(name, "0")) if size is not None else "0" for name in ("cx", "cy")]
        across, down = (int(each) if each.isascii() and each.isdecimal() and len(each) < 12 else 0 for each in sides)
        return across, down

    def _layouts(self, name: str) -> Iterator[tuple[str, _Element]]:
        """Yield the names and trees of a slide's layout, and of the master of that."""
        for kind in ("slideLayout", "slideMaster"):
            name = next(self._find_related(name, kind), "")
            root = self._package.part(name) if name else None
            if root is None:
                return
            yield name, root

    def _find_related(self, name: str, kind: str) -> Iterator[str]:
        return (each.target for each in self._package.relations(name).values() if each.kind == kind)

    def _notes(self, name: str) -> Iterator[str]:
        for target in self._find_related(name, "notesSlide"):
            root = self._package.part(target)
            shapes = Slide(root, (), (0, 0)).shapes() if root is not None else []
            text = "\n".join(line for shape in shapes if shape.role == "body" for line in shape.lines)
            if text:
                yield text

    def _comments(self, name: str) -> Iterator[str]:
        authors = {}
        for kind in ("commentAuthors", "authors"):
            for each in self._parts(self._main, kind):
                authors.update({str(author.get("id")): str(author.get("name", "")) for author in each})
        for root in self._parts(name, "comments"):
            for comment in root.iter():
                if local_name(comment) in ("cm", "reply"):
                    text = " ".join(_own_text(comment).split())
                    by = authors.get(str(comment.get("authorId")), "")
                    if text:
                        yield f"Comment by {by}: {text}" if by else f"Comment: {text}"

    def _theme(self, name: str, master: _Element) -> dict[str, str]:
        """Return the colours that a master gives its slides."""
        if name not in self._themes:
            self._themes[name] = read_theme(next(self._parts(name, "theme"), None), master)
        return self._themes[name]

    def _chart(self, name: str, relation_id: str) -> list[str]:
        root = self._package.part_by_id(name, relation_id)
        lines = read_chart(root) if root is not None else []
        self.left_out.add("chart", 0 if lines else 1)
        return lines

    def _diagram(self, name: str, relation_id: str) -> Iterator[str]:
        root = self._package.part_by_id(name, relation_id)
        return read_diagram(root) if root is not None else iter(())

    def _parts(self, name: str, kind: str) -> Iterator[_Element]:
        for target in self._find_related(name, kind):
            if (root := self._package.part(target)) is not None:
                yield root


def _own_text(comment: _Element) -> str:
    """Return what a comment says, without the replies in it."""
    said = ""
    for each in comment.iter():
        inside_reply = any(local_name(outer) == "reply" for outer in each.iterancestors() if outer is not comment)
        if local_name(each) in ("text", "t") and not (inside_reply and local_name(comment) != "reply"):
            said += each.text or ""
    return said

"""The numbers of a Word document's lists, as Word shows them: "1.", "b)", "2.3.1"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.text.office.counting import write_number
from plugins.text.word.names import W, is_on, number_of, value_of

if TYPE_CHECKING:
    from lxml.etree import _Element

    from plugins.text.word.styles import Styles

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


class Numbering:
    """Counts through the lists of a document while its paragraphs pass in their order."""

    def __init__(self, root: _Element | None, styles: Styles) -> None:
        self._styles = styles
        lists = list(root) if root is not None else []
        self._abstract = {str(each.get(f"{W}abstractNumId")): each for each in lists if each.tag == f"{W}abstractNum"}
        self._linked = {str(value_of(each, "styleLink")): each for each in self._abstract.values()}
        self._instances = {str(each.get(f"{W}numId")): each for each in lists if each.tag == f"{W}num"}
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, properties: _Element | None) -> str:
        """Return what stands before a paragraph, with a space: "2.1 ", "• "; "" when it is in no list."""
        number, level, style = self._styles.numbering(properties)
        instance = self._instances.get(number or "")
        if instance is None:
            return ""
        abstract_id = value_of(instance, "abstractNumId") or ""
        if level is None:
            level = self._level_of_style(abstract_id, style)
        if level >= _LEVELS:
            return ""
        self._count(str(number), abstract_id, level)
        return self._write(str(number), abstract_id, level)

    def _level_of_style(self, abstract_id: str, style: str | None) -> int:
        for each in self._levels_of(abstract_id):
            if style is not None and value_of(each, "pStyle") == style:
                return _index(each)
        return 0

    def _levels_of(self, abstract_id: str) -> Iterator[_Element]:
        abstract = self._abstract.get(abstract_id)
        if (link := value_of(abstract, "numStyleLink")) is not None:
            abstract = self._linked.get(link)  # a list of a list style, which keeps its levels elsewhere
        return abstract.iterfind(f"{W}lvl") if abstract is not None else iter(())

    def _count(self, number: str, abstract_id: str, level: int) -> None:
        """Go on to the next number of a level; those below it begin again."""
        counters = self._counters.setdefault(abstract_id, [None] * _LEVELS)
        restart = self._override(number, level, "startOverride")
        if restart is not None and (number, level) not in self._begun:
            counters[level] = None
        self._begun.add((number, level))
        for outer in range(level):
            if counters[outer] is None:
                counters[outer] = self._start(number, abstract_id, outer)
        current = counters[level]
        counters[level] = self._start(number, abstract_id, level) if current is None else current + 1
        for inner in range(level + 1, _LEVELS):
            after = number_of(self._level(number, abstract_id, inner), "lvlRestart")
            if after is None or level < after:
                counters[inner] = None

    def _start(self, number: str, abstract_id: str, level: int) -> int:
        told = self._override(number, level, "startOverride")
        if told is None:
            told = number_of(self._level(number, abstract_id, level), "start")
        return 1 if told is None else told

    def _override(self, number: str, level: int, name: str) -> int | None:
        for each in self._instances[number].iterfind(f"{W}lvlOverride"):
            if _index(each) == level:
                return number_of(each, name)
        return None

    def _level(self, number: str, abstract_id: str, level: int) -> _Element | None:
        for each in self._instances[number].iterfind(f"{W}lvlOverride/{W}lvl"):
            if _index(each) == level:
                return each
        return next((each for each in self._levels_of(abstract_id) if _index(each) == level), None)

    def _write(self, number: str, abstract_id: str, level: int) -> str:
        definition = self._level(number, abstract_id, level)
        if value_of(definition, "numFmt") == "bullet":
            return "• "
        pattern = value_of(definition, "lvlText")
        pattern = f"%{level + 1}." if pattern is None else pattern
        legal = bool(is_on(definition, "isLgl"))
        counters = self._counters[abstract_id]

        def write(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            count = counters[at] if counters[at] is not None else 1
            if legal:
                return str(count or 0)
            kind, width = _format(self._level(number, abstract_id, at))
            return write_number(count or 0, kind).zfill(width)

        written = _PLACE.sub(write, pattern).strip()
        return f"{written} " if written else ""


def _format(level: _Element | None) -> tuple[str, int]:
    """Return the kind of a level's numbers, and how many digits they have at least: "001, 002, 003"."""
    told = value_of(level, "numFmt")
    if told is not None or level is None:
        return told or "decimal", 0
    custom = next((str(each.get(f"{W}format", "")) for each in level.iter(f"{W}numFmt")), "")
    first = custom.partition(",")[0].strip()
    return "decimal", len(first) if first.isascii() and first.isdecimal() else 0


def _index(level: _Element) -> int:
    told = str(level.get(f"{W}ilvl", "0"))
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 3 else 0

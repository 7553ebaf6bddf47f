"""What the styles of a Word document say: levels of headings, lists, and letters that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from plugins.text.word.names import W, is_on, number_of, value_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_Value = TypeVar("_Value")
_HEADING = re.compile(r"heading ([1-9])\Z", re.IGNORECASE)
_DEEPEST = 20
_MOST_LEVELS = 9
_TINY = 6
"""Half points; smaller letters are for nobody's eyes."""
_WHITE = re.compile(r"f[a-f0-9]{1}f[a-f0-9]{1}f[a-f0-9]{1}\Z", re.IGNORECASE)
_NO_FILL = frozenset({"auto", "ffffff", ""})


class Styles:
    """The styles by their ids, each with those that it is based on."""

    def __init__(self, root: _Element | None) -> None:
        found = root.iter(f"{W}style") if root is not None else ()
        self._styles = {str(each.get(f"{W}styleId")): each for each in found}
        self._default = next(
            (
                name
                for name, each in self._styles.items()
                if each.get(f"{W}type") == "paragraph" and each.get(f"{W}default") in ("1", "true")
            ),
            None,
        )

    def level(self, properties: _Element | None) -> int:
        """Return a paragraph's level as a heading, 1 to 9; 0 for none."""
        told = number_of(properties, "outlineLvl")
        if told is not None:
            return told + 1 if told < _MOST_LEVELS else 0
        for style in self._chain(value_of(properties, "pStyle")):
            name = value_of(style, "name") or ""
            if name.casefold() == "title":
                return 1
            if match := _HEADING.match(name):
                return int(match[1])
            told = number_of(style.find(f"{W}pPr"), "outlineLvl")
            if told is not None and told < _MOST_LEVELS:
                return told + 1
        return 0

    def numbering(self, properties: _Element | None) -> tuple[str | None, int | None, str | None]:
        """Return the list that a paragraph is in, its level there, and the style that says so."""
        direct = properties.find(f"{W}numPr") if properties is not None else None
        number, level = value_of(direct, "numId"), number_of(direct, "ilvl")
        style_id = value_of(properties, "pStyle")
        if number is not None:
            return number, level, None
        for style in self._chain(style_id):
            of_style = style.find(f"{W}pPr/{W}numPr")
            if of_style is not None:
                inherited = number_of(of_style, "ilvl") if level is None else level
                if (named := value_of(of_style, "numId")) is not None:
                    return named, inherited, style.get(f"{W}styleId")
        return None, level, None

    def hides(self, paragraph: _Element | None, run: _Element | None) -> bool:
        """Whether a run's letters are hidden, by its own properties or by a style's."""
        properties = list(self._run_properties(paragraph, run))
        told = (next(_told(is_on(each, name) for each in properties), False) for name in ("vanish", "specVanish"))
        return any(told)

    def strikes(self, paragraph: _Element | None, run: _Element | None) -> bool:
        """Whether a line goes through a run."""
        properties = list(self._run_properties(paragraph, run))
        return any(next(_told(is_on(each, name) for each in properties), False) for name in ("strike", "dstrike"))

    def is_unseen(self, paragraph: _Element | None, run: _Element | None) -> bool:
        """Whether a run is white on the page's white, or too small for eyes."""
        properties = list(self._run_properties(paragraph, run))
        if next(_told(number_of(each, "sz") for each in properties), _TINY) < _TINY:
            return True
        colour = next(_told(value_of(each, "color") for each in properties), "")
        return _WHITE.match(colour) is not None and not self._is_filled(paragraph, run)

    def _is_filled(self, paragraph: _Element | None, run: _Element | None) -> bool:
        if any(each.find(f"{W}highlight") is not None for each in self._run_properties(paragraph, run)):
            return True
        shades = [each.find(f"{W}shd") for each in self._run_properties(paragraph, run)]
        shades += [each.find(f"{W}shd") for each in self._paragraph_properties(paragraph)]
        return any(each is not None and has_fill(each) for each in shades)

    def _run_properties(self, paragraph: _Element | None, run: _Element | None) -> Iterator[_Element]:
        if run is not None:
            yield run
        styles = [*self._chain(value_of(run, "rStyle")), *self._chain(value_of(paragraph, "pStyle") or self._default)]
        for style in styles:
            if (properties := style.find(f"{W}rPr")) is not None:
                yield properties

    def _paragraph_properties(self, paragraph: _Element | None) -> Iterator[_Element]:
        if paragraph is not None:
            yield paragraph
        for style in self._chain(value_of(paragraph, "pStyle")):
            if (properties := style.find(f"{W}pPr")) is not None:
                yield properties

    def _chain(self, style_id: str | None) -> Iterator[_Element]:
        for _ in range(_DEEPEST):
            style = self._styles.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = value_of(style, "basedOn")


def _told(values: Iterable[_Value | None]) -> Iterator[_Value]:
    return (value for value in values if value is not None)


def has_fill(shade: _Element) -> bool:
    """Whether there is a colour behind the text."""
    pattern = str(shade.get(f"{W}val", "clear"))
    return str(shade.get(f"{W}fill", "")).casefold() not in _NO_FILL or pattern not in ("clear", "nil")

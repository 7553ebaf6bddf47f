"""Styles as far as they decide whether text is seen: rules of a page's own sheets, and of an element's attribute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

Colour = tuple[float, float, float]

_MOST_RULES = 20_000
_LONGEST_SHEET = 4 << 20
_READ_NAMES = (
    "background background-color background-image clip clip-path color display font-size height left max-height "
    "max-width opacity overflow overflow-y position right text-indent top bottom transform visibility width"
)
_READ = frozenset(_READ_NAMES.split())
_PIXELS = {
    "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "rem": 16.0, "vw": 10.0, "vh": 8.0,
    "ex": 8.0, "ch": 8.0,
}  # fmt: skip
_SIZES = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0, "xx-large": 32.0,
}  # fmt: skip
_OPAQUE = 0.5
_DRESS = frozenset({"background", "background-color", "background-image", "color", "font-size"})
"""What most rules are about; those of a page with endless ones are left out."""


@dataclass(frozen=True, slots=True)
class Declarations:
    """Properties with their values as CSS tokens, and whether each was said to be important."""

    said: dict[str, tuple[list[Any], bool]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.said)

    def over(self, later: Declarations) -> Declarations:
        """Return these with those that come later, which win but against important ones."""
        together = dict(self.said)
        for name, (value, important) in later.said.items():
            if important or not together.get(name, ([], False))[1]:
                together[name] = value, important
        return Declarations(together)

    def word(self, name: str) -> str:
        """Return a value as it is written, in small letters; "" when there is none."""
        import tinycss2  # noqa: PLC0415 (in the child alone)

        return str(tinycss2.serialize(self._tokens(name))).strip().casefold() if name in self.said else ""

    def number(self, name: str) -> float | None:
        """Return a plain number."""
        tokens = self._tokens(name)
        return float(tokens[0].value) if len(tokens) == 1 and tokens[0].type in ("number", "percentage") else None

    def length(self, name: str, relative_to: float) -> float | None:
        """Return a length in pixels; None when it has none that is known."""
        tokens = self._tokens(name)
        if len(tokens) != 1:
            return None
        token = tokens[0]
        if token.type == "number":
            return float(token.value)
        if token.type == "percentage":
            return float(token.value) * relative_to / 100
        if token.type == "dimension":
            return float(token.value) * (relative_to if token.lower_unit == "em" else _PIXELS.get(token.lower_unit, 1))
        return _SIZES.get(token.lower_value) if token.type == "ident" else None

    def colour(self, name: str, inherited: Colour | None) -> Colour | None:
        """Return a colour; None for one that can't be seen through."""
        return next(_colours(self._tokens(name)), (inherited,))[0] if name in self.said else inherited

    def background(self, inherited: Colour | None) -> Colour | None:
        """Return the colour behind the text."""
        for name in ("background-color", "background"):
            for (colour,) in _colours(self._tokens(name)):
                if colour is not None:
                    return colour
        return inherited

    def has_picture_behind(self) -> bool:
        """Whether there is a picture, or colours that run into each other, behind the text."""
        tokens = [*self._tokens("background"), *self._tokens("background-image")]
        return any(token.type == "url" or (token.type == "function" and "rgb" not in token.lower_name
                   and "hsl" not in token.lower_name and token.lower_name != "var") for token in tokens)  # fmt: skip

    def _tokens(self, name: str) -> list[Any]:
        return self.said.get(name, ([], False))[0]


def _colours(tokens: Iterable[Any]) -> Iterator[tuple[Colour | None]]:
    from tinycss2.color3 import parse_color  # noqa: PLC0415 (in the child alone)

    for token in tokens:
        found = parse_color(token)
        if found is not None and not isinstance(found, str):
            yield ((found.red, found.green, found.blue) if found.alpha > _OPAQUE else None,)


class Rules:
    """The rules of a page's style sheets that say something of what is seen."""

    def __init__(self) -> None:
        import cssselect2  # noqa: PLC0415 (in the child alone)

        self._matcher = cssselect2.Matcher()
        self._count = 0

    def __bool__(self) -> bool:
        return self._count > 0

    def add(self, prelude: list[Any], declarations: Declarations) -> None:
        """Add a rule; selectors that are wrong, for parts of elements, or slow are left out."""
        import cssselect2  # noqa: PLC0415 (as above)

        try:
            selectors = cssselect2.compile_selector_list(prelude)
        except (cssselect2.SelectorError, RecursionError):
            return
        for selector in selectors:
            if selector.pseudo_element is None and self._count < _MOST_RULES:
                self._count += 1
                self._matcher.add_selector(selector, declarations)

    def of(self, element: Any) -> Declarations:
        """Return what the rules say of an element."""
        together = Declarations()
        for match in self._matcher.match(element):
            together = together.over(match[-1])
        return together


def read_rules(sheets: Iterable[str], most: int = _MOST_RULES) -> Rules:
    """Return the rules that hold on a screen, of all sheets in their order; of more than `most`, those that hide."""
    found: list[tuple[list[Any], Declarations]] = []
    for sheet in sheets:
        with suppress(RecursionError):
            found += _read_sheet(sheet[:_LONGEST_SHEET])
    if len(found) > most:
        found = [each for each in found if each[1].said.keys() - _DRESS][-most:]
    rules = Rules()
    for prelude, declarations in found:
        rules.add(prelude, declarations)
    return rules


def _read_sheet(sheet: str) -> Iterator[tuple[list[Any], Declarations]]:
    import tinycss2  # noqa: PLC0415 (in the child alone)

    due = list(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True))[::-1]
    while due:
        rule = due.pop()
        if rule.type == "qualified-rule":
            declarations = _declarations(rule.content)
            if declarations and not any(each.type == "function" and each.lower_name == "has" for each in rule.prelude):
                yield rule.prelude, declarations
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content is not None:
            medium = tinycss2.serialize(rule.prelude).strip().casefold()
            if medium in ("all", "screen", "only screen"):
                due += tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)[::-1]


def read_style(style: str | None) -> Declarations:
    """Return what an element's own attribute says."""
    if not style or len(style) > _LONGEST_SHEET:
        return Declarations()
    try:
        return _declarations(style)
    except RecursionError:
        return Declarations()


def _declarations(content: Any) -> Declarations:
    import tinycss2  # noqa: PLC0415 (in the child alone)

    said = {}
    for each in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True):
        if each.type == "declaration" and each.lower_name in _READ:
            said[each.lower_name] = [token for token in each.value if token.type != "whitespace"], each.important
    return Declarations(said)

"""Fields of Word: a code that nobody sees, and the result that stands in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugins.text.word.names import W, is_on, number_of

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(slots=True)
class Field:
    """A field that has begun: what a form shows in it, whether its result has begun, whether that said anything."""

    form_value: str = ""
    shows: bool = False
    spoke: bool = False


class OpenFields:
    """The fields around the place that is being read, the outermost first."""

    def __init__(self) -> None:
        self._open: list[Field] = []

    def take(self, mark: _Element, *, hidden: bool = False) -> str:
        """Follow a field's mark, and return what stands there without being written: the value of a form's field."""
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._open.append(Field("" if hidden else form_value(mark)))
        elif self._open and kind == "separate":
            self._open[-1].shows = True
        elif self._open and kind == "end":
            ended = self._open.pop()
            return "" if ended.spoke else ended.form_value
        return ""

    def show(self) -> bool:
        """Return whether what stands here is shown, and note that it was."""
        if not all(each.shows for each in self._open):
            return False
        for each in self._open:
            each.spoke = True
        return True


def form_value(mark: _Element) -> str:
    """Return what a form of old Word versions shows in a field that has no result: a choice, or a box with a cross."""
    box = mark.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        checked = is_on(box, "checked")
        return "☒" if (is_on(box, "default") if checked is None else checked) else "☐"
    choices = mark.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return ""
    entries = [str(each.get(f"{W}val", "")) for each in choices.iterfind(f"{W}listEntry")]
    told = number_of(choices, "result")
    chosen = (number_of(choices, "default") or 0) if told is None else told
    return entries[chosen] if chosen < len(entries) else ""

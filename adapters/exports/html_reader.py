"""Reads HTML as a stream of elements with their classes, as exports of chats use them: nothing of the page is kept."""

from __future__ import annotations

from adapters.exports.tolerant_parser import TolerantParser

_VOID = frozenset(
    {"br", "img", "hr", "input", "link", "meta", "source", "wbr", "area", "base", "col", "embed", "track"}
)
Attributes = dict[str, str]


class ClassReader(TolerantParser):
    """Tells of elements by their classes; `inside` holds the classes of all that is open."""

    def __init__(self) -> None:
        super().__init__()
        self._stack: list[tuple[str, frozenset[str]]] = []

    def inside(self, name: str) -> bool:
        """Tell whether an element of this class is open."""
        return any(name in classes for _, classes in self._stack)

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._stack)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        attributes = {key: value or "" for key, value in attrs}
        classes = frozenset(attributes.get("class", "").split())
        if tag not in _VOID:
            self._stack.append((tag, classes))
        self.open_element(tag, classes, attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element that closes itself."""
        attributes = {key: value or "" for key, value in attrs}
        self.open_element(tag, frozenset(attributes.get("class", "").split()), attributes)

    def handle_endtag(self, tag: str) -> None:
        """Close the last element of this name, and those that were left open within it."""
        at = next((at for at in range(len(self._stack) - 1, -1, -1) if self._stack[at][0] == tag), None)
        while at is not None and len(self._stack) > at:
            closed, classes = self._stack.pop()
            self.close_element(closed, classes)

    def handle_data(self, data: str) -> None:
        """Take text."""
        self.take_text(data)

    def open_element(self, tag: str, classes: frozenset[str], attributes: Attributes) -> None:
        """Take note that an element begins."""

    def close_element(self, tag: str, classes: frozenset[str]) -> None:
        """Take note that an element ended; it is not among what is open any more."""

    def take_text(self, text: str) -> None:
        """Take text within what is open."""

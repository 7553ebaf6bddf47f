"""Counts the steps that a backtracking matcher takes, so that a slow pattern is found without a clock.

The standard library's engine can't be asked how much it did. This one walks the same parsed pattern in the same order,
without the shortcuts that make it fast but leave its order of growth as it is.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

op: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")

Continue = Callable[[int], int | None]
_DEPTH = 100_000
_SINGLE = {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}
_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    op.CATEGORY_DIGIT: str.isdecimal,
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    op.CATEGORY_NOT_DIGIT: lambda char: not char.isdecimal(),
    op.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    op.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}


class TooManySteps(Exception):  # noqa: N818 (a limit that is reached, not a fault)
    """Raised when a pattern has taken more steps than it may."""


def count_steps(pattern: re.Pattern[str], text: str, most: int = 10**9) -> int:
    """Return the steps that finding every match takes. Raises TooManySteps."""
    matcher = _Matcher(pattern, text, most)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEPTH)
    try:
        start = 0
        while start <= len(text):
            end = matcher.match(start)
            start = start + 1 if end is None or end == start else end
    finally:
        sys.setrecursionlimit(before)
    return matcher.steps


def largest_bound(pattern: re.Pattern[str]) -> int:
    """Return how often a part of a pattern may be repeated, repeats of repeats included, where that is bounded."""
    return max(_bounds(_parse(pattern), 1), default=0)


def _bounds(nodes: Any, around: int) -> Iterator[int]:
    """Yield the bounds of repeats; inner patterns stand somewhere in the nodes, which are of several shapes."""
    for node in nodes:
        if isinstance(node, tuple) and node[0] in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            _, (_, most, inner) = node
            bound = around if most is op.MAXREPEAT else around * int(most)
            yield bound
            yield from _bounds(inner, bound)
        elif isinstance(node, tuple | list | parser.SubPattern):
            yield from _bounds(node, around)


@cache
def _parse(pattern: re.Pattern[str]) -> list[Any]:
    return list(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))


class _Matcher:
    def __init__(self, pattern: re.Pattern[str], text: str, most: int) -> None:
        self.steps = 0
        self._text = text.lower() if pattern.flags & re.IGNORECASE else text
        self._flags = pattern.flags
        self._most = most
        self._nodes = _parse(pattern)
        self._groups: dict[int, tuple[int, int]] = {}

    def match(self, start: int) -> int | None:
        self._groups.clear()
        return self._sequence(self._nodes, 0, start, lambda end: end)

    def _sequence(self, nodes: Any, index: int, at: int, go_on: Continue) -> int | None:
        while index < len(nodes) and nodes[index][0] in _SINGLE:  # most of a pattern, without a call for each
            self._step()
            if at >= len(self._text) or not self._fits(nodes[index], self._text[at]):
                return None
            index, at = index + 1, at + 1
        if index == len(nodes):
            return go_on(at)
        self._step()
        kind, value = nodes[index]
        return self._node(kind, value, at, lambda end: self._sequence(nodes, index + 1, end, go_on))

    def _node(self, kind: Any, value: Any, at: int, go_on: Continue) -> int | None:
        if kind is op.AT:
            return go_on(at) if self._is_at(value, at) else None
        if kind is op.BRANCH:
            return self._first(value[1], at, go_on)
        if kind is op.SUBPATTERN:
            return self._group(value[0], value[3], at, go_on)
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            return self._repeat(kind, value, at, go_on)
        if kind is op.ATOMIC_GROUP:
            end = self._sequence(value, 0, at, lambda end: end)
            return None if end is None else go_on(end)
        if kind in (op.ASSERT, op.ASSERT_NOT):
            return go_on(at) if self._looks(value, at) is (kind is op.ASSERT) else None
        if kind is op.GROUPREF:
            begin, end = self._groups.get(value, (0, 0))
            said = self._text[begin:end]
            self.steps += len(said)
            return go_on(at + len(said)) if self._text.startswith(said, at) else None
        raise NotImplementedError(kind)

    def _first(self, branches: Any, at: int, go_on: Continue) -> int | None:
        for branch in branches:
            if (end := self._sequence(branch, 0, at, go_on)) is not None:
                return end
        return None

    def _group(self, number: int | None, nodes: Any, at: int, go_on: Continue) -> int | None:
        def close(end: int) -> int | None:
            if number is not None:
                self._groups[number] = (at, end)
            return go_on(end)

        return self._sequence(nodes, 0, at, close)

    def _repeat(self, kind: Any, value: Any, at: int, go_on: Continue) -> int | None:
        least, most, nodes = value
        if len(nodes) == 1 and nodes[0][0] in _SINGLE:
            return self._repeat_single(kind, least, int(most), nodes[0], at, go_on)
        if kind is op.POSSESSIVE_REPEAT:
            raise NotImplementedError(kind)
        return self._repeat_again(kind, least, int(most), nodes, at, go_on, 0)

    def _repeat_single(self, kind: Any, least: int, most: int, node: Any, at: int, go_on: Continue) -> int | None:
        count, end = 0, min(len(self._text) - at, most)
        if kind is op.MIN_REPEAT:
            while True:
                if count >= least and (found := go_on(at + count)) is not None:
                    return found
                self._step()
                if count >= end or not self._fits(node, self._text[at + count]):
                    return None
                count += 1
        while count < end and self._fits(node, self._text[at + count]):
            self._step()
            count += 1
        for taken in range(count, least - 1, -1):
            if (found := go_on(at + taken)) is not None or kind is op.POSSESSIVE_REPEAT:
                return found
            self._step()
        return None

    def _repeat_again(
        self, kind: Any, least: int, most: int, nodes: Any, at: int, go_on: Continue, count: int
    ) -> int | None:
        def again() -> int | None:
            if count >= most:
                return None
            return self._sequence(
                nodes,
                0,
                at,
                lambda end: None if end == at else self._repeat_again(kind, least, most, nodes, end, go_on, count + 1),
            )

        if count < least:
            return again()
        if kind is op.MIN_REPEAT:
            return found if (found := go_on(at)) is not None else again()
        return found if (found := again()) is not None else go_on(at)

    def _looks(self, value: Any, at: int) -> bool:
        direction, nodes = value
        if direction > 0:
            return self._sequence(nodes, 0, at, lambda end: end) is not None
        width, _ = nodes.getwidth()
        return at >= width and self._sequence(nodes, 0, at - width, lambda end: end if end == at else None) is not None

    def _is_at(self, where: Any, at: int) -> bool:
        text = self._text
        if where in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
            lines = where is op.AT_BEGINNING and self._flags & re.MULTILINE
            return at == 0 or bool(lines and text[at - 1] == "\n")
        if where is op.AT_END_STRING:
            return at == len(text)
        if where is op.AT_END:
            return at >= len(text) - text.endswith("\n") or bool(self._flags & re.MULTILINE and text[at] == "\n")
        is_word = _CATEGORIES[op.CATEGORY_WORD]
        before, after = at > 0 and is_word(text[at - 1]), at < len(text) and is_word(text[at])
        return (before != after) is (where is op.AT_BOUNDARY)

    def _fits(self, node: Any, char: str) -> bool:
        kind, value = node
        if kind is op.ANY:
            return bool(self._flags & re.DOTALL) or char != "\n"
        if kind is op.IN:
            return self._is_in(value, char)
        return (self._fold(value) == char) is (kind is op.LITERAL)

    def _is_in(self, items: Any, char: str) -> bool:
        negated = False
        for kind, value in items:
            if kind is op.NEGATE:
                negated = True
            elif (
                (kind is op.LITERAL and self._fold(value) == char)
                or (kind is op.RANGE and self._is_between(value, char))
                or (kind is op.CATEGORY and _CATEGORIES[value](char))
            ):
                return not negated
        return negated

    def _is_between(self, value: Any, char: str) -> bool:
        low, high = value
        return low <= ord(char) <= high or bool(
            self._flags & re.IGNORECASE and any(low <= ord(each) <= high for each in char.upper())
        )

    def _fold(self, code: int) -> str:
        return chr(code).lower() if self._flags & re.IGNORECASE else chr(code)

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self._most:
            raise TooManySteps

"""Reads source code: Python by its own grammar, other languages by what stands at the left margin."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.reading import Piece, Progress, ReadItem
from bot.translation import gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import lines_of
from plugins.text.lines import Paragraph, name_lines, pack_paragraphs, paragraphs
from plugins.text.options import TextOptions

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_DEFINING = re.compile(
    r"(?:[\w<>\[\],.*&:]+\s+)*?(?:async\s+)?(?:function\*?|func|fn|def|class|interface|struct|enum|trait|impl|type|module|"
    r"namespace|sub|record|object)\b\s*(?:\([^)]*\)\s*)?([\w$.:<>]+)"
)
_CLOSING = re.compile(r"[\])};]+[;,]?\s*\Z|end\b")


@raise_only_unreadable(gettext_noop("source code"))
def read_code(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield functions and classes with their lines, and what stands between them."""
    lines = list(lines_of(path))
    if path.suffix.casefold() in (".py", ".pyi"):
        yield from _python([line for _, line in lines])
    else:
        yield from _margins(lines)
    yield Progress(lines[-1][0] if lines else 0, None, "lines")


def _python(lines: list[str]) -> Iterator[Piece]:
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse("\n".join(lines))
    # Of another version, or a template: it is still worth its text. What is nested too deep is a MemoryError to `ast`.
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield from _margins(list(enumerate(lines, 1)))
        return
    yield from _body(tree.body, lines, 1, len(lines), ())


def _body(
    body: Iterable[ast.stmt], lines: list[str], first: int, last: int, within: tuple[str, ...]
) -> Iterator[Piece]:
    """Yield the definitions of a module or class in their order, and what stands before, between and after them."""
    at = first
    for node in body:
        if not isinstance(node, _Definition):
            continue
        begins = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        yield from _rest(lines, at, begins - 1, within)
        yield from _definition(node, lines, begins, within)
        at = (node.end_lineno or node.lineno) + 1
    yield from _rest(lines, at, last, within)


def _definition(node: _Definition, lines: list[str], first: int, within: tuple[str, ...]) -> Iterator[Piece]:
    last = node.end_lineno or node.lineno
    if isinstance(node, ast.ClassDef) and any(isinstance(each, _Definition) for each in node.body):
        yield from _body(node.body, lines, first, last, (*within, f"class {node.name}"))
        return
    kind = "class" if isinstance(node, ast.ClassDef) else "def"
    yield Piece("\n".join(lines[first - 1 : last]), name_lines(first, last), (*within, f"{kind} {node.name}"))


def _rest(lines: list[str], first: int, last: int, within: tuple[str, ...]) -> Iterator[Piece]:
    yield from pack_paragraphs(paragraphs(enumerate(lines[first - 1 : last], first)), within)


def _margins(lines: list[tuple[int, str]]) -> Iterator[Piece]:
    """Yield what begins at the left margin with the indented lines under it, named where it defines something."""
    plain: list[Paragraph] = []
    for block in _blocks(lines):
        name = next((match[1] for line in block.text.split("\n") if (match := _DEFINING.match(line[:500]))), None)
        if name is None:
            plain.append(block)
            continue
        yield from pack_paragraphs(plain)
        plain = []
        yield Piece(block.text, name_lines(block.first, block.last), (name,))
    yield from pack_paragraphs(plain)


def _blocks(lines: list[tuple[int, str]]) -> Iterator[Paragraph]:
    """Yield stretches that begin at the margin after an empty line; one before an indented line cuts nothing."""
    held: list[tuple[int, str]] = []
    empty = False
    for number, line in lines:
        if held and empty and line[:1].strip() and not _CLOSING.match(line):
            yield _stretch(held)
            held = []
        empty = not line.strip()
        if held or not empty:
            held.append((number, line))
    if held:
        yield _stretch(held)


def _stretch(lines: list[tuple[int, str]]) -> Paragraph:
    while lines and not lines[-1][1].strip():
        lines.pop()
    return Paragraph("\n".join(line for _, line in lines), lines[0][0], lines[-1][0])

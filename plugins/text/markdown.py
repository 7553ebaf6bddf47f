"""Reads Markdown: by its headings, code left whole, with the title that its front matter gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.reading import About, Progress, ReadItem
from bot.translation import gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import lines_of
from plugins.text.lines import Paragraph, pack_paragraphs, paragraphs
from plugins.text.options import TextOptions

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*\Z")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*\Z")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MATTER = re.compile(r"(title|author)\s*:\s*(['\"]?)(.*?)\2\s*\Z", re.IGNORECASE)
_MOST_MATTER = 200


@raise_only_unreadable(gettext_noop("Markdown"))
def read_markdown(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield the sections of a Markdown file, each piece with its lines and the headings above it."""
    lines = list(lines_of(path))
    matter, lines = _front_matter(lines)
    title, author = matter.get("title"), matter.get("author")
    if title or author:
        yield About(title=title, author=author)
    for headings, parts in SectionReader().read(lines):
        yield from pack_paragraphs(parts, headings)
    yield Progress(lines[-1][0] if lines else 0, None, "lines")


class SectionReader:
    """Cuts Markdown at its headings, from one text to the next; `headings` are those that are open."""

    def __init__(self) -> None:
        self._stack: list[tuple[int, str]] = []

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings that what follows stands under, from the outermost."""
        return tuple(text for _, text in self._stack)

    def read(self, lines: list[tuple[int, str]]) -> Iterator[tuple[tuple[str, ...], Iterator[Paragraph]]]:
        """Yield the paragraphs of each section with its headings."""
        section: list[tuple[int, str]] = []
        for level, heading, line in _mark_headings(lines):
            if level == 0:
                section.append(line)
                continue
            yield self.headings, _blocks(section)
            section = []
            self._stack = [each for each in self._stack if each[0] < level] + [(level, heading)]
        yield self.headings, _blocks(section)


def _front_matter(lines: list[tuple[int, str]]) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """Return what the lines between the first two "---" say, and the lines after them."""
    if not lines or lines[0][1].strip() != "---":
        return {}, lines
    end = next((at for at, (_, line) in enumerate(lines[1:_MOST_MATTER], 1) if line.strip() in ("---", "...")), None)
    if end is None:
        return {}, lines
    found = (_MATTER.match(line) for _, line in lines[1:end])
    return {match[1].casefold(): match[3] for match in found if match and match[3]}, lines[end + 1 :]


def _mark_headings(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str, tuple[int, str]]]:
    """Yield each line with the level and text of the heading that it is; level 0 is none. Underlines are left out."""
    fence: str | None = None
    at = 0
    while at < len(lines):
        number, line = lines[at]
        at += 1
        if opened := _FENCE.match(line):
            fence = None if fence and line.strip().startswith(fence) else fence or opened[1]
        elif fence is None and (heading := _HEADING.match(line)):
            yield len(heading[1]), heading[2], (number, line)
            continue
        elif fence is None and line.strip() and at < len(lines) and _is_underlined(lines, at):
            yield 1 if "=" in lines[at][1] else 2, line.strip(), (number, line)
            at += 1
            continue
        yield 0, "", (number, line)


def _is_underlined(lines: list[tuple[int, str]], at: int) -> bool:
    """Whether line `at` underlines the one before it, which must stand alone."""
    alone = at < 2 or not lines[at - 2][1].strip()
    plain = not lines[at - 1][1].lstrip().startswith(("-", "*", "+", "|", ">"))
    return alone and plain and _UNDERLINE.match(lines[at][1]) is not None


def _blocks(section: list[tuple[int, str]]) -> Iterator[Paragraph]:
    """Yield the paragraphs of a section; code between fences is one, empty lines and all."""
    held: list[tuple[int, str]] = []
    fence: str | None = None
    for number, line in section:
        opened = _FENCE.match(line)
        if fence is None and opened:
            yield from paragraphs(held)
            held, fence = [(number, line)], opened[1]
            continue
        held.append((number, line))
        if fence is not None and line.strip().startswith(fence):
            yield _whole(held)
            held, fence = [], None
    if fence is not None:
        yield _whole(held)
    else:
        yield from paragraphs(held)


def _whole(lines: list[tuple[int, str]]) -> Paragraph:
    return Paragraph("\n".join(line for _, line in lines), lines[0][0], lines[-1][0])

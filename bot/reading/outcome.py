"""What came of reading a file, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reading.durations import format_duration
from bot.reading.pieces import Progress
from bot.translation import format_long_day, format_number, gettext, ngettext, ngettext_noop
from memory.document_records import DocumentChange

_UNITS = {
    "pages": ngettext_noop("{number} page", "{number} pages"),
    "slides": ngettext_noop("{number} slide", "{number} slides"),
    "sheets": ngettext_noop("{number} sheet", "{number} sheets"),
    "rows": ngettext_noop("{number} row", "{number} rows"),
    "lines": ngettext_noop("{number} line", "{number} lines"),
    "cells": ngettext_noop("{number} cell", "{number} cells"),
    "entries": ngettext_noop("{number} entry", "{number} entries"),
    "chapters": ngettext_noop("{number} chapter", "{number} chapters"),
    "passages": ngettext_noop("{number} passage", "{number} passages"),
    "files": ngettext_noop("{number} file", "{number} files"),
}
"""What readers count, by the word that they use for it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the sender of a file is told of it, and whether that `answers` what they asked with it.

    `words` are those of a voice note.
    """

    sentence: str
    answers: bool = False
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A file that was read or was known: how it changed the memory, how long it is, and what there is to say of it.

    `told` is what its reader wants to be told of it, and `answers` whether that answers what was asked with it.
    `words` is what is said in it, if it is short.
    """

    name: str
    change: DocumentChange
    extent: Progress | None = None
    notes: tuple[str, ...] = ()
    duplicate: bool = False
    told: str | None = None
    answers: bool = False
    words: str | None = None

    @property
    def passages(self) -> int:
        """How many passages the document has now."""
        return self.change.added + self.change.kept

    @property
    def unchanged(self) -> bool:
        """Whether the memory was left as it is."""
        return not (self.change.added or self.change.removed)

    def sentence(self, *, in_chat: bool = True) -> str:
        """Return what the sender is told: "I have read report.pdf: 12 pages, 48 passages. Ask me about it.".

        Where it is not `in_chat`, the last of that is left out. A reader may have its own words in place of all that.
        """
        if self.told and not self.duplicate:
            return " ".join([self.told, *self.notes])
        invited = in_chat and not self.duplicate and not (self.change.kept and not self.unchanged)
        return " ".join([self._first_sentence(), *([gettext("Ask me about it.")] if invited else []), *self.notes])

    def _first_sentence(self) -> str:
        document, change = self.change.document, self.change
        if self.duplicate:
            known = {"name": self.name, "day": format_long_day(document.added_at)}
            if document.name == self.name:
                return gettext("I have already read {name}, on {day}.", **known)
            return gettext("I have already read {name}, as {other}, on {day}.", other=document.name, **known)
        if change.kept and (change.added or change.removed):
            return gettext(
                "I have read {name} again: {added} new, {kept} as before, {removed} gone.",
                name=self.name,
                added=format_number(change.added),
                kept=format_number(change.kept),
                removed=format_number(change.removed),
            )
        size = [describe_extent(self.extent)] if self.extent is not None else []
        counted = ", ".join([*size, format_count(self.passages, "passages")])
        return gettext("I have read {name}: {counted}.", name=self.name, counted=counted)


def describe_extent(extent: Progress) -> str:
    """Return how long a file is: "12 pages", "1:02:03"."""
    total = extent.done if extent.total is None else extent.total
    return format_duration(total) if extent.unit == "seconds" else format_count(total, extent.unit)


def describe_progress(name: str, progress: Progress) -> str:
    """Return how far reading is: "Reading report.pdf … 12 of 48 pages", "Reading talk.mp3 … 0:42 of 1:02:03"."""
    is_time = progress.unit == "seconds"
    done = format_duration(progress.done) if is_time else format_number(progress.done)
    if progress.total is None:
        far = done if is_time else format_count(progress.done, progress.unit)
    else:
        total = format_duration(progress.total) if is_time else format_count(progress.total, progress.unit)
        far = gettext("{done} of {total}", done=done, total=total)
    return gettext("Reading {name} … {far}", name=name, far=far)


def format_count(number: int, unit: str) -> str:
    """Return "1 page", "2 pages", of a unit in the plural."""
    known = _UNITS.get(unit)
    if known is None:  # a plugin's own
        return f"{format_number(number)} {unit.removesuffix('s') if number == 1 else unit}"
    return ngettext(*known, number)

"""What came of reading a file, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reading.durations import format_duration
from bot.reading.pieces import Progress
from memory.document_records import DocumentChange


@dataclass(frozen=True, slots=True)
class Outcome:
    """A file that was read or was known: how it changed the memory, how long it is, and what there is to say of it."""

    name: str
    change: DocumentChange
    extent: Progress | None = None
    notes: tuple[str, ...] = ()
    duplicate: bool = False

    @property
    def passages(self) -> int:
        """How many passages the document has now."""
        return self.change.added + self.change.kept

    @property
    def unchanged(self) -> bool:
        """Whether the memory was left as it is."""
        return not (self.change.added or self.change.removed)

    def sentence(self) -> str:
        """Return what the sender is told: "I have read report.pdf: 12 pages, 48 passages. Ask me about it."."""
        return " ".join([self._first_sentence(), *self.notes])

    def _first_sentence(self) -> str:
        document, change = self.change.document, self.change
        if self.duplicate:
            when = f"{document.added_at.day} {document.added_at:%B %Y}"
            other = f" as {document.name}" if document.name != self.name else ""
            return f"I know {self.name} already: I read it{other} on {when}."
        if change.kept and (change.added or change.removed):
            parts = (f"{change.added:,} new", f"{change.kept:,} as before", f"{change.removed:,} gone")
            return f"I have read {self.name} again: {', '.join(parts)}."
        size = [describe_extent(self.extent)] if self.extent is not None else []
        return (
            f"I have read {self.name}: {', '.join([*size, format_count(self.passages, 'passages')])}. Ask me about it."
        )


def describe_extent(extent: Progress) -> str:
    """Return how long a file is: "12 pages", "1:02:03"."""
    total = extent.done if extent.total is None else extent.total
    return format_duration(total) if extent.unit == "seconds" else format_count(total, extent.unit)


def describe_progress(name: str, progress: Progress) -> str:
    """Return how far reading is: "Reading report.pdf … 12 of 48 pages", "Reading talk.mp3 … 0:42 of 1:02:03"."""
    if progress.unit == "seconds":
        whole = "" if progress.total is None else f" of {format_duration(progress.total)}"
        return f"Reading {name} … {format_duration(progress.done)}{whole}"
    done, total = f"{progress.done:,}", "" if progress.total is None else f" of {progress.total:,}"
    return f"Reading {name} … {done}{total} {progress.unit}"


def format_count(number: int, unit: str) -> str:
    """Return "1 page", "2 pages", of a unit in the plural."""
    return f"{number:,} {unit.removesuffix('s') if number == 1 else unit}"

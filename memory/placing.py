"""Makes new passages, and finds their position among those of the conversation by their own time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from memory.records import RECALLABLE, Entry
from memory.search.segment import clean
from memory.search.windows import SESSION_GAP
from memory.timestamps import micros, offset_minutes

_CHAINED = ("message", "system")


class ThreadPosition(NamedTuple):
    """Where a passage stands: the one before it in its session, and the session's id."""

    previous_id: int | None
    session_id: int
    id: int


class PlacedMessage(NamedTuple):
    """A message in its place."""

    id: int
    said_at: int
    session_id: int


FindNeighbour = Callable[[int, bool], Awaitable[PlacedMessage | None]]
"""Returns the last message up to a time or, with the flag, the first one later."""


class Thread:
    """Places messages that come sorted by time; asks for their neighbours (`seek`) only where they meet existing ones.

    `relinked` maps an existing message to the new one that now stands before it. Where new messages close the gap
    between two sessions, the later one becomes part of the earlier: `joined` names both, and when the later begins.
    """

    def __init__(self, find_neighbour: FindNeighbour) -> None:
        self._find_neighbour = find_neighbour
        self._before: PlacedMessage | None = None
        self._after: PlacedMessage | None = None
        self._sought = False
        self._last_is_new = False
        self.relinked: dict[int, int] = {}
        self.joined: dict[int, tuple[int, int]] = {}

    def passes(self, said_at: int) -> bool:
        """Tell whether a new message of this time comes after existing ones that are not known yet."""
        return not self._sought or (self._after is not None and said_at >= self._after.said_at)

    def place(self, passage_id: int, said_at: int) -> ThreadPosition:
        """Return the place of a new message; `said_at` must not decrease, nor pass what was sought."""
        before, after = self._before, self._after
        previous_id = None
        session_id = passage_id
        if before is not None and said_at - before.said_at <= SESSION_GAP:
            previous_id, session_id = before.id, before.session_id
        elif after is not None and after.said_at - said_at <= SESSION_GAP:
            session_id = after.session_id
        self._before = PlacedMessage(passage_id, said_at, session_id)
        self._last_is_new = True
        return ThreadPosition(previous_id, session_id, passage_id)

    def close(self) -> None:
        """Link the existing message after the last new one to it."""
        before, after = self._before, self._after
        if self._last_is_new and before and after and after.said_at - before.said_at <= SESSION_GAP:
            self.relinked[after.id] = before.id
            if after.session_id != before.session_id:
                self.joined[after.session_id] = (before.session_id, after.said_at)

    async def seek(self, said_at: int) -> None:
        """Find the existing messages around this time."""
        self.close()
        self._sought = True
        found = await self._neighbour(said_at, later=False)
        if found is not None and (self._before is None or found.said_at >= self._before.said_at):
            self._before = found
            self._last_is_new = False
        self._after = await self._neighbour(said_at, later=True)

    async def _neighbour(self, said_at: int, *, later: bool) -> PlacedMessage | None:
        found = await self._find_neighbour(said_at, later)
        return found and found._replace(session_id=self._session(found.session_id))

    def _session(self, session_id: int) -> int:
        return self.joined.get(session_id, (session_id,))[0]


class NewPassage(NamedTuple):
    """An entry that is not known yet, with the id it is given, and what of it is stored in another form."""

    id: int
    entry: Entry
    author: str
    text: str
    said_at: int
    said_offset: int

    @property
    def is_recallable(self) -> bool:
        """Whether it is found by its words and its meaning."""
        return self.entry.kind in RECALLABLE


def citation(source: int, entry: Entry) -> int:
    """Return the number, from 1 on, under which a source is cited; 0 where it is not."""
    return entry.cited.index(source) + 1 if source in entry.cited else 0


def new_passage(passage_id: int, entry: Entry) -> NewPassage:
    """Return an entry as it is stored under an id. Raises ValueError as `memory.timestamps.micros` does."""
    said_at = entry.said_at
    return NewPassage(
        passage_id, entry, clean(entry.author), clean(entry.text), micros(said_at), offset_minutes(said_at)
    )


async def place_passages(
    find_neighbour: FindNeighbour, new: Sequence[NewPassage]
) -> tuple[dict[int, ThreadPosition], Thread]:
    """Return where new passages stand in the conversation, and what that changes for old ones."""
    places: dict[int, ThreadPosition] = {}
    pieces: dict[int, ThreadPosition] = {}
    thread = Thread(find_neighbour)
    for each in sorted(new, key=lambda each: each.said_at):
        if each.entry.kind in _CHAINED:
            if thread.passes(each.said_at):
                await thread.seek(each.said_at)
            places[each.id] = thread.place(each.id, each.said_at)
    for each in new:
        document = each.entry.document_id
        if document is not None:
            last = pieces.get(document)
            place = (
                ThreadPosition(last.id, last.session_id, each.id) if last else ThreadPosition(None, each.id, each.id)
            )
            places[each.id] = pieces[document] = place
    thread.close()
    return places, thread

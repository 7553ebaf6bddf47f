"""The memory as a plain dictionary: what must be true of it after any sequence of calls."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from memory import RECALLABLE, Scope, Selection
from memory.search.windows import SESSION_GAP
from tests.memory.sayings import at

MADE_BY_THE_BOT = ("fact", "answer", "command")
GAP_MINUTES = SESSION_GAP / 60_000_000


def token(number: int) -> str:
    """A word that occurs nowhere else, and that stemming leaves alone."""
    return f"{hashlib.sha256(str(number).encode()).hexdigest()[:12]}q7"


@dataclass(frozen=True)
class Said:
    """One passage, as the model holds it."""

    id: int
    home: int
    kind: str
    author: str
    minutes: int
    words: tuple[str, ...]
    event: str | None = None
    drawn_from: tuple[int, ...] = ()
    document: int | None = None

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass
class Model:
    said: dict[int, Said] = field(default_factory=dict)
    keys: dict[int, str | None] = field(default_factory=dict)
    until: dict[int, int | None] = field(default_factory=dict)
    waiting: dict[int, str] = field(default_factory=dict)
    unsent: dict[int, tuple[int, frozenset[int], str]] = field(default_factory=dict)
    """By their ids: where replies wait, what they were made from, and what they say."""
    gone: set[str] = field(default_factory=set)

    def put(self, said: Said) -> None:
        self.said[said.id] = replace(said, drawn_from=tuple(at for at in said.drawn_from if at in self.said))

    def by_event(self, home: int, event: str | None) -> Said | None:
        return next((each for each in self.said.values() if event and (each.home, each.event) == (home, event)), None)

    def change(self, said: Said, words: tuple[str, ...]) -> None:
        """A message is edited: the facts and replies that were made from it go, and what was made from these."""
        self.gone |= set(said.words)
        made = {each.id: each.kind for each in self.said.values() if said.id in each.drawn_from}
        for fact in [each for each, kind in made.items() if kind == "fact"]:
            self.reopen(fact)
        self.forget(self.with_what_was_drawn_from({each for each, kind in made.items() if kind in MADE_BY_THE_BOT}))
        self.unsent = {at: row for at, row in self.unsent.items() if said.id not in row[1]}
        if said.id in self.said:
            self.said[said.id] = replace(self.said[said.id], words=words)

    def chosen(self, scope: Scope, selection: Selection) -> set[int]:
        return {each.id for each in self.said.values() if _visible(each, scope) and _fits(each, selection)}

    def with_what_was_drawn_from(self, ids: set[int]) -> set[int]:
        more = {each.id for each in self.said.values() if ids & set(each.drawn_from)} - ids
        return self.with_what_was_drawn_from(ids | more) if more else ids

    def forget(self, doomed: set[int]) -> None:
        self.gone |= {word for at in doomed for word in self.said[at].words}
        self.unsent = {at: row for at, row in self.unsent.items() if not row[1] & doomed}
        for home in (self.said, self.keys, self.until, self.waiting):
            for each in doomed & home.keys():
                del home[each]
        for said in list(self.said.values()):
            self.put(said)

    def documents(self) -> set[int]:
        return {each.document for each in self.said.values() if each.document is not None}

    def homes(self) -> set[int]:
        return {each.home for each in self.said.values()} | {home for home, _, _ in self.unsent.values()}

    def recallable(self) -> set[int]:
        return {each.id for each in self.said.values() if each.kind in RECALLABLE}

    def holding(self, word: str) -> set[int]:
        """The recallable passages that have a word themselves."""
        return {at for at in self.recallable() if word in self.said[at].words}

    def windows_holding(self, word: str) -> set[int]:
        """The recallable passages that have a word themselves or within two messages before them."""
        holders = self.holding(word)
        before = dict(self.links())
        return {at for at in self.recallable() if {at, before.get(at), before.get(before.get(at) or 0)} & holders}

    def links(self) -> Iterator[tuple[int, int]]:
        """Each message with the one before it in its session."""
        threads = sorted(
            (each for each in self.said.values() if each.kind in ("message", "system")),
            key=lambda each: (each.home, each.minutes, each.id),
        )
        for one, two in pairwise(threads):
            if one.home == two.home and two.minutes - one.minutes <= GAP_MINUTES:
                yield two.id, one.id

    def put_fact(self, said: Said, key: str | None) -> None:
        self.put(said)
        rivals = {at: self.said[at].minutes for at in self.keys if key and self._same_key(at, said.home, key)}
        for rival, minutes in rivals.items():
            until = self.until[rival]
            if minutes <= said.minutes and (until is None or until > said.minutes):
                self.until[rival] = said.minutes
        self.keys[said.id] = key
        self.until[said.id] = min((minutes for minutes in rivals.values() if minutes > said.minutes), default=None)

    def reopen(self, gone: int) -> None:
        """A fact is taken back: what it closed holds as long as it did."""
        fact, key = self.said[gone], self.keys[gone]
        for rival in self.keys:
            if rival != gone and key and self._same_key(rival, fact.home, key) and self.until[rival] == fact.minutes:
                self.until[rival] = self.until[gone]

    def open_facts(self) -> set[int]:
        return {at for at, until in self.until.items() if until is None}

    def _same_key(self, at: int, home: int, key: str) -> bool:
        return self.said[at].home == home and (self.keys[at] or "").casefold() == key.casefold()


def _visible(said: Said, scope: Scope) -> bool:
    return scope.everything or said.home in scope.conversation_ids


def _fits(said: Said, selection: Selection) -> bool:
    return all(
        (
            not selection.passage_ids or said.id in selection.passage_ids,
            selection.matching is None or selection.matching.casefold() in said.text.casefold(),
            selection.conversation_id in (None, said.home),
            selection.person is None or selection.person.casefold() == said.author.casefold(),
            selection.since is None or at(said.minutes) >= selection.since,
            selection.until is None or at(said.minutes) < selection.until,
            not selection.kinds or said.kind in selection.kinds,
            selection.event_prefix is None or (said.event or "").startswith(selection.event_prefix or "x"),
        )
    )

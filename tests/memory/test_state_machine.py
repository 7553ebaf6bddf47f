"""Drives the memory with anything anybody may do, and compares it with a plain dictionary after every step."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from memory import ConversationRecord, Entry, Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from tests.memory.plain_model import Model, Said, token
from tests.memory.sayings import EVERYTHING, at, bytes_on_disk, rows

T = TypeVar("T")
HOMES = st.sampled_from(["one", "two", "three"])
AUTHORS = st.sampled_from(["Mara", "Noor", "Zoë"])
MINUTES = st.integers(0, 900)
EVENTS = st.none() | st.sampled_from(["e:1", "e:2", "f:3", "f:4"])
SAYINGS = st.tuples(MINUTES, AUTHORS, EVENTS, st.sampled_from(["message", "message", "message", "system"]))
COMMON = ("zeppelin", "lisbon", "hotel")
RARE = 5
"""Of a forgotten vector's bytes, as many in a row as no other vector has by chance."""


class MemoryMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "memory.db"
        self.model = Model()
        self.tokens = 0
        self.sent = 0
        self.open()

    def open(self) -> None:
        self.stack = AsyncExitStack()
        self.memory = self.run(self.stack.enter_async_context(Memory.open(self.path, HashingEmbedder())))

    def run(self, call: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await call

        return self.runner.run(awaited())

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()

    def home(self, name: str) -> ConversationRecord:
        return self.run(self.memory.conversations.ensure("test", name))

    def words(self) -> tuple[str, ...]:
        self.tokens += 1
        return (COMMON[self.tokens % 3], token(self.tokens))

    def entry(self, said: Said) -> Entry:
        return Entry(
            said.text, at(said.minutes), said.author, kind=said.kind, event_id=said.event, drawn_from=said.drawn_from  # type: ignore[arg-type]  # the model's kinds are plain strings
        )  # fmt: skip

    def some_ids(self, data: st.DataObject, most: int = 3) -> tuple[int, ...]:
        known = sorted(self.model.said)
        return tuple(data.draw(st.lists(st.sampled_from(known), unique=True, max_size=most))) if known else ()

    # what comes in

    @rule(name=HOMES, sayings=st.lists(SAYINGS, min_size=1, max_size=4))
    def add(self, name: str, sayings: list[tuple[int, str, str | None, str]]) -> None:
        home = self.home(name)
        made = [Said(0, home.id, kind, who, minutes, self.words(), event) for minutes, who, event, kind in sayings]
        stored = self.run(self.memory.passages.add(home, [self.entry(said) for said in made]))
        for said, outcome in zip(made, stored, strict=True):
            known = self.model.by_event(home.id, said.event)
            assert outcome.new == (known is None)
            if known is None:
                self.model.put(replace(said, id=outcome.id))
            else:
                assert outcome.id == known.id

    @rule(name=HOMES, event=EVENTS.filter(bool))
    def edit(self, name: str, event: str) -> None:
        home = self.home(name)
        known, words = self.model.by_event(home.id, event), self.words()
        edited = self.run(self.memory.passages.edit(home, event, " ".join(words)))
        assert (edited is not None) == (known is not None)
        if known is not None:
            self.model.change(known, words)

    @rule(name=HOMES, minutes=MINUTES, key=st.sampled_from([None, "wifi", "WiFi", "key"]), data=st.data())
    def add_fact(self, name: str, minutes: int, key: str | None, data: st.DataObject) -> None:
        home = self.home(name)
        said = Said(0, home.id, "fact", "Mara", minutes, self.words(), drawn_from=self.some_ids(data))
        fact = self.run(self.memory.facts.add(home, self.entry(said), key=key))
        assert set(fact.evidence) == set(said.drawn_from)
        self.model.put_fact(replace(said, id=fact.passage_id), key)

    @rule(name=HOMES, sha=st.sampled_from("ab"), pieces=st.integers(1, 3))
    def add_document(self, name: str, sha: str, pieces: int) -> None:
        home = self.home(name)
        made = [Said(0, home.id, "document", "", 0, self.words()) for _ in range(pieces)]
        document = self.run(
            self.memory.documents.add(home, "a.txt", "text/plain", sha, [self.entry(said) for said in made])
        )
        if document.id in self.model.documents():
            return
        found = self.run(self.memory.passages.select(Scope.all(), EVERYTHING, limit=9999))
        ids = sorted(passage.id for passage in found if passage.document_id == document.id)
        for said, passage_id in zip(made, ids, strict=True):
            self.model.put(replace(said, id=passage_id, document=document.id))

    # a message's way through the bot

    @rule(name=HOMES, minutes=MINUTES, event=EVENTS)
    def receive(self, name: str, minutes: int, event: str | None) -> None:
        home = self.home(name)
        said = Said(0, home.id, "message", "Noor", minutes, self.words(), event)
        known = self.model.by_event(home.id, event)
        stored = self.run(self.memory.delivery.receive(home, self.entry(said), f"payload {said.text}"))
        assert stored.new == (known is None)
        if known is None:
            self.model.put(replace(said, id=stored.id))
            self.model.waiting[stored.id] = f"payload {said.text}"

    @precondition(lambda self: self.model.waiting)
    @rule(data=st.data())
    def handle(self, data: st.DataObject) -> None:
        passage_id = data.draw(st.sampled_from(sorted(self.model.waiting)))
        self.run(self.memory.delivery.mark_handled(passage_id))
        del self.model.waiting[passage_id]

    @rule(name=HOMES, data=st.data())
    def queue_reply(self, name: str, data: st.DataObject) -> None:
        home = self.home(name)
        answered = data.draw(st.sampled_from([None, *sorted(self.model.said)]))
        quoted = self.some_ids(data, most=2)
        payload = f"reply {len(self.model.unsent)}"
        outgoing = self.run(self.memory.delivery.queue_reply(home, answered, payload, quoted))
        self.model.unsent[outgoing.id] = (
            home.id,
            frozenset(quoted + (() if answered is None else (answered,))),
            outgoing.payload,
        )
        self.model.waiting.pop(answered or 0, None)

    @precondition(lambda self: self.model.unsent)
    @rule(data=st.data(), minutes=MINUTES)
    def send(self, data: st.DataObject, minutes: int) -> None:
        outgoing = data.draw(st.sampled_from(self.run(self.memory.delivery.list_unsent())))
        home, made_from, _ = self.model.unsent.pop(outgoing.id)
        self.sent += 1
        said = Said(0, home, "answer", "bot", minutes, self.words(), f"answer {self.sent}", self.some_ids(data))
        stored = self.run(self.memory.delivery.mark_sent(outgoing, self.entry(said)))
        assert stored is not None
        self.model.put(replace(said, id=stored.id, drawn_from=(*said.drawn_from, *made_from)))

    # what happens beside

    @rule()
    def embed(self) -> None:
        waiting = self.run(self.memory.embeddings.count_pending())
        assert self.run(self.memory.embeddings.embed_pending()) == waiting
        assert self.run(self.memory.embeddings.count_pending()) == 0

    @rule()
    def reopen(self) -> None:
        self.run(self.stack.aclose())
        self.open()

    # forgetting

    @precondition(lambda self: self.model.said)
    @rule(data=st.data(), walled=st.booleans(), name=HOMES)
    def forget(self, data: st.DataObject, walled: bool, name: str) -> None:  # noqa: FBT001 (Hypothesis passes it by name)
        home = self.home(name)
        scope = Scope.of_conversation(home.id) if walled else Scope.all()
        selection = data.draw(st.one_of(*map(st.just, self.selections(data, home))))
        doomed = self.model.with_what_was_drawn_from(self.model.chosen(scope, selection))
        vectors, secrets = self.vectors_of(doomed)
        before = (self.model.documents(), self.model.homes())
        kinds = [self.model.said[each].kind for each in doomed]
        recallable = len(doomed & self.model.recallable())
        self.model.forget(doomed)
        receipt = self.run(self.memory.forget(scope, selection))
        assert (receipt.passages, receipt.vectors, receipt.full_text) == (len(doomed), vectors, recallable)
        assert (receipt.facts, receipt.answers) == (kinds.count("fact"), kinds.count("answer"))
        assert receipt.documents == len(before[0] - self.model.documents())
        assert receipt.conversations == len(before[1] - self.model.homes())
        self.nothing_is_left_on_disk(secrets)

    def selections(self, data: st.DataObject, home: ConversationRecord) -> list[Selection]:
        minute = data.draw(MINUTES)
        known = sorted(self.model.said)
        word = self.model.said[data.draw(st.sampled_from(known))].words[data.draw(st.integers(0, 1))]
        return [
            Selection(passage_ids=(data.draw(st.sampled_from(known)),)),
            Selection(matching=word.upper()),
            Selection(conversation_id=home.id),
            Selection(person=data.draw(AUTHORS).upper()),
            Selection(since=at(minute), until=at(minute + 300)),
            Selection(until=at(minute), person=data.draw(AUTHORS)),
            Selection(kinds=("fact", "answer")),
            Selection(event_prefix="f:"),
            EVERYTHING,
        ]

    def vectors_of(self, passage_ids: set[int]) -> tuple[int, list[bytes]]:
        """How many of the passages have a vector, and bytes that give their vectors and signs away."""
        found = [row for row in rows(self.path, "SELECT passage_id, vector FROM vectors_1") if row[0] in passage_ids]
        return len(found), [telling(vector) for _, vector in found]

    def nothing_is_left_on_disk(self, secrets: list[bytes]) -> None:
        disk = bytes_on_disk(self.path)
        living = b"".join(row[0] for row in rows(self.path, "SELECT vector FROM vectors_1"))
        assert [word for word in self.model.gone if word[3:].encode() in disk and word not in COMMON] == []
        assert [secret for secret in secrets if secret in disk and secret not in living] == []

    # what must always hold

    @invariant()
    def the_store_agrees_with_itself(self) -> None:
        assert self.run(self.memory.upkeep.check()) == []

    @invariant()
    def passages_are_those_of_the_model(self) -> None:
        found = self.run(self.memory.passages.select(Scope.all(), EVERYTHING, limit=9999))
        seen = {each.id: (each.conversation.id, each.kind, each.author, each.said_at, each.text) for each in found}
        assert seen == {
            each.id: (each.home, each.kind, each.author, at(each.minutes), each.text)
            for each in self.model.said.values()
        }
        assert len(found) == len(seen)

    @invariant()
    def messages_are_threaded_as_in_the_model(self) -> None:
        linked = rows(self.path, "SELECT id, previous_id FROM passages WHERE previous_id > 0 AND document_id IS NULL")
        assert sorted(linked) == sorted(self.model.links())

    @invariant()
    def words_lead_to_what_has_them_and_nothing_else(self) -> None:
        for word in [*COMMON, *(each.words[1] for each in self.model.said.values())]:
            assert self.indexed("turn_words", word) == self.model.holding(word)
            assert self.indexed("window_words", word) == self.model.windows_holding(word)
        for word in self.model.gone - set(COMMON):
            assert not self.indexed("turn_words", word)
            assert not self.indexed("window_words", word)

    def indexed(self, index: str, word: str) -> set[int]:
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH ?"  # noqa: S608 (the index is named here)
        return {row[0] for row in rows(self.path, sql, f'"{word}"')}

    @invariant()
    def facts_are_those_of_the_model_with_their_evidence(self) -> None:
        found = self.run(self.memory.facts.select(Scope.all(), include_closed=True))
        assert {each.passage_id: (each.key, set(each.evidence)) for each in found} == {
            at: (key, set(self.model.said[at].drawn_from)) for at, key in self.model.keys.items()
        }
        still = self.run(self.memory.facts.select(Scope.all()))
        assert {each.passage_id for each in still} == self.model.open_facts()

    @invariant()
    def what_waits_is_what_the_model_says(self) -> None:
        assert {
            each.passage_id: each.payload for each in self.run(self.memory.delivery.list_waiting())
        } == self.model.waiting
        unsent = self.run(self.memory.delivery.list_unsent())
        expected = {at: (home, payload) for at, (home, _, payload) in self.model.unsent.items()}
        assert {each.id: (each.conversation_id, each.payload) for each in unsent} == expected


def telling(vector: bytes) -> bytes:
    """The most telling bytes of a vector: those of a few neighbouring dimensions that are not zero."""
    starts = range(0, len(vector) - 4 * RARE, 4)
    return max((vector[start : start + 4 * RARE] for start in starts), key=lambda part: len(part.replace(b"\0", b"")))


MemoryMachine.TestCase.settings = settings(max_examples=settings().max_examples // 4, stateful_step_count=25)
TestMemoryAgainstAPlainModel = MemoryMachine.TestCase

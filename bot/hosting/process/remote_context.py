"""The context of a handler that runs in a process of its own: the same SDK, whose calls go to the bot."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

from pydantic import JsonValue

from bot.access.scoped_access import ScopedAccess
from bot.access.scoped_memory import ScopedMemory
from bot.access.sources import HandlerSources
from bot.answering.writer import Examples, Writer
from bot.configuration.timezones import zone_of
from bot.context import Context, HandlerIO
from bot.errors import PluginError
from bot.events import Attachment
from bot.hosting.process.context_snapshot import BotFacts, ContextFacts, JobFacts, PlaceFacts
from bot.hosting.process.errors import to_exception
from bot.hosting.process.manifest import CommandRecord, read
from bot.hosting.process.marshal import Call, remote
from bot.hosting.process.peer import Peer, RemoteError
from bot.hosting.store import PluginStore, Values
from bot.jobs.context import JobContext
from bot.jobs.planning import Planner
from bot.models.json_answer import JsonSchema
from bot.pipeline.received import Received
from bot.plugin import Command
from bot.reading.incoming import IncomingFile
from memory.records import Scope

_BYTES_PER_TOKEN = 3
_HERE_ONLY = "can't be used by a plugin in a separate process"


def remote_context(facts: ContextFacts, peer: Peer, run: int) -> Context:
    """Return the context of one call, whose number the bot has given."""
    call = make_caller(peer, run=run)
    return Context(
        message=facts.message,
        memory=remote(
            _RemoteMemory, "memory", call, _keeps=facts.keeps, _is_owner=facts.is_owner, _person=facts.person
        ),
        access=remote(ScopedAccess, "access", call, role=facts.role),
        io=remote(_RemoteIO, "io", call, peer=peer, run=run),  # type: ignore[type-abstract] # what it lacks is made there
        store=_RemoteStore(call),
        jobs=remote(Planner, "jobs", call),
        is_owner=facts.is_owner,
        commands=tuple(_read_command(record) for record in facts.commands),
        zone=None if facts.zone is None else zone_of(facts.zone),
        sources=HandlerSources.of(facts.drawn_from),
    )


def make_caller(peer: Peer, **about: object) -> Call:
    """Return how methods are called at the other end; what they raise there is raised here."""

    async def call(method: str, arguments: dict[str, Any]) -> Any:
        try:
            return await peer.call(method, arguments=arguments, **about)
        except RemoteError as error:
            raise to_exception(error) from None

    return call


def remote_job_context(facts: JobFacts, peer: Peer, run: int) -> JobContext:
    """Return the context of one call of a job."""
    call = make_caller(peer, run=run)
    zone = zone_of(facts.zone)
    resources = None if facts.place is None else _make_resources(facts.place, call)
    due, now = facts.due.astimezone(zone), facts.now.astimezone(zone)
    return JobContext(facts.plugin, facts.name, facts.payload, due, now, zone, resources)


@dataclass(frozen=True, slots=True)
class _RemoteResources:
    """What a job may use, at the other end."""

    received: Received
    keeps: bool
    sources: HandlerSources
    call: Call

    def memory(self) -> ScopedMemory:
        received = self.received
        person, is_owner = received.person, received.is_owner
        return remote(_RemoteMemory, "memory", self.call, _keeps=self.keeps, _is_owner=is_owner, _person=person)

    def store(self, plugin: str) -> PluginStore:  # noqa: ARG002 (the other end knows which)
        return _RemoteStore(self.call)

    def planner(self, plugin: str) -> Planner:  # noqa: ARG002 (as above)
        return remote(Planner, "jobs", self.call)


def _make_resources(place: PlaceFacts, call: Call) -> _RemoteResources:
    received = Received(place.message, None, place.person, place.conversation, Scope(), place.role)
    return _RemoteResources(received, place.keeps, HandlerSources.of(place.drawn_from), call)


class RemoteWriter(Writer):
    """The bot's model; how many tokens a text has is estimated here, on the safe side."""

    def __init__(self, facts: BotFacts, call: Call) -> None:
        self._facts = facts
        self._ask = call

    @property
    def is_there(self) -> bool:
        """Whether there is a model that writes."""
        return self._facts.writes

    @property
    def may_see_pictures(self) -> bool:
        """Whether it may: no, pictures are not passed on to the bot."""
        return False

    async def sees_pictures(self) -> bool:
        """Say that it does not."""
        return False

    @property
    def name(self) -> str:
        """The model's name."""
        return self._facts.model

    def count(self, text: str) -> int:
        """Estimate how many tokens a text has."""
        return len(text.encode()) // _BYTES_PER_TOKEN + 1

    def room(self, task: str, max_tokens: int, examples: Examples = ()) -> int:
        """Estimate how many tokens of material fit beside a task, its examples and what is to be written."""
        shown = sum(self.count(each) for pair in examples for each in pair)
        return max(0, self._facts.room - self.count(task) - shown - max_tokens)

    async def write(
        self,
        task: str,
        material: str,
        *,
        max_tokens: int,
        grow: Callable[[str], None] | None = None,
        examples: Examples = (),
    ) -> str:
        """Return what the model writes; `grow` is shown it once, whole."""
        asked = {
            "task": task,
            "material": material,
            "max_tokens": max_tokens,
            "examples": [list(it) for it in examples],
        }
        text = str(await self._ask("model.write", asked))
        if grow is not None:
            grow(text)
        return text

    async def write_json(
        self, task: str, material: str, schema: JsonSchema, *, max_tokens: int
    ) -> dict[str, JsonValue]:
        """Return an object that the model writes by a JSON schema."""
        asked = {"task": task, "material": material, "schema": schema, "max_tokens": max_tokens}
        return dict(await self._ask("model.write_json", asked))


class _RemoteMemory(ScopedMemory):
    def histories(self) -> NoReturn:
        raise PluginError(f"context.memory.histories() {_HERE_ONLY}")


class _RemoteStore(PluginStore):
    def __init__(self, call: Call) -> None:
        self.here = remote(Values, "store.here", call)
        self.mine = remote(Values, "store.mine", call)
        self.everywhere = remote(Values, "store.everywhere", call)


class _RemoteIO(HandlerIO):
    peer: Peer
    run: int

    def stop(self) -> NoReturn:
        raise PluginError(f"context.stop() {_HERE_ONLY}")

    async def read(self, file: IncomingFile) -> NoReturn:  # noqa: ARG002 (the protocol's)
        raise PluginError(f"context.read() {_HERE_ONLY}")

    @asynccontextmanager
    async def growing(self) -> AsyncIterator[Callable[[str], None]]:
        call = make_caller(self.peer, run=self.run)
        await call("io.growing", {})
        yield lambda text: self.peer.notify("io.grow", run=self.run, text=text)
        await call("io.grown", {})

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        call = make_caller(self.peer, run=self.run)
        handle = await call("io.fetch", {"attachment": asdict(attachment)})
        while (piece := await call("io.fetched", {"handle": handle})) is not None:
            yield base64.b64decode(piece)


def _read_command(record: CommandRecord) -> Command:
    command = read(record, _refuse_to_run, "")
    if not isinstance(command, Command):
        raise TypeError(record.kind)
    return command


async def _refuse_to_run(*_: object) -> NoReturn:
    raise PluginError("only the bot can run another plugin's command")

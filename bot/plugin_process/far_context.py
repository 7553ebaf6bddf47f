"""The context of a handler that runs in a process of its own: the same SDK, whose calls go to the bot."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, NoReturn

from pydantic import JsonValue, TypeAdapter

from bot.access import Role
from bot.context import Context, Talk
from bot.errors import PluginError
from bot.events import Attachment, Message
from bot.jobs_planning import PlannedJob, Planner
from bot.plugin import Command
from bot.plugin_process.errors import raised
from bot.plugin_process.manifest import CommandRecord, read, written
from bot.plugin_process.marshal import Call, remote
from bot.plugin_process.peer import Peer, RemoteError
from bot.plugin_store import PluginStore, Values
from bot.reading.incoming import IncomingFile
from bot.scoped import ScopedMemory
from bot.scoped_access import ScopedAccess
from bot.timezones import LOCAL, LocalZone, zone_of
from memory.records import Person

_HERE_ONLY = "can't be used by a plugin in a process of its own"


@dataclass(frozen=True)
class Facts:
    """What a context holds that is sent along with the call; the rest is asked for."""

    message: Message
    person: Person
    keeps: bool
    is_owner: bool
    role: Role
    zone: str | None
    commands: tuple[CommandRecord, ...]


@dataclass(frozen=True)
class JobOrder:
    """What is to be called later: `Planner.later`, with the method's name."""

    method: str
    when: datetime | timedelta
    payload: JsonValue
    repeats: str | timedelta | None
    zone: str | None


_ORDER = TypeAdapter(JobOrder)
_PLANNED = TypeAdapter(PlannedJob)


def facts_of(context: Context) -> Facts:
    """Return what of a context is sent."""
    records = (written(command.name, command, streams=False) for command in context.commands)
    return Facts(
        message=context.message,
        person=context.memory.person,
        keeps=context.memory.keeps,
        is_owner=context.is_owner,
        role=context.access.role,
        zone=_zone_name(context.zone),
        commands=tuple(record for record in records if isinstance(record, CommandRecord)),
    )


def far_context(facts: Facts, peer: Peer, run: int) -> Context:
    """Return the context of one call, whose number the bot has given."""
    call = calling(peer, run=run)
    return Context(
        message=facts.message,
        memory=remote(_FarMemory, "memory", call, _keeps=facts.keeps, _is_owner=facts.is_owner, _person=facts.person),
        access=remote(ScopedAccess, "access", call, role=facts.role),
        talk=remote(_FarTalk, "talk", call, peer=peer, run=run),  # type: ignore[type-abstract] # what it lacks is made there
        store=_FarStore(call),
        jobs=remote(_FarPlanner, "jobs", call, ask=call),
        is_owner=facts.is_owner,
        commands=tuple(_command(record) for record in facts.commands),
        zone=None if facts.zone is None else zone_of(facts.zone),
    )


def calling(peer: Peer, **about: object) -> Call:
    """Return how methods are called at the other end; what they raise there is raised here."""

    async def call(method: str, arguments: dict[str, Any]) -> Any:
        try:
            return await peer.call(method, arguments=arguments, **about)
        except RemoteError as error:
            raise raised(error) from None

    return call


class _FarMemory(ScopedMemory):
    def histories(self) -> NoReturn:
        raise PluginError(f"context.memory.histories() {_HERE_ONLY}")


class _FarStore(PluginStore):
    def __init__(self, call: Call) -> None:
        self.here = remote(Values, "store.here", call)
        self.mine = remote(Values, "store.mine", call)
        self.everywhere = remote(Values, "store.everywhere", call)


class _FarPlanner(Planner):
    ask: Call

    async def later(
        self,
        method: Callable[..., object],
        when: datetime | timedelta,
        payload: JsonValue = None,
        *,
        repeats: str | timedelta | None = None,
        zone: str | None = None,
    ) -> PlannedJob:
        name = getattr(method, "__name__", repr(method))
        order = JobOrder(name, when, payload, repeats, zone)
        return _PLANNED.validate_python(await self.ask("jobs.later", _ORDER.dump_python(order, mode="json")))


class _FarTalk(Talk):
    peer: Peer
    run: int

    def stop(self) -> NoReturn:
        raise PluginError(f"context.stop() {_HERE_ONLY}")

    async def read(self, file: IncomingFile) -> NoReturn:  # noqa: ARG002 (the protocol's)
        raise PluginError(f"context.read() {_HERE_ONLY}")

    @asynccontextmanager
    async def growing(self) -> AsyncIterator[Callable[[str], None]]:
        call = calling(self.peer, run=self.run)
        await call("talk.growing", {})
        yield lambda text: self.peer.notify("talk.grow", run=self.run, text=text)
        await call("talk.grown", {})

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        call = calling(self.peer, run=self.run)
        handle = await call("talk.fetch", {"attachment": asdict(attachment)})
        while (piece := await call("talk.fetched", {"handle": handle})) is not None:
            yield base64.b64decode(piece)


def _command(record: CommandRecord) -> Command:
    command = read(record, _elsewhere, "")
    if not isinstance(command, Command):
        raise TypeError(record.kind)
    return command


async def _elsewhere(*_: object) -> NoReturn:
    raise PluginError("only the bot can run another plugin's command")


def _zone_name(zone: tzinfo | None) -> str | None:
    return None if zone is None else LOCAL if isinstance(zone, LocalZone) else getattr(zone, "key", "UTC")

"""The part of a context that is sent with a call, as JSON; the process asks for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from pydantic import JsonValue, TypeAdapter

from bot.access.policy import Role
from bot.answering.writer import Writer
from bot.configuration.timezones import LOCAL, LocalZone
from bot.context import Context
from bot.events import Message
from bot.hosting.process.manifest import CommandRecord, write_record
from bot.jobs.context import JobContext
from bot.plugin import Plugin
from bot.translation import current_language
from memory.records import ConversationRecord, PersonRecord


@dataclass(frozen=True)
class ContextFacts:
    """What is known of a message, and of whoever sent it."""

    message: Message
    person: PersonRecord
    keeps: bool
    is_owner: bool
    role: Role
    zone: str | None
    commands: tuple[CommandRecord, ...]
    drawn_from: tuple[int, ...]
    language: str


@dataclass(frozen=True)
class PlaceFacts:
    """For whom and where a job was planned."""

    message: Message
    person: PersonRecord
    conversation: ConversationRecord
    role: Role
    keeps: bool
    drawn_from: tuple[int, ...]


@dataclass(frozen=True)
class JobFacts:
    """What is known of a call of a job; `place` is None for one that the plugin declares of itself."""

    plugin: str
    name: str
    payload: JsonValue
    due: datetime
    now: datetime
    zone: str
    place: PlaceFacts | None
    language: str


@dataclass(frozen=True)
class BotFacts:
    """What a plugin is given when it starts. `room` is how many tokens the model takes at once, 0 without one."""

    data_dir: Path
    model: str
    writes: bool
    room: int


FACTS: TypeAdapter[ContextFacts] = TypeAdapter(ContextFacts)
JOB_FACTS: TypeAdapter[JobFacts] = TypeAdapter(JobFacts)
BOT_FACTS: TypeAdapter[BotFacts] = TypeAdapter(BotFacts)


def write_context(context: Context | JobContext) -> Any:
    """Return a context as it is sent."""
    if isinstance(context, JobContext):
        return JOB_FACTS.dump_python(_write_job(context), mode="json")
    records = (write_record(command.name, command, streams=False) for command in context.commands)
    facts = ContextFacts(
        message=context.message,
        person=context.memory.person,
        keeps=context.memory.keeps,
        is_owner=context.is_owner,
        role=context.access.role,
        zone=None if context.zone is None else _name_zone(context.zone),
        commands=tuple(record for record in records if isinstance(record, CommandRecord)),
        drawn_from=context.drawn_from,
        language=current_language(),
    )
    return FACTS.dump_python(facts, mode="json")


def write_bot(plugin: Plugin) -> Any:
    """Return what the core has given a plugin, as it is sent; where files alone are read there is no model."""
    model: Writer | None = getattr(plugin, "model", None)
    if model is None:
        facts = BotFacts(plugin.data_dir, "", writes=False, room=0)
    else:
        facts = BotFacts(plugin.data_dir, model.name, model.is_there, model.room("", 0))
    return BOT_FACTS.dump_python(facts, mode="json")


def _write_job(context: JobContext) -> JobFacts:
    place = None
    if context.resources is not None:
        received = context.resources.received
        place = PlaceFacts(
            received.message,
            received.person,
            received.conversation,
            received.role,
            context.resources.keeps,
            context.drawn_from,
        )
    return JobFacts(
        context.plugin,
        context.name,
        context.payload,
        context.due,
        context.now,
        _name_zone(context.zone),
        place,
        current_language(),
    )


def _name_zone(zone: tzinfo) -> str:
    return LOCAL if isinstance(zone, LocalZone) else getattr(zone, "key", "UTC")

"""What a plugin can do, as JSON: written by the process it lives in, read by the bot."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema

from bot.hosting.signature import Parameter
from bot.jobs.schedule import JobMethod, parse_schedule
from bot.plugin import Capability, Command, Ingester, MessageHandler, Reader

PROTOCOL = 3
"""The version of the protocol; the two ends must speak the same."""


Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""What a command can be called."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str
    streams: bool = False


class ParameterRecord(BaseModel):
    """An argument of a command. `json_schema` says what may be typed; the plugin's process checks it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    help: str = ""
    required: bool = True
    rest: bool = False
    many: bool = False
    json_schema: dict[str, Any] = Field(default_factory=dict)


class CommandRecord(_Record):
    """A command; `method` is what the bot names when it is to be run."""

    kind: Literal["command"] = "command"
    name: Word
    help: str
    aliases: tuple[Word, ...] = ()
    parameters: tuple[ParameterRecord, ...] = ()
    owner_only: bool = False
    private: bool = False
    urgent: bool = False


class MessageHandlerRecord(_Record):
    """A handler of messages, with its filters."""

    kind: Literal["on_message"] = "on_message"
    pattern: str | None = None
    place: Literal["direct", "group"] | None = None
    platform: str | None = None
    addressed: bool | None = None
    priority: int = 0


class IngesterRecord(_Record):
    """A method that takes in attachments."""

    kind: Literal["ingests"] = "ingests"
    media_types: tuple[str, ...]


class ReaderRecord(_Record):
    """A method that reads files."""

    kind: Literal["reads"] = "reads"
    media_types: tuple[str, ...]
    endings: tuple[str, ...] = ()


class JobRecord(_Record):
    """A method that is called at a time; without a schedule, when it was planned for somebody."""

    kind: Literal["job"] = "job"
    schedule: str | None = None
    zone: str | None = None


CapabilityRecord = JobRecord | CommandRecord | MessageHandlerRecord | IngesterRecord | ReaderRecord


class Manifest(BaseModel):
    """A plugin as its process describes it.

    `settings` is the JSON schema of its settings; `settings_problem` says why it can't be made without any.
    `unsupported` names what it has marked and can't have in a process of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    summary: str = ""
    settings: dict[str, Any] = Field(default_factory=dict)
    settings_problem: str | None = None
    capabilities: tuple[CapabilityRecord, ...] = ()
    unsupported: tuple[str, ...] = ()


def write_record(method: str, capability: Capability, *, streams: bool) -> CapabilityRecord | None:
    """Return the record of what a method has been marked as; None for what has no record."""
    match capability:
        case Command():
            return CommandRecord(
                method=method,
                streams=streams,
                name=capability.name,
                help=capability.help,
                aliases=capability.aliases,
                parameters=tuple(map(_write_parameter, capability.parameters)),
                owner_only=capability.owner_only,
                private=capability.private,
                urgent=capability.urgent,
            )
        case MessageHandler():
            return MessageHandlerRecord(
                method=method,
                streams=streams,
                pattern=capability.pattern and capability.pattern.pattern,
                place=capability.kind,
                platform=capability.platform,
                addressed=capability.addressed,
                priority=capability.priority,
            )
        case Ingester():
            return IngesterRecord(method=method, streams=streams, media_types=capability.media_types)
        case Reader():
            return ReaderRecord(
                method=method, streams=True, media_types=capability.media_types, endings=capability.endings
            )
        case JobMethod():
            schedule = None if capability.schedule is None else str(capability.schedule)
            return JobRecord(method=capability.name, schedule=schedule, zone=capability.zone)
        case _:
            return None


def read(record: CapabilityRecord, handler: Callable[..., Any], plugin: str) -> Capability:
    """Return the capability that a record describes, done by `handler`. Raises re.error for a pattern that is none."""
    match record:
        case CommandRecord():
            return Command(
                record.name,
                record.help,
                handler,
                record.aliases,
                tuple(map(_read_parameter, record.parameters)),
                record.owner_only,
                record.urgent,
                record.private,
                plugin=plugin,
            )
        case MessageHandlerRecord():
            pattern = None if record.pattern is None else re.compile(record.pattern, re.IGNORECASE)
            return MessageHandler(
                handler, pattern, record.place, record.platform, record.addressed, record.priority, plugin=plugin
            )
        case IngesterRecord():
            return Ingester(handler, record.media_types, plugin=plugin)
        case JobRecord():
            schedule = None if record.schedule is None else parse_schedule(record.schedule)
            return JobMethod(record.method, handler, schedule, record.zone, plugin)
        case ReaderRecord():
            return Reader(handler, record.media_types, record.endings, plugin=plugin)


def _write_parameter(parameter: Parameter) -> ParameterRecord:
    return ParameterRecord(
        name=parameter.name,
        help=parameter.help,
        required=parameter.required,
        rest=parameter.rest,
        many=parameter.many,
        json_schema=parameter.type.json_schema(),
    )


def _read_parameter(record: ParameterRecord) -> Parameter:
    """Return an argument that takes any word: its type is checked at the other end; platforms are shown the schema."""
    typed: TypeAdapter[object] = TypeAdapter(Annotated[str, WithJsonSchema(record.json_schema)])
    return Parameter(record.name, typed, record.help, record.required, record.rest, record.many)

"""What a marked method is: a command, a handler of messages, a reader of files; one record for each."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.answering.tools import Tool
from bot.events import Reply
from bot.hosting.recall_hooks import RecallHook
from bot.hosting.signature import Parameter
from bot.jobs.schedule import JobMethod
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import ReadItem

Answerable = str | Reply | None
"""What a handler returns: the reply, or None when it has replied itself or has nothing to say."""

Handler = Callable[..., Awaitable[Answerable] | AsyncIterator[str]]
"""A coroutine that returns the reply, or an async generator whose pieces are streamed as one."""

ReadMethod = Callable[..., AsyncIterator[ReadItem]]
"""An async generator that is given an IncomingFile and yields what is in it."""

FetchMethod = Callable[..., Awaitable[IncomingFile]]
"""A coroutine that is given an address and a folder, and returns the file that it has put there."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command as a method declares it. `parameters` come from the method's signature."""

    name: str
    help: str
    handler: Handler
    aliases: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    owner_only: bool = False
    urgent: bool = False
    private: bool = False
    plugin: str = ""

    @property
    def usage(self) -> str:
        """How to type it: "/forget [ID…]"."""
        return " ".join([f"/{self.name}", *(parameter.usage for parameter in self.parameters)])


@dataclass(frozen=True, slots=True)
class MessageHandler:
    """A method that looks at messages; what doesn't fit its filters passes it by."""

    handler: Handler
    pattern: re.Pattern[str] | None = None
    kind: Literal["direct", "group"] | None = None
    platform: str | None = None
    addressed: bool | None = None
    priority: int = 0
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Ingester:
    """A method that takes in attachments of some media types ("audio/*" means all of audio)."""

    handler: Handler
    media_types: tuple[str, ...]
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """A method that reads files of some media types ("audio/*" means all of audio), or whose names end in some way."""

    handler: ReadMethod
    media_types: tuple[str, ...]
    endings: tuple[str, ...] = ()
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """A method that gets the file at an address of one of these schemes ("https")."""

    handler: FetchMethod
    schemes: tuple[str, ...]
    plugin: str = ""


Capability = Command | MessageHandler | Ingester | Reader | Fetcher | JobMethod | Tool | RecallHook


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a set of plugins can do, bound to their objects and ready to be routed to."""

    commands: tuple[Command, ...] = ()
    message_handlers: tuple[MessageHandler, ...] = ()
    ingesters: tuple[Ingester, ...] = ()
    readers: tuple[Reader, ...] = ()
    fetchers: tuple[Fetcher, ...] = ()
    jobs: tuple[JobMethod, ...] = ()
    tools: tuple[Tool, ...] = ()
    recall_hooks: tuple[RecallHook, ...] = ()

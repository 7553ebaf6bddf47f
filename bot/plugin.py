"""What a plugin is: a class with typed settings whose marked methods are commands, handlers and ingesters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.answering.tools import Tool, ToolMethod
from bot.answering.writer import Writer
from bot.errors import PluginError
from bot.hosting.capabilities import (
    Answerable,
    Capabilities,
    Capability,
    Command,
    Fetcher,
    FetchMethod,
    Handler,
    Ingester,
    MessageHandler,
    Reader,
    ReadMethod,
)
from bot.hosting.recall_hooks import RecallHook, RecallMethod
from bot.hosting.signature import Parameter, read_parameters
from bot.hosting.store import Values
from bot.jobs.schedule import JobMethod

__all__ = [
    "Answerable",
    "Capabilities",
    "Capability",
    "Command",
    "Fetcher",
    "Ingester",
    "MessageHandler",
    "NoSettings",
    "Parameter",
    "Plugin",
    "Reader",
    "Tool",
    "add_mark",
    "capabilities_of",
    "command",
    "fetches",
    "ingests",
    "name_of",
    "on_message",
    "on_recall",
    "read_marks",
    "reads",
    "tool",
]

H = TypeVar("H", bound=Handler)
R = TypeVar("R", bound=ReadMethod)
F = TypeVar("F", bound=FetchMethod)
T = TypeVar("T", bound=ToolMethod)
C = TypeVar("C", bound=RecallMethod)
M = TypeVar("M", bound=Callable[..., object])
_MARK = "__scrubjay__"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")


def command(
    name: str,
    help: str,  # noqa: A002 (the word that the user of the decorator expects)
    *,
    aliases: tuple[str, ...] = (),
    owner_only: bool = False,
    urgent: bool = False,
    private: bool = False,
) -> Callable[[H], H]:
    """Make `async def method(self, context, …)` a command.

    The parameters after `context` are its arguments: typed by their annotations, described by
    `Annotated[int, "what it is"]`, optional where they have a default. A last `str` takes the rest of the
    line; `*ids: int` takes any number. An `urgent` command does not wait for its turn behind what is being answered;
    in a group the replies of a `private` one are shown to who used it alone.
    Raises PluginError when the name or the signature can't be one.
    """
    for word in (name, *aliases):
        if not _NAME.match(word):
            raise PluginError(f"{word!r} can't be a command's name: use a-z, 0-9 and _, starting with a letter")

    def mark(method: H) -> H:
        parameters = read_parameters(method)
        return add_mark(method, Command(name, help, method, aliases, parameters, owner_only, urgent, private))

    return mark


PATTERN_SEES = 4096
"""Of a message, the characters that the patterns of plugins are looked for in: what people write by hand is shorter."""


def on_message(
    pattern: str | None = None,
    *,
    kind: Literal["direct", "group"] | None = None,
    platform: str | None = None,
    addressed: bool | None = None,
    priority: int = 0,
) -> Callable[[H], H]:
    """Make `async def method(self, context)` see messages that fit: a regular expression found in the text, and so on.

    The expression is looked for in the first PATTERN_SEES characters. The highest priority goes first. The first
    handler that replies ends it; one that returns None lets the message go on to the next, and at last to the answer.
    """
    compiled = re.compile(pattern, re.IGNORECASE) if pattern is not None else None

    def mark(method: H) -> H:
        return add_mark(method, MessageHandler(method, compiled, kind, platform, addressed, priority))

    return mark


def ingests(*media_types: str) -> Callable[[H], H]:
    """Make `async def method(self, context, attachment)` take in files of these types; "image/*" means every image."""

    def mark(method: H) -> H:
        return add_mark(method, Ingester(method, media_types))

    return mark


def reads(*media_types: str, endings: tuple[str, ...] = ()) -> Callable[[R], R]:
    """Make `async def read(self, file: IncomingFile)`, an async generator, read files of these types or endings.

    It only yields what is in the file: pieces, what the file is, how far it has got. Fetching, choosing the reader,
    asking for passwords, cutting long pieces, storing them, replacing those of an older version, and telling the sender
    are done for it, alike in a chat, for `scrubjay ingest` and in watched folders. Open what strangers made with
    `bot.reading.in_child`. Raises FileUnreadable and PasswordNeeded.
    """

    def mark(method: R) -> R:
        return add_mark(method, Reader(method, media_types, tuple(ending.casefold() for ending in endings)))

    return mark


def fetches(*schemes: str) -> Callable[[F], F]:
    """Make `async def fetch(self, address: str, folder: Path)` get what `scrubjay ingest ADDRESS` names.

    It returns the IncomingFile that it has put into the folder, for the reader of its media type. Raises FileUnreadable
    when the address can't be had.
    """

    def mark(method: F) -> F:
        return add_mark(method, Fetcher(method, tuple(scheme.casefold() for scheme in schemes)))

    return mark


def tool(
    help: str,  # noqa: A002 (as for commands)
    *,
    name: str | None = None,
    trusted: bool = False,
) -> Callable[[T], T]:
    """Make `async def method(self, context, …) -> str` a tool that the language model may call.

    Its arguments are typed and described as a command's. It is offered where the settings allow this plugin tools
    (`plugins.tools`), and chosen from the asker's own words alone. What it returns is told to the model; a CommandError
    too. Of a `trusted` one no result ever holds words of files, pages or other people, so that the model may go on to
    call more after it. Raises PluginError when the name or the signature can't be one.
    """

    def mark(method: T) -> T:
        called = name or str(getattr(method, "__name__", ""))
        if not _NAME.match(called):
            raise PluginError(f"{called!r} can't be a tool's name: use a-z, 0-9 and _, starting with a letter")
        return add_mark(method, Tool(called, help, method, read_parameters(method), trusted))

    return mark


def on_recall(*, priority: int = 0) -> Callable[[C], C]:
    """Make `async def method(self, context, question, recollections)` see what is recalled for an answer.

    It returns what is to be recalled, best first, or None to leave it. What it adds must be within the memory that
    the person who asks may see, as `context.memory` shows it; anything else is left out. The highest priority goes
    first.
    """

    def mark(method: C) -> C:
        return add_mark(method, RecallHook(method, priority))

    return mark


def add_mark(method: M, capability: Capability) -> M:
    """Note on a method what it can do, beside what it can already."""
    marks: list[Capability] = [*getattr(method, _MARK, ()), capability]
    setattr(method, _MARK, tuple(marks))
    return method


class NoSettings(BaseModel):
    """The settings of a plugin that has none; any key is an error."""

    model_config = ConfigDict(extra="forbid")


class Plugin:
    """The base of every plugin.

    Declare settings as a nested `class Settings(BaseModel)` and annotate `settings: Settings`. Open what lives
    as long as the bot (a connection, a model) in `__aenter__` and close it in `__aexit__`.
    """

    name: ClassVar[str] = ""
    """How the plugin is called in settings and in the log; the class's name when left empty."""

    Settings: ClassVar[type[BaseModel]] = NoSettings

    settings: BaseModel

    store: Values
    """What the plugin keeps for itself; it is there from `__aenter__` on."""

    model: Writer
    """The language model, to write from what the plugin gives it; it is there from `__aenter__` on."""

    data_dir: Path
    """The bot's data folder, in which `models` holds what `scrubjay model pull` has fetched; there as `store` is."""

    def __init__(self, settings: BaseModel | None = None) -> None:
        self.settings = settings if settings is not None else self.Settings()

    async def __aenter__(self) -> Self:
        """Open what the plugin needs; it is entered once, before the first message."""
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Close it again, at shutdown."""

    def settings_schema(self) -> dict[str, object]:
        """Return the JSON schema of its settings, by which chats show and set them."""
        return self.Settings.model_json_schema()

    def capabilities(self) -> tuple[Capability, ...]:
        """Return what the marked methods can do, bound to this object."""
        return tuple(
            replace(mark, handler=getattr(self, method), plugin=name_of(self))
            for method, marks in read_marks(type(self)).items()
            for mark in marks
        )


def capabilities_of(plugins: Iterable[Plugin]) -> Capabilities:
    """Collect what these plugins have declared, in the order of their classes."""
    found = [capability for plugin in plugins for capability in plugin.capabilities()]
    return Capabilities(
        commands=tuple(each for each in found if isinstance(each, Command)),
        message_handlers=tuple(each for each in found if isinstance(each, MessageHandler)),
        ingesters=tuple(each for each in found if isinstance(each, Ingester)),
        readers=tuple(each for each in found if isinstance(each, Reader)),
        fetchers=tuple(each for each in found if isinstance(each, Fetcher)),
        jobs=tuple(each for each in found if isinstance(each, JobMethod)),
        tools=tuple(each for each in found if isinstance(each, Tool)),
        recall_hooks=tuple(each for each in found if isinstance(each, RecallHook)),
    )


def name_of(plugin: Plugin) -> str:
    """Return what a plugin is called in settings, log and messages."""
    return plugin.name or type(plugin).__name__


def read_marks(kind: type[Plugin]) -> dict[str, tuple[Capability, ...]]:
    """Return the marks by method name; a subclass that overrides a method decides about its marks."""
    read_marks: dict[str, tuple[Capability, ...]] = {}
    for owner in reversed(kind.__mro__):
        read_marks.update(
            {name: getattr(member, _MARK, ()) for name, member in vars(owner).items() if callable(member)}
        )
    return read_marks

"""Which handlers get a message: decided from the message alone, without any I/O."""

from __future__ import annotations

import difflib
import logging
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar

from bot.events import Attachment, Message, platform_of
from bot.plugin import PATTERN_SEES, Capabilities, Command, Ingester, MessageHandler
from bot.reading.incoming import asks_question
from bot.reading.reader_choice import may_be_read
from memory.patterns import compile_on_use

logger = logging.getLogger(__name__)

_COMMAND = compile_on_use(r"/([A-Za-z][A-Za-z0-9_]{0,31})(?:@([\w.-]+))?(?=\s|\Z)")
_CLOSE_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class RunCommand:
    """A command of a plugin, with what was typed after its name."""

    command: Command
    arguments: str
    idle: ClassVar[bool] = False

    @property
    def urgent(self) -> bool:
        """Whether it can't wait for its turn, as /stop can't."""
        return self.command.urgent


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """A command that no plugin has, and the one that was perhaps meant."""

    name: str
    nearest: str | None
    idle: ClassVar[bool] = False
    urgent: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class OtherBot:
    """A command for another bot in the same group: stored as a command, and left alone."""

    idle: ClassVar[bool] = True
    urgent: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Handle:
    """Plugins' handlers to try in turn, files to take in, and then an answer if one is wanted.

    `files` go to plugins that take them in themselves, `reads` to whoever reads them, which their content may decide;
    `unreadable` are files that no plugin takes in, where the sender should be told so: in a group that is only noise.
    """

    handlers: tuple[MessageHandler, ...]
    files: tuple[tuple[Ingester, Attachment], ...]
    reads: tuple[Attachment, ...]
    unreadable: tuple[Attachment, ...]
    answer: bool
    urgent: ClassVar[bool] = False

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do but remember."""
        return not (self.handlers or self.files or self.reads or self.unreadable or self.answer)


Route = RunCommand | UnknownCommand | OtherBot | Handle


class Router:
    """Knows what all plugins can do. Where two claim the same command, the first one has it and the log says so."""

    def __init__(self, capabilities: Capabilities, bot_name: str) -> None:
        self._bot_name = bot_name.casefold()
        self._commands: dict[str, Command] = {}
        for command in capabilities.commands:
            for word in (command.name, *command.aliases):
                holder = self._commands.setdefault(word, command)
                if holder is not command:
                    logger.error("The plugin %s can't have /%s: %s has it", command.plugin, word, holder.plugin)
        self._handlers = sorted(capabilities.message_handlers, key=lambda handler: -handler.priority)
        self._ingesters = capabilities.ingesters
        self.readers = capabilities.readers
        self.fetchers = capabilities.fetchers

    @property
    def commands(self) -> tuple[Command, ...]:
        """All commands, by name, each once."""
        return tuple(sorted({id(each): each for each in self._commands.values()}.values(), key=lambda each: each.name))

    def route(self, message: Message) -> Route:
        """Choose for one message."""
        if match := _COMMAND.match(message.text):
            return self._command(match, message)
        files = [(self._ingester(file), file) for file in message.attachments]
        left = [file for ingester, file in files if ingester is None]
        reads = [file for file in left if may_be_read(self.readers, file.name, file.media_type)]
        addressed, is_direct = is_addressed(message), message.conversation.kind == "direct"
        return Handle(
            handlers=tuple(handler for handler in self._handlers if _fits(handler, message)),
            files=tuple((ingester, file) for ingester, file in files if ingester is not None),
            reads=tuple(reads),
            unreadable=tuple(file for file in left if file not in reads) if is_direct else (),
            answer=addressed and _wants_answer(message, handled=len(left) < len(files), reads=bool(reads)),
        )

    def _command(self, match: re.Match[str], message: Message) -> Route:
        name, bot = match[1].casefold(), match[2]
        if bot is not None and bot.casefold() != self._bot_name and not message.addressed:
            return OtherBot()
        if name in self._commands:
            return RunCommand(self._commands[name], message.text[match.end() :].strip())
        if bot is None and not is_addressed(message):
            return OtherBot()  # in a group it may be anybody's
        near = difflib.get_close_matches(name, self._commands, n=1, cutoff=_CLOSE_ENOUGH)
        return UnknownCommand(name, near[0] if near else None)

    def _ingester(self, file: Attachment) -> Ingester | None:
        kind = file.media_type.casefold().partition(";")[0].strip()
        fitting = (each for each in self._ingesters if any(fnmatchcase(kind, pattern) for pattern in each.media_types))
        return next(fitting, None)


def _wants_answer(message: Message, *, handled: bool, reads: bool) -> bool:
    """Say whether words are to be answered, where a plugin has `handled` files of the message, or `reads` some."""
    if handled:
        return False
    if reads or (message.attachments and message.conversation.kind == "direct"):
        return asks_question(message.text)
    return bool(message.text.strip())


def is_addressed(message: Message) -> bool:
    """Say whether the bot is meant: it always is in a direct chat."""
    return message.addressed or message.conversation.kind == "direct"


def _fits(handler: MessageHandler, message: Message) -> bool:
    return (
        (handler.pattern is None or handler.pattern.search(message.text, 0, PATTERN_SEES) is not None)
        and handler.kind in (None, message.conversation.kind)
        and handler.platform in (None, message.conversation.platform, platform_of(message.conversation.platform))
        and handler.addressed in (None, is_addressed(message))
    )

"""What exports that are lines of text have in common: found by their content, read line by line."""

from __future__ import annotations

import csv
import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import tzinfo
from pathlib import Path, PurePosixPath
from typing import ClassVar

from adapters.exports.archive import Files, MediaTree, is_zip
from adapters.exports.chat_stream import stream_chat
from adapters.exports.decoding import decode_head, text_blocks
from adapters.exports.file_export import FileExport, read_head
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_files import folder_of
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from bot import LocalZone

HEAD_BYTES = 16 << 10
LONGEST_MESSAGE = 8 << 20
Line = tuple[int, str]
"""A line's number, from 1, and its text."""


class TextExport(FileExport):
    """An export that is one text for each chat, alone or in a zip."""

    members: ClassVar[re.Pattern[str]] = re.compile(r"\.txt$", re.IGNORECASE)
    platform: ClassVar[str | None] = None
    """Where the chats took place, when it isn't the format's own name."""
    own_name: ClassVar[str | None] = None
    """What the exporting person is called in every such text: "Me"."""

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by what a text's beginning says."""
        return self.is_export(decode_head(read_head(files, name)[:HEAD_BYTES]))

    def read_file(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chat of one text. Raises ImportRefused."""
        within = "" if is_zip(source) else _folder_name(source)
        head = decode_head(read_head(files, name)[:HEAD_BYTES])
        warnings = WarningCounter("line")
        media = MediaTree(files, folder_of(name))
        chat = ParsedChat(self.title_of(head, PurePosixPath(within, name)), iter(()), media=media)
        chat.platform, chat.own_account = self.platform, self.own_name
        chat.external_id = self.identity_of(PurePosixPath(name))
        self.fill_in(chat, head)
        with closing(files.open(name)) as stream:
            lines = split_lines(text_blocks(stream, warnings.note))
            zone = options.timezone or LocalZone()
            messages = self.read_named(PurePosixPath(within, name), lines, media, zone, warnings)
            yield from stream_chat(chat, messages, warnings)

    @abstractmethod
    def is_export(self, head: str) -> bool:
        """Tell by a text's beginning whether it is such an export."""

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return what the chat is called; by its file unless the text tells."""
        del head
        return path.stem

    def identity_of(self, path: PurePosixPath) -> str | None:
        """Return the platform's id of the chat, where the file's name has it."""
        del path
        return None

    def fill_in(self, chat: ParsedChat, head: str) -> None:
        """Add to the chat what the text's beginning tells of it."""

    def read_named(
        self, path: PurePosixPath, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of a text, of which the name tells something, too."""
        del path
        return self.read_messages(lines, media, zone, warnings)

    @abstractmethod
    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of a text."""


def _folder_name(source: Path) -> str:
    """Return the folder in which a file lies, which may be called by its chat; a folder of our own is not."""
    name = source.resolve().parent.name
    return "" if name.startswith("scrubjay-") else name


def split_lines(blocks: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of blocks that end with a line feed, numbered."""
    number = 0
    for block in blocks:
        for line in block.removesuffix("\n").split("\n"):
            number += 1
            yield number, line.removesuffix("\r").lstrip("\ufeff")


ReadLine = Callable[[int, str], ParsedMessage | bool]
"""Makes a message of the line that begins one; True for a line that is none, False for one that goes on."""


def join_lines(lines: Iterable[Line], read: ReadLine) -> Iterator[ParsedMessage]:
    """Yield the messages that begin where `read` says so, each with the lines that follow."""
    message: ParsedMessage | None = None
    more: list[str] = []
    size = 0
    for number, line in lines:
        found = read(number, line)
        if isinstance(found, ParsedMessage):
            if message is not None:
                yield _close(message, more)
            message, more, size = found, [], 0
        elif not found and message is not None and size < LONGEST_MESSAGE:
            more.append(line)
            size += len(line) + 1
    if message is not None:
        yield _close(message, more)


def read_rows(lines: Iterable[Line], warnings: WarningCounter) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table, numbered; one may reach over several lines, and one that can't be read is noted."""
    rows = csv.reader(line + "\n" for _, line in lines)
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            warnings.note(number, f"can't be read as a row of the table ({error}); it was left out")
            continue
        if row:
            yield number, row


def _close(message: ParsedMessage, more: list[str]) -> ParsedMessage:
    while more and not more[-1].strip():
        more.pop()
    return message._replace(text="\n".join([message.text, *more]).strip("\n")) if more else message

"""What exports that are JSON texts have in common: found by their content, each read as a stream."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from adapters.exports.archive import Files, MediaTree
from adapters.exports.file_export import FileExport
from adapters.exports.json_files import folder_of, is_recognised, open_json
from adapters.exports.json_stream import JsonReader, as_map
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from bot.errors import ImportRefused

ReadMessage = Callable[[dict[str, object], int], ParsedMessage | None]
"""Makes a message of a record and its number; None when there is nothing that could be kept."""


class JsonExport(FileExport):
    """An export that is one JSON text or several, alone or in a zip, with the media beside each."""

    members: ClassVar[re.Pattern[str]] = re.compile(r"\.json$", re.IGNORECASE)
    candidates: ClassVar[int] = 20_000  # all of an account is JSON, and few of it are chats

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by as much of the text as `is_export` needs."""
        return is_recognised(files, name, self.is_export)

    def read_file(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chats of one text. Raises ImportRefused."""
        del source
        with open_json(files, name) as reader:
            yield from self.read_chats(reader, MediaTree(files, folder_of(name)), options)

    @abstractmethod
    def is_export(self, reader: JsonReader) -> bool:
        """Look at a JSON text until it is plain whether it is such an export."""

    @abstractmethod
    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chats of one JSON text. Raises ImportRefused."""


def enter_root(reader: JsonReader) -> None:
    """Go into the object that the text is. Raises ImportRefused when it is something else."""
    if reader.next()[0] != "start_map":
        raise ImportRefused("is not an export: it holds no object")


def read_messages(reader: JsonReader, read: ReadMessage) -> Iterator[ParsedMessage]:
    """Yield the messages of an array that was opened, as `read` makes them."""
    for number, event in enumerate(reader.elements(), 1):
        if (message := read(as_map(reader.value(event)), number)) is not None:
            yield message

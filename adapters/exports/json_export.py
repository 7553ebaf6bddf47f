"""What exports that are JSON texts have in common: found by their content, each read as a stream."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from adapters.exports.archive import MediaTree, open_files
from adapters.exports.json_files import find_json, folder_of, is_single_file, open_json
from adapters.exports.json_stream import JsonReader, as_map
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from bot.errors import ImportRefused

ReadMessage = Callable[[dict[str, object], int], ParsedMessage | None]
"""Makes a message of a record and its number; None when there is nothing that could be kept."""


class JsonExport(ABC):
    """An export that is one JSON text or several, alone or in a zip, with the media beside each."""

    name: ClassVar[str]
    label: ClassVar[str]
    members: ClassVar[re.Pattern[str] | None] = None
    """What the texts are called in an archive of many; None: anything that ends in .json."""

    def sniff(self, source: Path) -> bool:
        """Tell by its content whether `source` holds such an export; it never raises."""
        try:
            with open_files(source) as files:
                return is_single_file(source) and next(find_json(files, self.is_export, self.members), None) is not None
        except (ImportRefused, OSError):
            return False

    def open(self, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chats of `source`. Raises ImportRefused."""
        with open_files(source) as files:
            names = list(find_json(files, self.is_export, self.members))
            if not names:
                raise ImportRefused(f"{source}: holds no export of the kind {self.label}")
            for name in names:
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

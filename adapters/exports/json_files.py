"""Tells JSON texts by what stands in them, and opens each as a reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath

from adapters.exports.archive import Files
from adapters.exports.decoding import decode_head
from adapters.exports.json_stream import JsonReader, as_map
from adapters.exports.parsed import MediaFiles
from bot.errors import ImportRefused

HEAD_BYTES = 4096
LARGEST_OBJECT = 32 << 20

Recognise = Callable[[JsonReader], bool]
"""Reads as little as it needs to tell whether a JSON text, whose first bracket is the next event, is of a kind."""


def is_recognised(files: Files, name: str, recognise: Recognise) -> bool:
    """Tell whether `recognise` knows this text; a damaged one is known by what stands before the damage."""
    with suppress(ImportRefused, KeyError), files.open(name) as stream:
        if not decode_head(stream.read(HEAD_BYTES)).lstrip().startswith(("{", "[")):
            return False
    with suppress(ImportRefused, KeyError), open_json(files, name) as reader:
        return recognise(reader)
    return False


@contextmanager
def open_json(files: Files, name: str) -> Iterator[JsonReader]:
    """Open a text as JSON. What is refused in the block names the text."""
    with files.open(name) as stream:
        try:
            yield JsonReader(stream)
        except ImportRefused as error:
            if name in str(error):
                raise
            raise type(error)(f"{name}: {error}; export the chat again") from error


def parse_line(line: str) -> dict[str, object]:
    """Return the object that a line of JSON is; nothing for any other line, however deep its brackets go."""
    with suppress(ValueError, RecursionError):
        return as_map(json.loads(line))
    return {}


def parse_first_line(head: bytes) -> dict[str, object]:
    """Return the object that the first line of a file's beginning is; nothing where it is no JSON."""
    return parse_line(decode_head(head.partition(b"\n")[0]))


def folder_of(name: str) -> str:
    """Return the folder that a text lies in, with its last "/", or "" at the top."""
    return name[: len(name) - len(PurePosixPath(name).name)]


def read_object(media: MediaFiles, name: str) -> dict[str, object]:
    """Return the object that a small JSON text beside a chat is; nothing where there is none."""
    with suppress(ImportRefused, KeyError, OSError), media.open(name) as stream:
        return parse_line(stream.read(LARGEST_OBJECT).decode("utf-8", "replace"))
    return {}

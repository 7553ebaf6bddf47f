"""What the bot says: text, sources, files, and options to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import ConfigDict

from bot.errors import CommandError
from bot.translation import format_number, gettext

SourceKind = Literal["message", "system", "document", "fact", "question", "answer", "command"]

MOST_FILES = 10
"""In one reply: Discord's limit for a message is the tightest."""
MOST_FILE_BYTES = 8_000_000
"""Of all files of a reply together: every platform takes it, and a reply waits with its files in the database."""
_MOST_MEGABYTES = MOST_FILE_BYTES // 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer rests on. `n` is the number in the text, as in "[1]"; `locator` is "p. 4" or "0:42".

    An adapter shows `said_at` in the zone that it carries. `passage_id` is for those that can show the passage itself.
    """

    n: int
    text: str
    author: str
    said_at: datetime
    conversation: str
    platform: str
    kind: SourceKind
    score: float
    link: str | None = None
    locator: str | None = None
    passage_id: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of a question, different from each other; a button carries `id` and the number of its option.

    Where nobody waits for the answer, `says` holds what is said with each option in the name of who presses it.
    """

    id: str
    options: tuple[str, ...]
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file that is sent with a reply; a `voice` note where the platform has those.

    Raises CommandError when it is empty or more than can be sent.
    """

    __pydantic_config__: ClassVar = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    media_type: str
    data: bytes
    voice: bool = False

    def __post_init__(self) -> None:
        if not self.data:
            raise CommandError(gettext("{name} is empty, so I can't send it.", name=self.name))
        if len(self.data) > MOST_FILE_BYTES:
            raise CommandError(
                gettext(
                    "{name} has {megabytes} MB; I can send up to {files} files of {limit} MB together at once.",
                    name=self.name,
                    megabytes=_megabytes(len(self.data)),
                    files=MOST_FILES,
                    limit=_MOST_MEGABYTES,
                )
            )

    @classmethod
    def read(cls, path: Path, media_type: str, *, name: str | None = None) -> Self:
        """Read a file to be sent; nobody else's change of it can then reach the reply. Raises OSError."""
        with path.open("rb") as file:
            return cls(name or path.name, media_type, file.read(MOST_FILE_BYTES + 1))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: Markdown, the sources that its numbers point to, files, and options to choose from.

    Sources and options are data beside the text, so each adapter shows them in its platform's own way. The answer to a
    `secret` question is not stored, and where a line is typed it is not shown. `drawn_from` holds the ids of the
    passages that the text was drawn from: it is forgotten with any of them. `quoted` is the beginning of the
    message that is answered, where more was said since in a direct chat: answers can then be told apart.

    Raises CommandError when the files are more than can be sent at once.
    """

    text: str
    sources: tuple[Source, ...] = ()
    files: tuple[OutFile, ...] = ()
    choices: Choices | None = None
    secret: bool = False
    quoted: str = ""
    drawn_from: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        size = sum(len(file.data) for file in self.files)
        if len(self.files) > MOST_FILES or size > MOST_FILE_BYTES:
            raise CommandError(
                gettext(
                    "These are {number} files of {megabytes} MB; I can send up to {files} files of {limit} MB together "
                    "at once.",
                    number=len(self.files),
                    megabytes=_megabytes(size),
                    files=MOST_FILES,
                    limit=_MOST_MEGABYTES,
                )
            )


def _megabytes(size: int) -> str:
    return format_number(size / 1e6, 1)

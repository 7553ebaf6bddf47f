"""What every history parser yields, and what it is given: the contract between parsers and the importer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple, Protocol

from bot.errors import ImportRefused

AttachmentKind = Literal["image", "video", "audio", "document", "sticker", "contact", "unknown"]
ParsedKind = Literal["message", "system"]
DateOrder = Literal["dmy", "mdy", "ymd", "ydm"]


class YearMissing(ImportRefused):
    """Raised for a chat whose dates have no year, where no `since` tells it."""


class ParsedAttachment(NamedTuple):
    """A file that a message carries; `omitted` when the export left its bytes out.

    `path` is where it lies among the chat's media, None when that is its name.
    """

    name: str | None
    kind: AttachmentKind
    omitted: bool
    path: str | None = None


class ParsedMessage(NamedTuple):
    """One message of an export, in file order. A tuple, because a frozen dataclass takes five times as long to make.

    `text` is what the person wrote: captions are in it, media and edit marks are not, and it is empty for a
    deleted message. `sent_at` carries the fixed offset that held there and then, so that comparing and
    subtracting are right across a change of the clocks. `line` counts from 1; where a format has no lines, it counts
    messages. System lines have no author. `external_id` is the platform's own id, the same as the platform's adapter
    gives it where the two can know; `reply_to` is the `external_id` of the message it answers, `link` its address.
    """

    author: str | None
    sent_at: datetime
    text: str
    kind: ParsedKind
    attachments: tuple[ParsedAttachment, ...]
    edited: bool
    deleted: bool
    line: int
    reply_to: str | None = None
    external_id: str | None = None
    author_id: str | None = None
    thread: str | None = None
    link: str | None = None


class ImportWarning(NamedTuple):  # noqa: A001 (the builtin of that name is about modules; this is the field's word)
    """Something the user should know about the file; `line` is None when it concerns the file as a whole."""

    line: int | None
    message: str


class MediaFiles(Protocol):
    """The files that lie beside a chat: in its folder or archive."""

    def __contains__(self, name: object) -> bool:
        """Whether a file of that name lies there."""

    def open(self, name: str) -> BinaryIO:
        """Open a file to read, its size checked while reading. Raises KeyError, ImportRefused."""


@dataclass(slots=True)
class ParsedChat:
    """One conversation of an export; `messages` streams from the file, and `warnings` grows while it is read.

    `lines_kept_as_text` counts the lines that looked like a message of their own but could not be read, and so
    were kept as text of the message before; the first of them are among the warnings. `media` can be read until
    the next chat is asked for. `own_account` is the `author_id` of the person whose account was exported, where the
    export tells. `open_orders` says what one of the file's dates means in each order of day and month, where the
    file shows none for certain. `platform` is set where the export says on which platform the chat took place and it
    is not the format's own.
    """

    title: str
    messages: Iterator[ParsedMessage]
    warnings: list[ImportWarning] = field(default_factory=list)
    media: MediaFiles | None = None
    external_id: str | None = None
    kind: Literal["direct", "group"] | None = None
    lines_kept_as_text: int = 0
    open_orders: Mapping[DateOrder, date] = field(default_factory=dict)
    own_account: str | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """How to read what an export leaves open.

    `timezone` is the zone of clock times without one (None: this machine's); `date_order` settles 3/4/24 (None:
    decided over the whole file), and `likely_order` where the file leaves it open; `me` is the name under which the
    importing person wrote; `since` is a day before which nothing is wanted, and tells the year of dates without one.
    """

    timezone: tzinfo | None = None
    date_order: DateOrder | None = None
    me: str | None = None
    since: datetime | None = None
    likely_order: DateOrder | None = None


class ExportFormat(Protocol):
    """A kind of export: found by entry point `scrubjay.exports`, made without arguments, recognised by content."""

    @property
    def name(self) -> str:
        """The format's name as in settings and reports: "whatsapp"."""

    @property
    def label(self) -> str:
        """The format's name as people write it: "WhatsApp"."""

    def sniff(self, source: Path) -> bool:
        """Tell by its content whether `source` (a file, archive or folder) is of this format; it never raises."""

    def open(self, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chats of `source` one after the other; a chat's messages are read before the next is asked for.

        Raises ImportRefused when the file is of another kind, empty, damaged or dangerous.
        """

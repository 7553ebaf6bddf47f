"""DiscordChatExporter's HTML: a page with the messages of a channel, whose ids tell when they were written."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.discord.messages import SOMEBODY, DiscordChannel, find_file
from adapters.exports.discord.names import channel_of, drop_tag, write_title
from adapters.exports.html_reader import Attributes, ClassReader
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedAttachment, ParsedMessage
from adapters.exports.text_export import Line, TextExport
from adapters.exports.timestamps import in_zone

_TITLE: Final = re.compile(r"<title>\s*(.*?)\s*</title>", re.DOTALL | re.IGNORECASE)
_WORDS: Final = ("chatlog__markdown-preserve", "preserve-whitespace", "markdown")
_AUTHOR: Final = ("chatlog__author", "chatlog__author-name", "chatlog__system-notification-author")
_QUOTED: Final = ("chatlog__reply", "chatlog__reference")
_EMBED: Final = ("chatlog__embed-author", "chatlog__embed-title", "chatlog__embed-description",
                 "chatlog__embed-field-name", "chatlog__embed-field-value")  # fmt: skip
_TITLED: Final = re.compile(r"\w+: (.+) \([\d.,]+ \w+\)")
_SCROLL: Final = re.compile(r"scrollToMessage\(event, ?'(\d+)'\)")
_NEW_LINE: Final = frozenset({"div", "p", "li", "blockquote", "pre", "h1", "h2", "h3"})
_DISCORD_EPOCH: Final = 1_420_070_400_000
"""Milliseconds; an id holds those since then in all but its last 22 bits, by Discord's documentation."""


class DiscordPage(TextExport):
    """Reads what DiscordChatExporter writes as HTML."""

    name = "discord_html"
    label = "Discord (DiscordChatExporter HTML)"
    platform = "discord"
    members = re.compile(r"\.html?$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by the classes that only these pages have."""
        return "<html" in head and "chatlog__" in head

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return the channel's name, after its server's."""
        found = _TITLE.search(head)
        guild, _, channel = html.unescape(found[1]).rpartition(" - ") if found else ("", "", path.stem)
        return write_title(guild, channel)

    def identity_of(self, path: PurePosixPath) -> str | None:
        """Return the channel's id, which the exporter puts into the file's name."""
        return channel_of(path)

    def read_named(
        self, path: PurePosixPath, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages, with the ids that JSON gives them where the file's name has the channel's."""
        return _read(lines, _Page(channel_of(path), media, zone, warnings))

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of a page whose channel is not known."""
        return _read(lines, _Page(None, media, zone, warnings))


def _read(lines: Iterator[Line], page: _Page) -> Iterator[ParsedMessage]:
    for _, line in lines:
        page.feed(line + "\n")
        while page.messages:
            yield page.messages.popleft()
    page.finish()
    yield from page.messages


class _Page(ClassReader):
    """Collects the parts of a message; its author stands above the first of several in a row."""

    def __init__(self, channel: str | None, media: MediaTree, zone: tzinfo, warnings: WarningCounter) -> None:
        super().__init__()
        self._channel, self._media, self._zone, self._warnings = channel, media, zone, warnings
        self.messages: deque[ParsedMessage] = deque()
        self._number = 0
        self._author: list[str] = []
        self._author_id = ""
        self._identity = ""
        self._reset()

    def _reset(self) -> None:
        self._words: list[str] = []
        self._notice: list[str] = []
        self._embeds: list[tuple[list[str], list[str]]] = []
        self._files: list[ParsedAttachment] = []
        self._file: list[str] | None = None
        self._link: tuple[str, int] | None = None
        self._reply: str | None = None
        self._edited = False

    def open_element(self, tag: str, classes: frozenset[str], attributes: Attributes) -> None:
        """Begin a message, or take one of its parts."""
        identity = attributes.get("data-message-id", "")
        if "chatlog__message-group" in classes or (identity and identity != self._identity):
            self.finish()
        if identity:
            self._number += identity != self._identity
            self._identity = identity
        elif any(name in classes for name in _AUTHOR):
            self._author, self._author_id = [], attributes.get("data-user-id", "")
        elif any(map(self.inside, _QUOTED)):
            if found := _SCROLL.search(attributes.get("onclick", "")):
                self._reply = found[1]
        elif self._identity:
            self._take_part(tag, classes, attributes)

    def _take_part(self, tag: str, classes: frozenset[str], attributes: Attributes) -> None:
        if "chatlog__edited-timestamp" in classes:
            self._edited = True
        elif "chatlog__embed" in classes:
            self._embeds.append(([], []))
        elif "chatlog__attachment" in classes:
            self._end_file()
            self._file = ["", ""]
        elif self._file is not None and self.inside("chatlog__attachment"):
            self._file[0] = self._file[0] or attributes.get("href", "") or attributes.get("src", "")
            if named := _TITLED.fullmatch(attributes.get("title", "")):
                self._file[1] = named[1]
        elif "chatlog__sticker" in classes:
            self._files.append(
                make_attachment(attributes.get("title", "").removeprefix("Sticker: ") or None, "sticker")
            )
        elif self.inside("chatlog__embed"):
            self._embeds[-1][1].append(attributes.get("href", ""))
            if any(name in classes for name in _EMBED):
                self._embeds[-1][0].append("\n")
        elif any(map(self.inside, _WORDS)):
            self._take_markup(tag, attributes)

    def _take_markup(self, tag: str, attributes: Attributes) -> None:
        if tag == "img":
            shown = attributes.get("alt", "")
            self._words.append(f":{shown}:" if shown.isascii() and shown.isidentifier() else shown)
        elif tag == "a":
            self._link = attributes.get("href", ""), len(self._words)
        elif tag == "br" or (tag in _NEW_LINE and self._words and not self._words[-1].endswith("\n")):
            self._words.append("\n")

    def close_element(self, tag: str, classes: frozenset[str]) -> None:
        """End a file, or a line of the words."""
        if "chatlog__attachment" in classes:
            self._end_file()
        elif tag == "a" and self._link is not None:
            address, start = self._link
            if address.startswith("http") and address != "".join(self._words[start:]).strip():
                self._words.append(f" ({address})")
            self._link = None
        elif tag in _NEW_LINE and any(map(self.inside, _WORDS)) and self._words[-1:] != ["\n"]:
            self._words.append("\n")

    def take_text(self, text: str) -> None:
        """Take the words of a message or of its parts, or its author's name."""
        if any(map(self.inside, _QUOTED)):
            return
        if any(map(self.inside, _AUTHOR)):
            self._author.append(text)
        elif not self._identity or self.inside("chatlog__edited-timestamp") or self.inside("chatlog__reactions"):
            return
        elif self.inside("chatlog__embed"):
            if self._embeds and any(map(self.inside, _EMBED)):
                self._embeds[-1][0].append(text)
        elif self.inside("chatlog__attachment-generic-name") and self._file is not None:
            self._file[1] = self._file[1] or text.strip()
        elif self.inside("chatlog__system-notification-content"):
            self._notice.append(text)
        elif any(map(self.inside, _WORDS)):
            self._words.append(text)

    def finish(self) -> None:
        """Make a message of what was collected."""
        self._end_file()
        if self._identity:
            self._make()
        self._identity = ""
        self._reset()

    def _make(self) -> None:
        sent_at = self._time()
        if sent_at is None:
            self._warnings.note(self._number, "has no possible time; it was left out")
            return
        name = drop_tag(" ".join("".join(self._author).split())) or SOMEBODY
        notice = " ".join("".join(self._notice).split())
        text = "\n".join(filter(None, ["".join(self._words).strip(), *self._read_embeds()]))
        if not (notice or text or self._files):
            return
        self.messages.append(
            make_message(
                name,
                sent_at,
                f"{name}: {notice}" if notice else text,
                self._number,
                kind="system" if notice else "message",
                attachments=tuple(self._files),
                edited=self._edited,
                reply_to=self._event_id(self._reply) if self._reply else None,
                external_id=self._event_id(self._identity),
                author_id=self._author_id or None,
            )
        )

    def _read_embeds(self) -> Iterator[str]:
        """Yield the words of embeds; the preview of a link that stands in the message has none of its own."""
        said = "".join(self._words)
        for words, addresses in self._embeds:
            if not any(address and address in said for address in addresses):
                lines = (" ".join(line.split()) for line in "".join(words).split("\n"))
                yield "\n".join(line for line in lines if line)

    def _event_id(self, message: str) -> str:
        return DiscordChannel("", self._channel).event_id(message) if self._channel else f"message/{message}"

    def _end_file(self) -> None:
        if self._file is not None:
            self._files.append(find_file(self._file[0], self._file[1], self._media))
        self._file = None

    def _time(self) -> datetime | None:
        identity = self._identity
        if not (identity.isascii() and identity.isdecimal() and len(identity) <= 20):
            return None
        return in_zone(((int(identity) >> 22) + _DISCORD_EPOCH) / 1000, self._zone)

"""From a message of DiscordChatExporter to what the importer takes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from adapters.exports.files_by_name import kind_of_file
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_stream import as_list, as_map, as_text
from adapters.exports.parsed import ParsedAttachment, ParsedMessage
from adapters.exports.timestamps import at_offset, from_iso

Record = dict[str, object]
WRITTEN_BY_PEOPLE = frozenset(
    {
        "Default", "Reply", "ChatInputCommand", "ContextMenuCommand", "ThreadStarterMessage",
        "0", "19", "20", "21", "23", "",
    }
)  # fmt: skip
"""Types of messages that people wrote; the others are Discord's own. New types come as numbers."""
SOMEBODY = "Somebody"
_MENTION = re.compile(r"<@!?(\d+)>")
_EMOJI = re.compile(r"<a?:(\w+):\d+>")
_TIME = re.compile(r"<t:(-?\d{1,12})(?::[a-zA-Z])?>")


@dataclass(frozen=True, slots=True)
class DiscordChannel:
    """A channel on its server; "@me" stands for the server of private chats, as in Discord's addresses."""

    guild: str
    channel: str

    def event_id(self, message: str) -> str:
        """Return the id of a message, as the platform's adapter gives it."""
        return f"{self.channel}:{message}"

    def link_to(self, message: str) -> str:
        """Return a message's address."""
        return f"https://discord.com/channels/{self.guild}/{self.channel}/{message}"


class DiscordMessageReader:
    """Reads one channel's messages."""

    def __init__(self, place: DiscordChannel, zone: tzinfo, warnings: WarningCounter, media: Container[str]) -> None:
        self._place, self._zone, self._warnings, self._media = place, zone, warnings, media

    def read(self, record: Record, number: int) -> ParsedMessage | None:
        """Return the message; None when there is nothing that could be kept."""
        sent_at = from_iso(as_text(record.get("timestamp")), self._zone)
        if sent_at is None:
            self._warnings.note(number, "has no possible time; it was left out")
            return None
        identity = as_text(record.get("id"))
        author = as_map(record.get("author"))
        name = as_text(author.get("nickname")) or as_text(author.get("name")) or SOMEBODY
        system = as_text(record.get("type")) not in WRITTEN_BY_PEOPLE
        text = self._text(record)
        return ParsedMessage(
            None if system else name,
            sent_at,
            f"{name}: {text or as_text(record.get('type'))}" if system else text,
            "system" if system else "message",
            tuple(self._files(record)),
            edited=record.get("timestampEdited") is not None,
            deleted=False,
            line=number,
            reply_to=self._find_answered(record),
            external_id=self._place.event_id(identity) if identity else None,
            author_id=None if system else as_text(author.get("id")) or None,
            link=self._place.link_to(identity) if identity else None,
        )

    def _find_answered(self, record: Record) -> str | None:
        """Return what is answered here; a forwarded message, or one from another channel, is not an answer."""
        reference = as_map(record.get("reference"))
        answered = as_text(reference.get("messageId"))
        elsewhere = as_text(reference.get("channelId")) not in {"", self._place.channel}
        forwarded = "forwardedMessage" in record and record["forwardedMessage"] is not None
        return None if not answered or elsewhere or forwarded else self._place.event_id(answered)

    def _text(self, record: Record) -> str:
        said = _replace_markup(as_text(record.get("content")), record)
        parts = [said, *(_read_embed(as_map(each), said) for each in as_list(record.get("embeds")))]
        poll, forwarded = as_map(record.get("poll")), as_map(record.get("forwardedMessage"))
        if poll:
            answers = (as_map(as_map(each).get("pollMedia") or each) for each in as_list(poll.get("answers")))
            question = as_map(poll.get("question")) or poll
            parts.append("\n".join([f"Poll: {as_text(question.get('text') or question.get('question'))}",
                                    *(f"- {as_text(answer.get('text'))}" for answer in answers)]))  # fmt: skip
        if forwarded:
            inner = self._text(forwarded | {"forwardedMessage": None})  # Discord forwards one level deep
            parts.append(f"(forwarded)\n{inner}" if inner else "(forwarded)")
        return "\n".join(part for part in parts if part)

    def _files(self, record: Record) -> Iterator[ParsedAttachment]:
        """Yield the files and stickers, those of a forwarded message too."""
        for file in map(as_map, as_list(record.get("attachments"))):
            yield find_file(as_text(file.get("url")), as_text(file.get("fileName")), self._media)
        for sticker in map(as_map, as_list(record.get("stickers"))):
            yield ParsedAttachment(as_text(sticker.get("name")) or None, "sticker", omitted=True)
        forwarded = as_map(record.get("forwardedMessage"))
        if forwarded and "forwardedMessage" not in forwarded:
            yield from self._files(forwarded)


def find_file(address: str, name: str, media: Container[str]) -> ParsedAttachment:
    """Return a file; one that was downloaded with the export has a path where others have an address."""
    parts = urlsplit(address) if ":" in address[:12] else None
    is_remote = parts is not None and bool(parts.scheme)
    shown = name or PurePosixPath(unquote(parts.path if parts is not None else address)).name
    for path in () if is_remote else (address, unquote(address), address.replace("\\", "/")):
        if path in media:
            return ParsedAttachment(shown, kind_of_file(shown), omitted=False, path=path)
    return ParsedAttachment(shown or None, kind_of_file(shown), omitted=True)


def _replace_markup(text: str, record: Record) -> str:
    """Return the words of a message that was exported with Discord's markup left in."""
    if "<" not in text:
        return text
    mentions = [as_map(each) for each in as_list(record.get("mentions"))]
    names = {as_text(each.get("id")): as_text(each.get("nickname")) or as_text(each.get("name")) for each in mentions}
    text = _MENTION.sub(lambda found: f"@{names.get(found[1]) or found[1]}", text)
    return _TIME.sub(_format_time, _EMOJI.sub(r":\1:", text))


def _format_time(found: re.Match[str]) -> str:
    moment = at_offset(int(found[1]))
    return f"{moment.day} {moment:%B %Y %H:%M} UTC" if moment else found[0]


def _read_embed(embed: Record, said: str) -> str:
    """Return the words of an embed; the preview of a link that stands in the message has none of its own."""
    address = as_text(embed.get("url"))
    if address and address in said:
        return ""
    author = as_text(as_map(embed.get("author")).get("name"))
    fields = (
        ": ".join(filter(None, (as_text(each.get("name")), as_text(each.get("value")))))
        for each in map(as_map, as_list(embed.get("fields")))
    )
    parts = (author, as_text(embed.get("title")), as_text(embed.get("description")), *fields)
    return "\n".join(filter(None, parts))

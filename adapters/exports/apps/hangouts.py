"""Google Hangouts from Google Takeout: Hangouts.json, as it was until 2022 and in its older shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import in_zone
from bot import LocalZone

Record = dict[str, object]
_LISTS: Final = frozenset({"conversations", "conversation_state"})
_ABOUT: Final = frozenset({"conversation", "conversation_id", "participant_data"})
_MEDIA: Final[dict[str, AttachmentKind]] = {
    "plus_photo": "image", "plus_audio_v2": "audio", "video_object": "video", "plus_video": "video",
}  # fmt: skip
_ADDRESSES: Final = ("original_content_url", "url", "embed_url")


class HangoutsExport(JsonExport):
    """Reads the conversations of an account."""

    name = "hangouts"
    label = "Google Hangouts (Takeout)"
    members = re.compile(r"(?:^|/)Hangouts\.json$", re.IGNORECASE)

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the first conversation, which has its participants."""
        if reader.next()[0] != "start_map":
            return False
        for key, event in reader.members():
            if key in _LISTS and event[0] == "start_array":
                first = reader.next()
                return first[0] == "start_map" and _opens_conversation(reader)
            reader.skip(event)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations, each the oldest message first."""
        enter_root(reader)
        for key, event in reader.members():
            if key in _LISTS and event[0] == "start_array":
                for element in reader.elements():
                    if element[0] == "start_map":
                        yield _read_conversation(reader, media, options)
                    else:
                        reader.skip(element)
            else:
                reader.skip(event)


def _opens_conversation(reader: JsonReader) -> bool:
    for key, event in reader.members():
        if key in {"conversation", "conversation_state"} and event[0] == "start_map":
            return any(name in _ABOUT for name, _ in _skim(reader))
        reader.skip(event)
    return False


def _skim(reader: JsonReader) -> Iterator[tuple[str, str]]:
    """Yield the keys of an object that was opened, each with what opens its value, which is passed over."""
    for key, event in reader.members():
        yield key, event[0]
        reader.skip(event)


def _read_conversation(reader: JsonReader, media: MediaTree, options: ParseOptions) -> ParsedChat:
    warnings = WarningCounter()
    about: Record = {}
    events: list[Record] = []
    todo = [reader.members()]
    while todo:  # what an older export has one level deeper is read there
        for key, event in todo[-1]:
            if key in {"events", "event"} and event[0] == "start_array":
                events += [as_map(reader.value(each)) for each in reader.elements()]
            elif key == "conversation_state" and event[0] == "start_map":
                todo.append(reader.members())
                break
            elif key == "conversation":
                about = as_map(reader.value(event))
                about = as_map(about.get("conversation")) or about
            else:
                reader.skip(event)
        else:
            todo.pop()
    talk = _Talk(about, media, options.timezone or LocalZone(), warnings)
    messages = [message for number, each in enumerate(events, 1) if (message := talk.message(each, number))]
    messages.sort(key=lambda message: message.sent_at)
    chat = talk.chat(messages)
    warnings.add_to(chat)
    return chat


def _id_of(value: object) -> str:
    identity = as_map(value)
    return as_text(identity.get("gaia_id")) or as_text(identity.get("chat_id")) or as_text(identity.get("id"))


class _Talk:
    """One conversation: who takes part, and what its events say."""

    def __init__(self, about: Record, media: MediaTree, zone: tzinfo, warnings: WarningCounter) -> None:
        self._about, self._media, self._zone, self._warnings = about, media, zone, warnings
        self._names: dict[str, str] = {}
        for each in map(as_map, as_list(about.get("participant_data"))):
            phone = as_map(each.get("phone_number"))
            number = as_text(phone.get("e164")) or as_text(as_map(phone.get("i18n_data")).get("international_number"))
            name = as_text(each.get("fallback_name")) or number
            if name:
                self._names[_id_of(each.get("id"))] = name
        state = as_map(as_map(about.get("self_conversation_state")).get("self_read_state"))
        self._own = _id_of(state.get("participant_id"))

    def chat(self, messages: list[ParsedMessage]) -> ParsedChat:
        """Return the conversation with its messages."""
        others = [name for identity, name in self._names.items() if identity != self._own]
        direct = "ONE_TO_ONE" in as_text(self._about.get("type"))
        return ParsedChat(
            as_text(self._about.get("name")) or ", ".join(others) or "Hangouts",
            iter(messages),
            media=self._media,
            external_id=_id_of(self._about.get("id")) or None,
            kind="direct" if direct else "group",
            own_account=self._own or None,
        )

    def message(self, event: Record, number: int) -> ParsedMessage | None:
        """Return what an event tells; None where it tells nothing."""
        stamp = as_text(event.get("timestamp"))
        sent_at = in_zone(int(stamp) / 1_000_000, self._zone) if stamp.isdecimal() else None
        if sent_at is None:
            self._warnings.note(number, "has no possible time; it was left out")
            return None
        sender = _id_of(event.get("sender_id"))
        name = self._name(sender)
        identity = as_text(event.get("event_id")) or None
        if told := self._happening(event, name):
            return make_message(None, sent_at, told, number, kind="system", external_id=identity)
        content = as_map(as_map(event.get("chat_message")).get("message_content"))
        if not content:
            return None
        embedded = [as_map(as_map(each).get("embed_item")) for each in as_list(content.get("attachment"))]
        said = [_words_of(content), *filter(None, map(_place_of, embedded))]
        files = tuple(file for each in embedded for file in self._files(each))
        return make_message(
            name, sent_at, "\n".join(filter(None, said)), number, attachments=files, external_id=identity,
            author_id=sender or None,
        )  # fmt: skip

    def _name(self, identity: str) -> str:
        return self._names.get(identity) or "Somebody"

    def _happening(self, event: Record, name: str) -> str:
        """Return what happened, where an event is no message."""
        if called := as_map(event.get("hangout_event")):
            return f"{name} {'ended' if 'END' in as_text(called.get('event_type')) else 'started'} a call"
        if renamed := as_map(event.get("conversation_rename")):
            return f"{name} named the conversation {as_text(renamed.get('new_name'))}"
        if change := as_map(event.get("membership_change")):
            who = ", ".join(self._name(_id_of(each)) for each in as_list(change.get("participant_id")))
            return f"{who} left" if as_text(change.get("type")) == "LEAVE" else f"{name} added {who}"
        return ""

    def _files(self, item: Record) -> Iterator[ParsedAttachment]:
        for key, kind in _MEDIA.items():
            if found := as_map(item.get(key)):
                address = next(filter(None, (as_text(found.get(each)) for each in _ADDRESSES)), "")
                name = unquote(PurePosixPath(urlsplit(address).path).name)
                yield make_attachment(name or None, kind, path=name, present=name in self._media)


def _words_of(content: Record) -> str:
    parts: list[str] = []
    for segment in map(as_map, as_list(content.get("segment"))):
        said = as_text(segment.get("text"))
        target = as_text(as_map(segment.get("link_data")).get("link_target"))
        shown = said if not target or said in target or "://" in said else f"{said} ({target})"
        parts.append("\n" if as_text(segment.get("type")) == "LINE_BREAK" else shown)
    return "".join(parts)


def _place_of(item: Record) -> str:
    place = as_map(item.get("place_v2"))
    return " ".join(filter(None, (as_text(place.get("name")), as_text(place.get("url")))))

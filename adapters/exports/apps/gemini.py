"""Gemini's conversations from Google Takeout: "My Activity", Gemini Apps, as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator

from adapters.exports.archive import MediaTree
from adapters.exports.html_text import html_to_text
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
_PRODUCTS = re.compile(r"Gemini|Bard")
_PROMPTED = re.compile(r"^(?:Prompted|Asked|Said|Used|Eingegebener Prompt:|Prompt:)\s+")


class GeminiExport(JsonExport):
    """Reads what was asked of Gemini and what it answered, the oldest first."""

    name = "gemini"
    label = "Gemini (Google Takeout, JSON)"

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the product of the first activity."""
        if reader.next()[0] != "start_array":
            return False
        event = reader.next()
        first = as_map(reader.value(event)) if event[0] == "start_map" else {}
        return "time" in first and _PRODUCTS.search(as_text(first.get("header"))) is not None

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield one conversation: Takeout doesn't tell where one ends."""
        if reader.next()[0] != "start_array":
            raise ImportRefused("is not an export of Gemini: it holds no list")
        zone, warnings = options.timezone or LocalZone(), WarningCounter()
        messages: list[ParsedMessage] = []
        for number, event in enumerate(reader.elements(), 1):
            record = as_map(reader.value(event))
            sent_at = from_iso(as_text(record.get("time")), zone)
            if sent_at is None:
                warnings.note(number, "has no possible time; it was left out")
                continue
            answers = (as_text(as_map(each).get("html")) for each in as_list(record.get("safeHtmlItem")))
            answer = "\n\n".join(html_to_text(each) for each in answers if each)
            files = tuple(make_attachment(as_text(each)) for each in as_list(record.get("attachedFiles")) if each)
            if answer:
                messages.append(make_message("Gemini", sent_at, answer, number, author_id="assistant"))
            asked = _PROMPTED.sub("", as_text(record.get("title")))
            messages.append(make_message("You", sent_at, asked, number, attachments=files, author_id="user"))
        chat = ParsedChat(
            "Gemini", iter(messages[::-1]), external_id="gemini", kind="direct", media=media, own_account="user"
        )
        warnings.add_to(chat)
        yield chat

"""Gemini's conversations from Google Takeout: "My Activity", Gemini Apps, as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo

from adapters.exports.apps.gemini_activity import Activity, chat_of
from adapters.exports.archive import MediaTree
from adapters.exports.html_text import html_to_text
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParseOptions
from adapters.exports.timestamps import from_iso
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
_PRODUCTS = re.compile(r"Gemini|Bard")


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
        products = [as_text(first.get("header")), *map(as_text, as_list(first.get("products")))]
        return "time" in first and any(_PRODUCTS.search(product) for product in products)

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield one conversation: Takeout doesn't tell where one ends."""
        if reader.next()[0] != "start_array":
            raise ImportRefused("is not an export of Gemini: it holds no list")
        zone, warnings = options.timezone or LocalZone(), WarningCounter()
        activities: list[Activity] = []
        for number, event in enumerate(reader.elements(), 1):
            activity = _read(as_map(reader.value(event)), media, zone)
            if activity is None:
                warnings.note(number, "has no possible time; it was left out")
            else:
                activities.append(activity)
        yield chat_of(activities, media, warnings)


def _read(record: Record, media: MediaTree, zone: tzinfo) -> Activity | None:
    sent_at = from_iso(as_text(record.get("time")), zone)
    if sent_at is None:
        return None
    answers = (as_text(as_map(each).get("html")) for each in as_list(record.get("safeHtmlItem")))
    title = as_text(record.get("title")) or as_text(record.get("text"))
    places = [as_text(as_map(each).get("url")) for each in as_list(record.get("details"))]
    return Activity(
        sent_at,
        title.strip(),
        "\n\n".join(html_to_text(each) for each in answers if each),
        tuple(_files_of(record, media)),
        next((place for place in (*places, as_text(record.get("titleUrl"))) if "gemini.google.com" in place), ""),
    )


def _files_of(record: Record, media: MediaTree) -> Iterator[ParsedAttachment]:
    """Yield the files of an activity: their names are told beside where they lie, or only where they lie."""
    told = {as_text(each.get("url")): each for each in map(as_map, as_list(record.get("subtitles")))}
    lying = [*told, *_texts(record.get("imageFile")), *_texts(record.get("attachedFiles"))]
    for path in dict.fromkeys(filter(None, lying)):
        if "://" not in path:
            name = as_text(told.get(path, {}).get("name")).removeprefix("-").strip()
            yield make_attachment(name or path.rpartition("/")[2], path=path, present=path in media)


def _texts(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        yield as_text(as_map(each).get("url")) if isinstance(each, dict) else as_text(each)

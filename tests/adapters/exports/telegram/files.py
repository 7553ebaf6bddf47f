"""Writes Telegram Desktop's exports, in the shapes of several years of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

Record = dict[str, object]
EXCLUDED = "(File not included. Change data exporting settings to download.)"


def stamped(sent_at: datetime, *, old: bool = False) -> Record:
    """Return the date of a message: old exports have the clock time alone."""
    record: Record = {"date": sent_at.replace(tzinfo=None).isoformat(timespec="seconds")}
    return record if old else record | {"date_unixtime": str(int(sent_at.timestamp()))}


def said(number: int, author: str, text: object, *, at: datetime | None = None, **more: object) -> Record:
    sent_at = at or datetime(2024, 5, 3, 21, 14, tzinfo=UTC) + timedelta(minutes=number)
    return {
        "id": number, "type": "message", **stamped(sent_at), "from": author, "from_id": f"user{len(author)}",
        "text": text, "text_entities": [], **more,
    }  # fmt: skip


def chat(*messages: Record, name: str | None = "Lisbon trip", kind: str = "private_supergroup") -> Record:
    return {"name": name, "type": kind, "id": 1234567, "messages": list(messages)}


def account(*chats: Record, left: tuple[Record, ...] = ()) -> Record:
    return {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 4, "first_name": "Mara"},
        "contacts": {"about": "…", "list": [{"first_name": "Tom", "date": "2020-01-01T00:00:00"}]},
        "chats": {"about": "…", "list": list(chats)},
        "left_chats": {"about": "…", "list": list(left)},
    }


def written(folder: Path, content: object, name: str = "result.json") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return path

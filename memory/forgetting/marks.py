"""Remembers which messages of imports were forgotten, without a word of them, so that none of them comes back.

A mark is a keyed hash of a message's id in its conversation, eight bytes long; the key is the database's own. Undoing
an import, and forgetting a whole conversation, leave none: who imports that again means it.

A message without an id of its platform has one made of its words, and another when it was edited since. So there is a
second mark, of its author and minute, by which an edited message is known too.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

from memory.records import Entry, Selection
from memory.timestamps import micros

FILES = "files"
"""What the mark of a message's files says beside the message."""
_SIZE = 8
_MINUTE = 60_000_000


def leaves_no_mark(selection: Selection) -> bool:
    """Tell whether an import is undone or whole conversations are forgotten, and not some of what was said in them."""
    return selection.import_id is not None or not any(
        (selection.passage_ids, selection.matching, selection.person, selection.since, selection.until,
         selection.document_ids, selection.event_prefix)
    )  # fmt: skip


def name_minute(said_at: int, author: str) -> str:
    """Return what stands for the id of whatever somebody said in a minute; `said_at` is in microseconds since 1970."""
    return f"minute {said_at // _MINUTE} {unicodedata.normalize('NFKC', author).casefold().strip()}"


def ids_of(entry: Entry) -> tuple[str, ...]:
    """Return the ids under which an entry may have been forgotten."""
    minute = (name_minute(micros(entry.said_at), entry.author),) if entry.edited_without_id else ()
    return (entry.event_id, *minute) if entry.event_id is not None else ()


def make_mark(key: bytes, parts: Sequence[object]) -> bytes:
    """Return the mark of a message: platform, id and owner (0: none) of its conversation, its event, FILES or ""."""
    return hashlib.blake2b("\0".join(map(str, parts)).encode("utf-8", "replace"), key=key, digest_size=_SIZE).digest()

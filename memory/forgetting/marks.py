"""Remembers, without a word of them, which messages of imports were forgotten, so that none of them comes back.

A mark is a keyed hash of a message's id in its conversation, eight bytes long; the key is the database's own. Undoing
an import, and forgetting a whole conversation, leave none: who imports that again means it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from memory.records import Selection

FILES = "files"
"""What the mark of a message's files says beside the message."""
_SIZE = 8


def leaves_no_mark(selection: Selection) -> bool:
    """Tell whether an import is undone or whole conversations are forgotten, and not some of what was said in them."""
    return selection.import_id is not None or not any(
        (selection.passage_ids, selection.matching, selection.person, selection.since, selection.until,
         selection.document_ids, selection.event_prefix)
    )  # fmt: skip


def make_mark(key: bytes, parts: Sequence[object]) -> bytes:
    """Return the mark of a message: platform, id and owner (0: none) of its conversation, its event, FILES or ""."""
    return hashlib.blake2b("\0".join(map(str, parts)).encode("utf-8", "replace"), key=key, digest_size=_SIZE).digest()

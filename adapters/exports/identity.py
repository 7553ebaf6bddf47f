"""Gives every imported chat and message an id that stays the same however often the chat is exported.

Exports of WhatsApp and its like carry no message ids, so the id is made of what a message is: what was said in
which minute of the conversation, and the how-many-eth of its like it is there. Seconds are left out because
Android writes none and iOS does; the author's name because it is the exporting phone's own name for a contact,
and a number until that contact is saved. So the exports of two phones, or of one phone over the years, agree.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from adapters.exports.parsed import ParsedMessage

REMEMBERED = 50_000
"""Repeats are counted over at least this many latest messages: bounds memory on files of any length."""


def fold_name(name: str) -> str:
    """Return a name as it is compared: case, width, accents' encoding and the spaces around it do not matter."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def conversation_identity(external_id: str | None, title: str, opening: Sequence[ParsedMessage]) -> str:
    """Return what tells a chat from the importing person's other chats.

    That is the platform's own id, else the title; a chat without either is known by its first message, which a
    longer export begins with too.
    """
    if external_id:
        return external_id
    if title:
        return f"import:title:{fold_name(title)}"
    if not opening:
        return "import:empty"
    first = opening[0]
    return f"import:first:{EventIds().of(first.sent_at, first.text)}"


class EventIds:
    """Makes the ids of one conversation's messages, asked for in file order.

    Of two equal messages in one minute the second gets another id than the first, in every export of the
    chat: exports hold messages in the same order, and a longer one only continues.
    """

    def __init__(self) -> None:
        self._seen: dict[bytes, int] = {}
        self._seen_before: dict[bytes, int] = {}

    def of(self, sent_at: datetime, text: str) -> str:
        """Return the id of the next message: 32 hexadecimal digits."""
        minute = int(sent_at.timestamp()) // 60
        content = f"{minute}\0{text}"
        key = hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest()[:16]
        repeats = self._seen.get(key, 0) or self._seen_before.get(key, 0)
        self._remember(key, repeats + 1)
        if not repeats:
            return key.hex()
        return hashlib.sha256(key + str(repeats).encode()).digest()[:16].hex()

    def _remember(self, key: bytes, count: int) -> None:
        if len(self._seen) >= REMEMBERED:
            self._seen_before, self._seen = self._seen, {}
        self._seen[key] = count

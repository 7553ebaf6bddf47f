"""How an imported message is worded in memory, so that everything in it can be recalled and cited.

Text stays verbatim. A file becomes a bracket after the caption, "our room [photo: IMG-2022.jpg]", so that the
message is found by either. Messages without anything to read are stored too, as system lines that say so:
what the export holds and what the memory holds then add up, and the gap in a conversation keeps its meaning.
"""

from __future__ import annotations

from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedMessage
from memory import Entry

DELETED = "[deleted message]"
EMPTY = "[empty message]"
NOUNS: dict[AttachmentKind, str] = {
    "image": "photo",
    "video": "video",
    "audio": "audio",
    "document": "document",
    "sticker": "sticker",
    "contact": "contact",
    "unknown": "attachment",
}


def to_entry(message: ParsedMessage, author_id: int | None, event_id: str, *, is_known: bool = False) -> Entry:
    """Return what is stored for a message; a deleted or empty one counts as a system line.

    `is_known` tells that the id is that of a remembered message, which this one was before it was edited.
    """
    text = message.text
    kind = message.kind
    if message.attachments:
        text = " ".join(filter(None, (text, *map(_bracket, message.attachments))))
    if not text or text.isspace():
        text = DELETED if message.deleted else EMPTY
        kind = "system"
    return Entry(
        text, message.sent_at, message.author or "", author_id, kind, event_id, message.reply_to, message.link,
        edited_without_id=message.edited and message.external_id is None and not is_known,
    )  # fmt: skip


def _bracket(attachment: ParsedAttachment) -> str:
    noun = NOUNS[attachment.kind]
    return f"[{noun}: {attachment.name}]" if attachment.name else f"[{noun}]"

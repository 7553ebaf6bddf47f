"""The messages of a history that brought files along, as the bot takes in such files."""

from __future__ import annotations

from adapters.exports.files_by_name import media_type_of
from adapters.exports.parsed import MediaFiles, ParsedMessage
from bot import Attachment, Conversation, Message, Person
from bot.context import PastMessage
from memory import ConversationRecord


def past_message(
    parsed: ParsedMessage, event_id: str, passage_id: int, place: ConversationRecord, media: MediaFiles
) -> PastMessage:
    """Return a message as the platform would have delivered it, with the files that lie beside its chat."""
    name = parsed.author or ""
    message = Message(
        event_id=event_id,
        conversation=Conversation(place.platform, place.external_id, place.title, place.kind),
        sender=Person(place.platform, parsed.author_id or name, name),
        text=parsed.text,
        sent_at=parsed.sent_at,
        attachments=tuple(
            Attachment(file.name, media_type_of(file.name), file.path or file.name)
            for file in parsed.attachments
            if file.name and not file.omitted
        ),
        link=parsed.link,
    )
    return PastMessage(message, place, passage_id, media.open)

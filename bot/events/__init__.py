"""What happens on a chat platform, and what goes back: frozen, platform-neutral, and writable as JSON."""

from bot.events.messages import (
    Attachment,
    Conversation,
    ConversationKind,
    Mention,
    Message,
    Person,
    platform_of,
    with_file_names,
)
from bot.events.replies import MOST_FILE_BYTES, MOST_FILES, Choices, OutFile, Reply, Source, SourceKind
from bot.events.serialize import from_json, to_json
from bot.events.updates import (
    Choice,
    ConversationDeleted,
    ConversationMoved,
    Event,
    Feedback,
    MessageDeleted,
    MessageEdited,
    UnreadableUpdate,
)

__all__ = [
    "MOST_FILES",
    "MOST_FILE_BYTES",
    "Attachment",
    "Choice",
    "Choices",
    "Conversation",
    "ConversationDeleted",
    "ConversationKind",
    "ConversationMoved",
    "Event",
    "Feedback",
    "Mention",
    "Message",
    "MessageDeleted",
    "MessageEdited",
    "OutFile",
    "Person",
    "Reply",
    "Source",
    "SourceKind",
    "UnreadableUpdate",
    "from_json",
    "platform_of",
    "to_json",
    "with_file_names",
]

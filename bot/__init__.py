"""The SDK of Scrubjay: what an adapter or a plugin is written with."""

from bot.adapter import Adapter, Limits, ReplyStream
from bot.context import Context
from bot.errors import AdapterError, CommandError
from bot.events import Attachment, Conversation, Message, Person, Reply, Source
from bot.plugin import Plugin, command, ingests, on_message
from memory.records import Passage, Recollection

__all__ = [
    "Adapter",
    "AdapterError",
    "Attachment",
    "CommandError",
    "Context",
    "Conversation",
    "Limits",
    "Message",
    "Passage",
    "Person",
    "Plugin",
    "Recollection",
    "Reply",
    "ReplyStream",
    "Source",
    "command",
    "ingests",
    "on_message",
]

from bot.access.policy import Role
from bot.adapter import Adapter, Limits, ReplyStream
from bot.choices import buttons
from bot.configuration.timezones import LOCAL, LocalZone, moment_at, zone_of
from bot.context import Context
from bot.errors import AdapterError, CommandError
from bot.events import Attachment, Conversation, Message, OutFile, Person, Reply, Source
from bot.jobs.context import JobContext
from bot.jobs.decorators import cron, every, job
from bot.jobs.planning import PlannedJob
from bot.plugin import Plugin, command, fetches, ingests, on_message, on_recall, reads, tool
from memory.access_records import Account, Grant
from memory.records import ConversationSummary, Fact, Passage, Recollection

__all__ = [
    "LOCAL",
    "Account",
    "Adapter",
    "AdapterError",
    "Attachment",
    "CommandError",
    "Context",
    "Conversation",
    "ConversationSummary",
    "Fact",
    "Grant",
    "JobContext",
    "Limits",
    "LocalZone",
    "Message",
    "OutFile",
    "Passage",
    "Person",
    "PlannedJob",
    "Plugin",
    "Recollection",
    "Reply",
    "ReplyStream",
    "Role",
    "Source",
    "buttons",
    "command",
    "cron",
    "every",
    "fetches",
    "ingests",
    "job",
    "moment_at",
    "on_message",
    "on_recall",
    "reads",
    "tool",
    "zone_of",
]

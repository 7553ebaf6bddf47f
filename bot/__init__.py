"""The SDK of Scrubjay: what a plugin is written with.

There is more in `bot.adapter`, `bot.answering`, `bot.choices`, `bot.context`, `bot.errors`, `bot.events`, `bot.plugin`,
`bot.reading` and `bot.testing`. Every other module is private and may change at any time.

What a name stands for is imported when it is first asked for, so that a command line which needs little starts at once.
The types stand in `__init__.pyi`; a test holds both lists together.
"""

from __future__ import annotations

from memory.names_on_use import import_on_use

__all__, __getattr__ = import_on_use(
    __name__,
    {
        "bot.access.policy": "Role",
        "bot.adapter": "Adapter Limits ReplyStream",
        "bot.choices": "buttons",
        "bot.configuration.timezones": "LOCAL LocalZone moment_at zone_of",
        "bot.context": "Context",
        "bot.errors": "AdapterError CommandError",
        "bot.events": "Attachment Conversation Message OutFile Person Reply Source",
        "bot.jobs.context": "JobContext",
        "bot.jobs.decorators": "cron every job",
        "bot.jobs.planning": "PlannedJob",
        "bot.plugin": "Plugin command fetches ingests on_message on_recall reads tool",
        "memory.access_records": "Account Grant",
        "memory.records": "ConversationSummary Fact Passage Recollection",
    },
)


def __dir__() -> list[str]:
    return [*globals(), *__all__]

"""What cited texts are written with: the language model and its records, excerpts, sources; and what names times.

What a name stands for is imported when it is first asked for: some bring in the words of many languages. The types
stand in `__init__.pyi`; a test holds both lists together.
"""

from __future__ import annotations

from memory.names_on_use import import_on_use

__all__, __getattr__ = import_on_use(
    __name__,
    {
        "bot.answering.checks.pronouns": "count_pronouns",
        "bot.answering.checks.statements": "find_carriers find_closest",
        "bot.answering.checks.wordings": "find_doubt is_joke takes_back",
        "bot.answering.citations": "check said_on so_far source_line source_lines spoken_on",
        "bot.answering.excerpting": "excerpts",
        "bot.answering.periods.past": "moment_of",
        "bot.answering.records": "Answer",
        "bot.answering.sources": "source_of",
        "bot.answering.speed": "describe_speed",
        "bot.answering.writer": "JsonSchema Writer as_data",
        "bot.models": "Picture Sampling ToolSpec Turn WantedCall",
        "memory.search.finds": "keep_finds",
        "memory.timeline.calendar_names": "CalendarNames calendar_names",
    },
)

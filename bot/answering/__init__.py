"""What cited texts are written with: the language model and its records, excerpts, sources; and what names times."""

from importlib import import_module
from typing import TYPE_CHECKING

from bot.answering.citations import check, said_on, so_far, source_line, source_lines, spoken_on
from bot.answering.excerpts import excerpts
from bot.answering.periods.past import moment_of
from bot.answering.records import Answer
from bot.answering.sources import source_of
from bot.answering.speed import describe_speed
from bot.answering.writer import JsonSchema, Writer, as_data
from bot.models import Picture, Sampling, ToolSpec, Turn, WantedCall

if TYPE_CHECKING:
    from bot.answering.checks.pronouns import count_pronouns
    from bot.answering.checks.statements import find_carriers, find_closest
    from bot.answering.checks.wordings import find_doubt, is_joke, takes_back
    from memory.search.finds import keep_finds
    from memory.timeline.calendar_names import CalendarNames, calendar_names

__all__ = [
    "Answer",
    "CalendarNames",
    "JsonSchema",
    "Picture",
    "Sampling",
    "ToolSpec",
    "Turn",
    "WantedCall",
    "Writer",
    "as_data",
    "calendar_names",
    "check",
    "count_pronouns",
    "describe_speed",
    "excerpts",
    "find_carriers",
    "find_closest",
    "find_doubt",
    "is_joke",
    "keep_finds",
    "moment_of",
    "said_on",
    "so_far",
    "source_line",
    "source_lines",
    "source_of",
    "spoken_on",
    "takes_back",
]

_IMPORTED_WHEN_USED = {
    "CalendarNames": "memory.timeline.calendar_names",
    "calendar_names": "memory.timeline.calendar_names",
    "count_pronouns": "bot.answering.checks.pronouns",
    "find_carriers": "bot.answering.checks.statements",
    "find_closest": "bot.answering.checks.statements",
    "find_doubt": "bot.answering.checks.wordings",
    "is_joke": "bot.answering.checks.wordings",
    "keep_finds": "memory.search.finds",
    "takes_back": "bot.answering.checks.wordings",
}
"""What brings in the words of many languages: a command that answers nothing does not wait for them."""


def __getattr__(name: str) -> object:
    """Import one of those names."""
    if name not in _IMPORTED_WHEN_USED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_IMPORTED_WHEN_USED[name]), name)

"""What cited texts are written with: the language model and its records, excerpts, sources; and what names times."""

from bot.answering.checks.pronouns import count_pronouns
from bot.answering.checks.statements import find_carriers, find_closest
from bot.answering.checks.wordings import find_doubt, is_joke, takes_back
from bot.answering.citations import check, said_on, so_far, source_line, source_lines
from bot.answering.excerpts import excerpts
from bot.answering.past import moment_of
from bot.answering.records import Answer
from bot.answering.sources import source_of
from bot.answering.speed import describe_speed
from bot.answering.writer import JsonSchema, Writer, as_data
from bot.models import Sampling, ToolSpec, Turn, WantedCall
from memory.timeline.calendar_names import CalendarNames, calendar_names

__all__ = [
    "Answer",
    "CalendarNames",
    "JsonSchema",
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
    "moment_of",
    "said_on",
    "so_far",
    "source_line",
    "source_lines",
    "source_of",
    "takes_back",
]

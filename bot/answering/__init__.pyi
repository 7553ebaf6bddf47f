from bot.answering.checks.pronouns import count_pronouns
from bot.answering.checks.statements import find_carriers, find_closest
from bot.answering.checks.wordings import find_doubt, is_joke, takes_back
from bot.answering.citations import check, said_on, so_far, source_line, source_lines, spoken_on
from bot.answering.excerpting import excerpts
from bot.answering.periods.past import moment_of
from bot.answering.records import Answer
from bot.answering.sources import source_of
from bot.answering.speed import describe_speed
from bot.answering.writer import JsonSchema, Writer, as_data
from bot.models import Picture, Sampling, ToolSpec, Turn, WantedCall
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

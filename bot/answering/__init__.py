"""What plugins write cited texts with: the language model, excerpts, sources, and what both are said about."""

from bot.answering.citations import check, said_on, so_far, source_line, source_lines
from bot.answering.excerpts import excerpts
from bot.answering.past import moment_of
from bot.answering.sources import source_of
from bot.answering.speed import describe_speed
from bot.answering.writer import JsonSchema, Writer, as_data

__all__ = [
    "JsonSchema",
    "Writer",
    "as_data",
    "check",
    "describe_speed",
    "excerpts",
    "moment_of",
    "said_on",
    "so_far",
    "source_line",
    "source_lines",
    "source_of",
]

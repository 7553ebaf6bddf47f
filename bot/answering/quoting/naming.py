"""Whether a text names what a question asks for: a sum where a sum is asked for, a day for a date."""

from __future__ import annotations

from bot.answering.quoting import amounts, contacts, dates
from bot.answering.quoting.wanted import Asked


def names_wanted(text: str, asked: Asked) -> bool:
    """Say whether a text names something of the kind that is asked for; False where any words may be."""
    match asked.wanted:
        case "email" | "phone" | "link":
            return contacts.names_contact(text, asked.wanted)
        case "amount":
            return amounts.names_money(text)
        case "count":
            return amounts.names_count(text, asked)
        case "duration":
            return amounts.names_duration(text)
        case "clock":
            return amounts.clock_of(text) is not None
        case "date":
            return dates.names_a_time(text)
        case _:
            return False

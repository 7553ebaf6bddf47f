"""How a page shows times and people."""

from __future__ import annotations

import re
import zlib
from datetime import date, datetime, tzinfo

from markupsafe import Markup, escape

from bot.translation import format_day, format_full_day

_HUES = 8
_NOT_IN_WORDS = re.compile(r"[^\w'’.-]+")


def in_zone(moment: datetime, zone: tzinfo | None) -> datetime:
    """Return a time in the reader's zone; None leaves it in its own."""
    return moment if zone is None else moment.astimezone(zone)


def say_day(day: date) -> str:
    """Return a day as people write it: "Friday, 3 May 2024"."""
    return format_full_day(day)


def show_time(moment: datetime, zone: tzinfo | None, form: str = "moment") -> Markup:
    """Return a time element; `form` is "moment" (3 May 2024, 21:14), "day" (3 May 2024) or "clock" (21:14)."""
    local = in_zone(moment, zone)
    day, clock = format_day(local), f"{local:%H:%M}"
    shown = {"moment": f"{day}, {clock}", "day": day, "clock": clock}[form]
    return Markup('<time datetime="{}">{}</time>').format(escape(local.isoformat(timespec="seconds")), shown)


def plain_day(moment: datetime, zone: tzinfo | None) -> str:
    """Return the day of a time as a text, to stand within a sentence."""
    return format_day(in_zone(moment, zone))


def hue_of(name: str) -> str:
    """Return the class that gives a person a colour, the same on every page."""
    return f"hue-{zlib.crc32(name.casefold().encode()) % _HUES}"


def initials_of(name: str) -> str:
    """Return one or two letters that stand for a person."""
    words = [word for word in _NOT_IN_WORDS.sub(" ", name).split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"

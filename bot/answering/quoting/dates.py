"""When something was: the date that a sentence names, worked out from when it was said, else the day it was said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from memory import TimeWindow
from memory.timeline.calendar import MONTHS
from memory.timeline.expressions import named_windows, relative_times

_AHEAD = re.compile(
    r"\b(?:will|shall|going to|is|are|does|next|wird|werden|ist|sind|fährt|geht|beginnt|va a|es|sale|va|part|est|parte"
    r"|sai|vai|é|abre|cierra|ouvre|apre|chiude|fecha|leaves?|opens?|closes?|starts?)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:did|was|were|had|has|have|been|hat|haben|hatte|war|waren|wurde|fue|hizo|ha|han|hemos|a|ont|avons|était|fut"
    r"|foi|fez|hanno|abbiamo|era|reservamos|compramos)\b",
    re.IGNORECASE,
)
_BIRTHDAY = re.compile(
    r"birthday|geburtstag|cumpleaños|anniversaire|compleanno|aniversário|verjaardag|день рожд", re.IGNORECASE
)
_WISHES = re.compile(
    r"happy birthday|alles gute|herzlichen glückwunsch|feliz cumple|joyeux anniversaire|buon compleanno|auguri|parabéns"
    r"|feliz aniversário|gefeliciteerd|с днём рожд|с днем рожд",
    re.IGNORECASE,
)
"""Who is wished that has their birthday on that day."""
_LONG = timedelta(days=400)


_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
_AROUND_MONTHS = {
    "de": (". ", ""),
    "es": (" de ", " de"),
    "fr": (" ", ""),
    "it": (" ", ""),
    "pt": (" de ", " de"),
    "nl": (" ", ""),
}
"""What stands between a day and its month, and between the month and its year."""
MONTH_NAMES = frozenset(name.casefold() for names in (" ".join(MONTHS), *_MONTHS.values()) for name in names.split())
"""In all languages that dates are told in."""
_DAY_AND_MONTH = re.compile(rf"(?<!\w)(\d{{1,2}}) ({'|'.join(MONTHS)})(?=\s)")


def when_of(sentence: str, said_at: datetime, zone: tzinfo | None, question: str) -> str | None:
    """Return the date of what a sentence says: "2 May 2024" for "yesterday" of the day after.

    None where the question is about what is or will be, and the sentence names no time.

    A date that was still ahead when it was said is none of what had happened by then: "booked the hotel, 12–16 June"
    of 3 May was booked on 3 May. So what a question about the past looks for is over by then, if it is named at all.
    """
    local = said_at if zone is None else said_at.astimezone(zone)
    named = [(window.start, window_label(window)) for window in named_windows(sentence, local)]
    if looks_back(question):
        worked_out = _relative(sentence, local)
        if worked_out is not None:
            return worked_out
        over = [label for start, label in named if start <= local and local - start < _LONG * 60]
        certain = over if len(named) == 1 else []
        return certain[-1] if certain else day_of(local)
    ahead = [label for start, label in named if start >= local - timedelta(days=1)]
    worked_out = _relative(sentence, local)
    if not named and worked_out is None and _BIRTHDAY.search(question) and _WISHES.search(sentence):
        return f"{local.day} {MONTHS[local.month - 1]}"
    return worked_out or (ahead[0] if ahead else named[-1][1] if named else None)


def names_a_time(sentence: str) -> bool:
    """Say whether a sentence names any date or time of its own, whenever it was said."""
    return bool(named_windows(sentence, datetime(2024, 5, 15, 12, tzinfo=UTC)))


def looks_back(question: str) -> bool:
    """Say whether a question is about what has happened; it is where it does not say."""
    return bool(_BACK.search(question)) or not _AHEAD.search(question)


def _relative(sentence: str, local: datetime) -> str | None:
    windows = {window.words: window for window in named_windows(sentence, local)}
    for words, label in relative_times(sentence, local):
        window = windows.get(words)
        if window is not None and window.start.date() == local.date() and "day" not in words:
            continue  # "now", "this evening": the day it was said, at best
        return _shorten_label(label, window)
    return None


def _shorten_label(label: str, window: TimeWindow | None) -> str:
    """Return "24–30 April 2024" for "24 April 2024 to 30 April 2024"; other labels as they are."""
    return window_label(window) if window is not None and " to " in label and label[0].isdigit() else label


def window_label(window: TimeWindow) -> str:
    """Return a span of days as people write it: "3 May 2024", "12–16 June 2024", "June 2024", "2024"."""
    start, last = window.start, window.end - timedelta(seconds=1)
    if start.date() == last.date():
        return day_of(start)
    if (start.day, start.month) == (1, 1) and (last.day, last.month) == (31, 12):
        return str(start.year) if start.year == last.year else f"{start.year}–{last.year}"
    if start.day == 1 and (last + timedelta(days=1)).day == 1 and start.month == last.month:
        return f"{MONTHS[start.month - 1]} {start.year}"
    if (start.month, start.year) == (last.month, last.year):
        return f"{start.day}–{last.day} {MONTHS[start.month - 1]} {start.year}"
    if start.year == last.year:
        return f"{start.day} {MONTHS[start.month - 1]} – {day_of(last)}"
    return f"{day_of(start)} – {day_of(last)}"


def in_language(label: str, language: str) -> str:
    """Return a date in another language's words: "3. Mai 2024" for "3 May 2024"; unchanged where they are unknown."""
    months = _MONTHS.get(language)
    if months is None:
        return label
    names = dict(zip(MONTHS, months.split(), strict=True))
    before, after = _AROUND_MONTHS[language]
    dated = _DAY_AND_MONTH.sub(lambda match: f"{match[1]}{before}{match[2]}{after}", label)
    return re.sub("|".join(MONTHS), lambda match: names[match[0]], dated)


def day_of(moment: datetime) -> str:
    """Return a day as "3 May 2024"."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"

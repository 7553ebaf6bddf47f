"""Dates and numbers as they are written in the language that is spoken.

The forms of the Unicode CLDR (https://cldr.unicode.org), medium length, for the few languages that there are: its
library takes longer to import than the whole command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.translation.active_language import ENGLISH, current_language

_NARROW_SPACE = "\u202f"


@dataclass(frozen=True, slots=True)
class LocaleFormat:
    """One language's months, weekdays from Monday on, the order of a date, and what parts thousands and decimals."""

    months: tuple[str, ...]
    long_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    long_weekdays: tuple[str, ...]
    day: str = "{day} {month} {year}"
    long_day: str = "{day} {month} {year}"
    weekday: str = "{weekday} {day} {month}"
    long_weekday: str = "{weekday} {day} {month}"
    thousands: str = "."
    decimals: str = ","


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_FORMATS = {
    "en": LocaleFormat(
        _split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
        _split("January February March April May June July August September October November December"),
        _split("Mon Tue Wed Thu Fri Sat Sun"),
        _split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        thousands=",",
        decimals=".",
    ),
    "de": LocaleFormat(
        _split("Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."),
        _split("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        _split("Mo. Di. Mi. Do. Fr. Sa. So."),
        _split("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        day="{day}. {month} {year}",
        long_day="{day}. {month} {year}",
        weekday="{weekday} {day}. {month}",
        long_weekday="{weekday}, {day}. {month}",
    ),
    "es": LocaleFormat(
        _split("ene feb mar abr may jun jul ago sept oct nov dic"),
        _split("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        _split("lun mar mié jue vie sáb dom"),
        _split("lunes martes miércoles jueves viernes sábado domingo"),
        long_day="{day} de {month} de {year}",
        long_weekday="{weekday}, {day} de {month}",
    ),
    "fr": LocaleFormat(
        _split("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
        _split("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        _split("lun. mar. mer. jeu. ven. sam. dim."),
        _split("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        thousands=_NARROW_SPACE,
    ),
    "it": LocaleFormat(
        _split("gen feb mar apr mag giu lug ago set ott nov dic"),
        _split("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
        _split("lun mar mer gio ven sab dom"),
        _split("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
    ),
    "pt": LocaleFormat(
        _split("jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez."),
        _split("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
        _split("seg. ter. qua. qui. sex. sáb. dom."),
        _split("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"),
        day="{day} de {month} de {year}",
        long_day="{day} de {month} de {year}",
        weekday="{weekday} {day} de {month}",
        long_weekday="{weekday}, {day} de {month}",
    ),
}


def _find_format() -> LocaleFormat:
    return _FORMATS.get(current_language(), _FORMATS[ENGLISH])


def format_day(day: date) -> str:
    """Return a day: "3 May 2024", "3. Mai 2024"."""
    spoken = _find_format()
    return spoken.day.format(day=day.day, month=spoken.months[day.month - 1], year=day.year)


def format_long_day(day: date) -> str:
    """Return a day with its month in full: "3 May 2024", "3 de mayo de 2024"."""
    spoken = _find_format()
    return spoken.long_day.format(day=day.day, month=spoken.long_months[day.month - 1], year=day.year)


def format_weekday(day: date) -> str:
    """Return a day of this year with its weekday: "Fri 3 May", "Fr. 3. Mai"."""
    spoken = _find_format()
    names = {"weekday": spoken.weekdays[day.weekday()], "month": spoken.months[day.month - 1]}
    return spoken.weekday.format(day=day.day, **names)


def format_long_weekday(day: date) -> str:
    """Return the same in full: "Friday 3 May", "Freitag, 3. Mai"."""
    spoken = _find_format()
    names = {"weekday": spoken.long_weekdays[day.weekday()], "month": spoken.long_months[day.month - 1]}
    return spoken.long_weekday.format(day=day.day, **names)


def format_full_day(day: date) -> str:
    """Return a day with all that there is to say: "Friday, 3 May 2024", "Freitag, 3. Mai 2024"."""
    return f"{_find_format().long_weekdays[day.weekday()]}, {format_long_day(day)}"


def format_short_day(day: date) -> str:
    """Return a day of a year that is known: "3 May", "3. Mai"."""
    spoken = _find_format()
    return spoken.weekday.removeprefix("{weekday} ").format(day=day.day, month=spoken.months[day.month - 1])


def format_month(day: date) -> str:
    """Return the month of a day: "May 2024", "Mai 2024"."""
    return f"{_find_format().months[day.month - 1]} {day.year}"


def weekday_names() -> tuple[str, ...]:
    """Return the names of the weekdays, from Monday on."""
    return _find_format().long_weekdays


def month_name(number: int) -> str:
    """Return the name of a month, from 1 on."""
    return _find_format().long_months[number - 1]


def format_moment(moment: datetime) -> str:
    """Return a day and a time: "3 May 2024 12:05"."""
    return f"{format_day(moment)} {moment:%H:%M}"


def format_number(number: float, decimals: int = 0) -> str:
    """Return a number with its thousands parted: "1,234.5", "1.234,5"."""
    spoken = _find_format()
    parts = f"{number:,.{decimals}f}"
    return parts.translate({ord(","): spoken.thousands, ord("."): spoken.decimals})

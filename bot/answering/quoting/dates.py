"""When something was: the date that a sentence names, worked out from when it was said, else the day it was said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from bot.answering.quoting.tense import tense_of
from bot.answering.quoting.wanted import Asked
from memory import TimeWindow
from memory.patterns import compile_on_use
from memory.timeline.calendar import EARLIEST, MONTHS
from memory.timeline.expressions import named_windows, relative_times
from memory.timeline.lasting import since_when
from memory.timeline.recurring import find_recurring

_BEGINS = compile_on_use(
    r"\b(?:start\w*|beg[aiu]n\w*|since when|take up|took up|seit wann|angefangen|begonnen|empez\w+|empiez\w+|comenz\w+"
    r"|desde cuándo|commenc\w+|début\w*|depuis quand|inizi\w+|cominci\w+|da quando|começ\w+|desde quando|begon\w*"
    r"|sinds wanneer)\b",
    re.IGNORECASE,
)
"""What asks when something began, which "for four months" tells."""
_LONG = timedelta(days=400)
_WEEK = timedelta(days=7)
_NOT_THEN = compile_on_use(
    r"\b(?:not|nicht|pas|niet|no|non|não)\s+(?:today|tonight|tomorrow|this \w+|next \w+|heute|morgen|ce soir|demain|hoy"
    r"|mañana|oggi|domani|stasera|hoje|amanhã|vandaag)\b|\b(?:hoy|mañana|oggi|domani|stasera|hoje|amanhã|heute|morgen)"
    r"\s+(?:no|non|não|nicht)\b",
    re.IGNORECASE,
)
"""A time at which something does not happen."""
_MOVES = compile_on_use(
    r"\b(?:postpon\w*|moved?|moving|push(?:ed|ing)?|reschedul\w*|shift(?:ed|ing)?|brought forward|verschob\w*"
    r"|verschieb\w*|verleg\w*|aplaz\w*|pospon\w*|pospuest\w*|reporté\w*|décal\w*|déplac\w*|rinviat\w*|spostat\w*|adiad\w*|adiamos"
    r"|remarcad\w*|uitgesteld|verzet|verplaatst)\b",
    re.IGNORECASE,
)
_MOVED_FROM = compile_on_use(
    r"\b(?:from|von|vom|de|del|du|dal|van)\s.{2,40}?\s(?=(?:to|until|auf|al|au|a|para|naar)\s)", re.IGNORECASE
)
"""The day that something was moved from, and so is not on."""


_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "pl": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "fi": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
}
_MONTHS_OF_A_DAY = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta"
    " marraskuuta joulukuuta",
}
"""The form that follows a day's number, where it is another."""
_AROUND_MONTHS = {"de": (". ", ""), "es": (" de ", " de"), "pt": (" de ", " de"), "fi": (". ", "")}
"""What stands between a day and its month, and between the month and its year, where it is not one space."""
_BESIDE_DATES = {
    "since": "de seit|es desde|fr depuis|it da|pt desde|nl sinds|ru с|pl od",
    "until": "de bis|es hasta|fr jusqu’au|it fino al|pt até|nl tot|ru до|pl do",
    "before": "de vor|es antes del|fr avant le|it prima del|pt antes de|nl voor",
    "after": "de nach|es después del|fr après le|it dopo il|pt depois de|nl na",
    "morning of": "de Morgen des|es mañana del|fr matin du|it mattina del|pt manhã de|nl ochtend van|ru утро|pl rano",
    "noon of": "de Mittag des|es mediodía del|fr midi du|it mezzogiorno del|pt meio-dia de|nl middag van|ru полдень",
    "afternoon of": "de Nachmittag des|es tarde del|fr après-midi du|it pomeriggio del|pt tarde de|nl middag van",
    "evening of": "de Abend des|es noche del|fr soir du|it sera del|pt noite de|nl avond van|ru вечер|pl wieczór",
    "night of": "de Nacht des|es noche del|fr nuit du|it notte del|pt noite de|nl nacht van|ru ночь|pl noc",
}
_NUMBERED_MONTHS = {"ja": ("年", "月", "日"), "zh": ("年", "月", "日"), "ko": ("년 ", "월 ", "일")}
"""What follows year, month and day where dates are written from the year on."""
MONTH_NUMBERS = {
    name.casefold(): number
    for names in (" ".join(MONTHS), *_MONTHS.values(), *_MONTHS_OF_A_DAY.values())
    for number, name in enumerate(names.split(), start=1)
}
"""Of the months' names in all languages that dates are told in."""
_DAY_AND_MONTH = compile_on_use(rf"(?<!\w)(\d{{1,2}}) ({'|'.join(MONTHS)})(?!\w)( (?=\d))?")
_MAY_BE = frozenset({"may", "march", "mars", "mai"})
"""Months that are other words in small letters."""
_ASKS_FOR_EVENT = compile_on_use(
    r"^\W*(?:(?:and|so|und|y|et|e|en) )?(?:when (?:was|were)|wann war(?:en)?|cuándo (?:fue|fueron|era)"
    r"|quand (?:était|a eu lieu)|quando (?:foi|foram|era|è stat[oa])|wanneer (?:was|waren))\s"
    r"(?!.*\b(?:\w{3,}ed|made|bought|sold|sent|paid|stolen|found|told|said|lost|taken|given|seen|built|written|ge\w{2,}t"
    r"|ge\w{2,}en|\w+ad[oa]|\w+id[oa])\W*$)",
    re.IGNORECASE,
)
"""What asks when something was, rather than when somebody did something to it: "when was the hotel booked?"."""
_WHOLE_DATE = compile_on_use(rf"(\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?")


def when_of(sentence: str, said_at: datetime, zone: tzinfo | None, asked: Asked) -> str | None:
    """Return the date of what a sentence says: "2 May 2024" for "yesterday" of the day after.

    None where the sentence names no time, and the question may be about what is or will be; what recurs is told in the
    sentence's own words: "every Wednesday".

    A date that was still ahead when it was said is none of what had happened by then: "booked the hotel, 12–16 June"
    of 3 May was booked on 3 May. So what a question about the past looks for is over by then, if it is named at all.
    "When was the party?" asks for the day of the party itself, whenever that was told.
    """
    local = said_at if zone is None else said_at.astimezone(zone)
    if _BEGINS.search(asked.text) and (began := since_when(sentence, local)):
        return began[1]
    if not looks_back(asked) and (recurs := find_recurring(sentence)):
        return recurs
    if _NOT_THEN.search(sentence):
        sentence = _NOT_THEN.sub(" ", sentence)
        if not names_a_time(sentence):
            return None
    if _MOVES.search(sentence):
        sentence = _MOVED_FROM.sub(" ", sentence)
    return _when_past(sentence, local, asked) if looks_back(asked) else _when_ahead(sentence, local)


def _when_past(sentence: str, local: datetime, asked: Asked) -> str:
    """Return the day of what is over: the only time named, where that has come, else the day it was said."""
    named = named_windows(sentence, local)
    only = named[0] if len(named) == 1 else None
    is_over = only is not None and only.start <= local and local - only.start < _LONG * 60
    if only is not None and not is_over and _ASKS_FOR_EVENT.search(asked.text):
        return window_label(only)
    return _relative(sentence, local) or (window_label(only) if only is not None and is_over else day_of(local))


def _when_ahead(sentence: str, local: datetime) -> str | None:
    """Return the day of what is or will be: the first time named that is still ahead, else the last one.

    "Sports day is Friday" of a Friday may be that day, the next one, or every one, and is told in its own word.
    """
    named = named_windows(sentence, local)
    worked_out = _relative(sentence, local)
    ahead = (window for window in named if window.start >= local - timedelta(days=1))
    chosen = next(ahead, named[-1] if named else None)
    if chosen is not None and _may_be_next_week(chosen, named, local):
        return chosen.words
    return worked_out or (window_label(chosen) if chosen is not None else None)


def repeats_day(sentence: str, question: str, said_at: datetime) -> bool:
    """Say whether the only days that a sentence names stand in the question: "on Friday" does not answer itself."""
    named = {window.words.casefold() for window in named_windows(sentence, said_at)}
    return bool(named) and named <= {window.words.casefold() for window in named_windows(question, said_at)}


def _may_be_next_week(chosen: TimeWindow, named: list[TimeWindow], local: datetime) -> bool:
    """Say whether a weekday is that of the day itself, and may be that of the week after as well."""
    is_today = chosen.start.date() == local.date()
    return is_today and any(each.words == chosen.words and each.start == chosen.start + _WEEK for each in named)


def names_a_time(sentence: str) -> bool:
    """Say whether a sentence names any date or time of its own, whenever it was said."""
    moment = datetime(2024, 5, 15, 12, tzinfo=UTC)
    return bool(named_windows(sentence, moment) or since_when(sentence, moment))


def looks_back(asked: Asked) -> bool:
    """Say whether a question is about what has happened."""
    return tense_of(asked.text, asked.language) == "past"


def _relative(sentence: str, local: datetime) -> str | None:
    windows = {window.words: window for window in named_windows(sentence, local)}
    for said, label in relative_times(sentence, local):
        window = windows.get(said)
        if window is not None and window.start.date() == local.date() and "day" not in said:
            continue  # "now", "this evening": the day it was said, at best
        return _shorten_label(label, window)
    return None


def _shorten_label(label: str, window: TimeWindow | None) -> str:
    """Return "24–30 April 2024" for "24 April 2024 to 30 April 2024"; other labels as they are."""
    return window_label(window) if window is not None and " to " in label and label[0].isdigit() else label


def window_label(window: TimeWindow) -> str:
    """Return a span of days as people write it: "3 May 2024", "12–16 June 2024", "June 2024", "2024"."""
    start, last = window.start, window.end - timedelta(seconds=1)
    if start.year <= EARLIEST.year:
        return f"until {day_of(last)}"
    if start.date() == last.date():
        return day_of(start)
    if (start.day, start.month) == (1, 1) and (last.day, last.month) == (31, 12):
        return str(start.year) if start.year == last.year else f"{start.year}–{last.year}"
    if start.day == 1 and (last + timedelta(days=1)).day == 1 and start.month == last.month:
        return f"{MONTHS[start.month - 1]} {start.year}"
    return _days_label(start, last)


def _days_label(start: datetime, last: datetime) -> str:
    """Return some days that are no whole month or year; what both ends have in common is said once."""
    if (start.month, start.year) == (last.month, last.year):
        return f"{start.day}–{last.day} {MONTHS[start.month - 1]} {start.year}"
    if start.year == last.year:
        return f"{start.day} {MONTHS[start.month - 1]} – {day_of(last)}"
    return f"{day_of(start)} – {day_of(last)}"


def is_in_month_asked(label: str, question: str) -> bool:
    """Say whether a date may be the one that a question about a month asks for: "when in June did we camp?"."""
    asked, named = _months_in(question), _months_in(label)
    return not asked or not named or bool(asked & named)


def _months_in(text: str) -> set[int]:
    names = (each for each in re.findall(r"[^\W\d_]{3,}", text) if each not in _MAY_BE)
    return {MONTH_NUMBERS[each.casefold()] for each in names if each.casefold() in MONTH_NUMBERS}


def in_language(label: str, language: str) -> str:
    """Return a date in another language's words: "3. Mai 2024" for "3 May 2024"; unchanged where they are unknown."""
    if language in _NUMBERED_MONTHS:
        return _WHOLE_DATE.sub(lambda match: _write_numbered(match, language), label)
    months = _MONTHS.get(language)
    if months is None:
        return label
    names = dict(zip(MONTHS, months.split(), strict=True))
    of_a_day = dict(zip(MONTHS, _MONTHS_OF_A_DAY.get(language, months).split(), strict=True))
    before, after = _AROUND_MONTHS.get(language, (" ", ""))
    label = _DAY_AND_MONTH.sub(
        lambda match: f"{match[1]}{before}{of_a_day[match[2]]}{after + ' ' if match[3] else ''}", label
    )
    for word, table in _BESIDE_DATES.items():
        translated = dict(each.split(" ", 1) for each in table.split("|"))
        label = re.sub(rf"^{word}(?= )", translated.get(language, word), label)
    return re.sub(rf"(?<!\w)(?:{'|'.join(MONTHS)})(?!\w)", lambda match: names[match[0]], label)


def _write_numbered(match: re.Match[str], language: str) -> str:
    years, months, days = _NUMBERED_MONTHS[language]
    year = f"{match[3]}{years}" if match[3] else ""
    return f"{year}{MONTHS.index(match[2]) + 1}{months}{match[1]}{days}"


def day_of(moment: datetime) -> str:
    """Return a day as "3 May 2024"."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"

"""Times named in Chinese and Japanese, which are written without spaces: 2024年5月3日, 去年, 昨天, 先月, 三天前."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import cast

from memory.patterns import compile_on_use
from memory.timeline import calendar
from memory.timeline.calendar import DAY, PartOfDay, Season, Unit
from memory.timeline.meanings import Meaning, yearless

_YEARS = {"今年": 0, "去年": -1, "昨年": -1, "前年": -2, "一昨年": -2, "明年": 1, "来年": 1, "後年": 2, "后年": 2}
_DAYS = {
    "大前天": -3, "前天": -2, "一昨日": -2, "おととい": -2, "昨天": -1, "昨日": -1, "きのう": -1,
    "今天": 0, "今日": 0, "きょう": 0, "明天": 1, "明日": 1, "あした": 1,

    "后天": 2, "後天": 2, "明後日": 2, "あさって": 2,
}  # fmt: skip
_EVENINGS: dict[str, tuple[int, PartOfDay]] = {
    "昨晚": (-1, "evening"), "昨夜": (-1, "night"), "今朝": (0, "morning"), "今早": (0, "morning"),
    "今晚": (0, "evening"), "今晩": (0, "evening"), "今夜": (0, "night"),
    "明晚": (1, "evening"), "明早": (1, "morning"),
}  # fmt: skip
_PARTS: dict[str, PartOfDay] = {
    "早上": "morning", "上午": "morning", "朝": "morning", "下午": "afternoon", "午後": "afternoon",
    "晚上": "evening", "夜": "night",
}  # fmt: skip
_STEPS = {"上上": -2, "上": -1, "先": -1, "下": 1, "来": 1, "這": 0, "这": 0, "本": 0, "今": 0, "先々": -2}
_WEEKDAYS = {
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
    "五": 4,
    "六": 5,
    "日": 6,
    "天": 6,
    "月": 0,
    "火": 1,
    "水": 2,
    "木": 3,
    "金": 4,
    "土": 5,
}
_SEASONS: dict[str, Season] = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter"}
_UNITS: dict[str, Unit] = {
    "分": "minute", "小": "hour", "时": "hour", "時": "hour", "天": "day", "日": "day", "周": "week", "週": "week",
    "星": "week", "礼": "week", "禮": "week", "月": "month", "年": "year",
}  # fmt: skip
_DIGITS = {each: at for at, each in enumerate("〇一二三四五六七八九十")} | {"两": 2, "兩": 2}

_NUMBER = r"(?:[0-9０-９]{1,3}|[一二三四五六七八九十两兩]{1,3})"


def _either(words: dict[str, object] | object) -> str:
    return "|".join(sorted(cast("dict[str, object]", words), key=len, reverse=True))


_TIME = compile_on_use(
    rf"""
      (?P<number>{_NUMBER})(?:[个個かヶケカ]?(?P<unit>月|周|週|年|天|日|分钟|分|小时|小時|時|星期|礼拜|禮拜)間?间?)(?:之?前)
    | (?:(?P<year>[0-9０-９]{{4}})年|(?P<nearyear>{_either(_YEARS)})の?)
      (?:(?P<month>{_NUMBER})月份?(?:(?P<day>{_NUMBER})[日号號])?|の?(?P<season>[春夏秋冬])[天季]?)?
    | (?P<baremonth>{_NUMBER})月(?P<bareday>{_NUMBER})[日号號]
    | (?P<evening>{_either(_EVENINGS)})
    | (?P<near>{_either(_DAYS)})の?(?P<part>{_either(_PARTS)})?
    | (?P<step>上上|先々|上|先|下|来|這|这|本|今)[个個]?(?:
          (?:周|週|星期|礼拜|禮拜)の?(?P<weekday>[一二三四五六日天]|[月火水木金土日](?=曜))?(?:曜日?)?(?P<weekend>末)?
        | (?P<stepmonth>月))
    | (?:周|星期|礼拜|禮拜)(?P<bareweekday>[一二三四五六日天])
    | (?P<jaweekday>[月火水木金土日])曜日?
    """,
    re.VERBOSE,
)
_WRITTEN = compile_on_use(r"[\u3040-\u30ff\u4e00-\u9fff]")


def readings(text: str, now: datetime) -> Iterator[tuple[int, int, Meaning]]:
    """Yield the named times with where they start and end in the text."""
    if _WRITTEN.search(text) is None:
        return
    for match in _TIME.finditer(text):
        try:
            yield match.start(), match.end(), _meaning(match, now)
        except (ValueError, OverflowError):
            continue


def _meaning(match: re.Match[str], now: datetime) -> Meaning:
    read = next(read for group, read in _READERS.items() if match[group])
    return read(match, now)


def _read_ago(match: re.Match[str], now: datetime) -> Meaning:
    unit = _UNITS[match["unit"][0]]
    return Meaning((calendar.around(calendar.shift(now, -_number(match["number"]), unit), unit),))


def _read_date(match: re.Match[str], now: datetime) -> Meaning:
    month, date = _number(match["baremonth"]), _number(match["bareday"])
    return yearless(lambda year: calendar.date_span(year, month, date), now)


def _read_evening(match: re.Match[str], now: datetime) -> Meaning:
    offset, part = _EVENINGS[match["evening"]]
    return Meaning((calendar.part_of_day(calendar.day(now + offset * DAY), part),))


def _read_near_day(match: re.Match[str], now: datetime) -> Meaning:
    day = calendar.day(now + _DAYS[match["near"]] * DAY)
    return Meaning((calendar.part_of_day(day, _PARTS[match["part"]]) if match["part"] else day,))


def _read_weekday(match: re.Match[str], now: datetime) -> Meaning:
    return _weekday(_WEEKDAYS[match["bareweekday"] or match["jaweekday"]], now)


def _in_year(match: re.Match[str], now: datetime) -> Meaning:
    year = int(match["year"]) if match["year"] else now.year + _YEARS[match["nearyear"]]
    relative = match["year"] is None
    if match["season"]:
        return Meaning((calendar.season(year, _SEASONS[match["season"]]),), relative=relative)
    if match["day"]:
        return Meaning((calendar.date_span(year, _number(match["month"]), _number(match["day"])),), relative=relative)
    if match["month"]:
        return Meaning((calendar.month(year, _number(match["month"])),), relative=relative)
    return Meaning((calendar.year_span(year),), relative=relative)


def _read_step(match: re.Match[str], now: datetime) -> Meaning:
    by = _STEPS[match["step"]]
    if match["stepmonth"]:
        return Meaning((calendar.calendar_unit(calendar.shift(now, by, "month"), "month"),))
    there = calendar.shift(now, by, "week")
    if match["weekend"]:
        return Meaning((calendar.weekend(there),))
    if match["weekday"]:
        return Meaning((calendar.day(calendar.week(there).start + _WEEKDAYS[match["weekday"]] * DAY),))
    return Meaning((calendar.week(there),))


def _weekday(number: int, now: datetime) -> Meaning:
    since = (now.weekday() - number) % 7
    return Meaning((calendar.day(now - since * DAY), calendar.day(now + (7 - since) * DAY)), by_tense=True)


def _number(text: str) -> int:
    """Return the value of digits, or of Chinese numerals up to 99."""
    if text[0] not in _DIGITS:
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text] if len(text) == 1 else int("".join(str(_DIGITS[each]) for each in text))
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


_READERS: dict[str, Callable[[re.Match[str], datetime], Meaning]] = {
    "number": _read_ago,
    "year": _in_year,
    "nearyear": _in_year,
    "baremonth": _read_date,
    "evening": _read_evening,
    "near": _read_near_day,
    "step": _read_step,
    "bareweekday": _read_weekday,
    "jaweekday": _read_weekday,
}
"""By the group of `_TIME` that shows which kind of time was found."""

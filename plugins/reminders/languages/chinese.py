"""Times in Chinese: written without blanks, the larger before the smaller, and before what they are the time of.

Both scripts are read: 点 and 點, 后 and 後.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from plugins.reminders.spoken_time import Half, SpokenTime, Unit
from plugins.reminders.vocabulary import AFTERNOON, EVENING, MORNING, NIGHT, Vocabulary

_N = r"(?:\d{1,4}|[零〇一二两兩三四五六七八九十]{1,3})"
_WEEK = r"(?:周|週|星期|礼拜|禮拜)"
_WEEKDAY = rf"{_WEEK}[一二三四五六日天]"
_UNITS: dict[str, Unit] = {
    "秒": "second", "秒钟": "second", "秒鐘": "second",
    "分": "minute", "分钟": "minute", "分鐘": "minute",
    "小时": "hour", "小時": "hour", "钟头": "hour", "鐘頭": "hour",
    "天": "day", "日": "day", "周": "week", "週": "week",
    "星期": "week", "礼拜": "week", "禮拜": "week", "月": "month", "年": "year",
}  # fmt: skip
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_PARTS: dict[str, tuple[int, str]] = {
    "凌晨": (3, "am"), "清晨": (7, "am"), "早上": MORNING, "早晨": MORNING, "上午": MORNING, "中午": (12, "pm"),
    "下午": AFTERNOON, "傍晚": (18, "pm"), "晚上": EVENING, "夜里": NIGHT, "夜裡": NIGHT, "半夜": (23, "pm"),
}  # fmt: skip
_DAYS = {"今": 0, "明": 1, "后": 2, "後": 2, "昨": -1}
_PART = "|".join(_PARTS)
_DIGITS = {sign: value for value, signs in enumerate(("零〇", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九"))
           for sign in signs}  # fmt: skip
_TIME = re.compile(
    rf"""
    (?P<after>(?:(?P<half_unit>半)个?小?(?:小时|小時|钟头|鐘頭|年)|(?P<count>{_N})[个個]?(?P<and_half>半)?(?P<unit>{_UNIT}))
        (?:之后|之後|以后|以後|后|後))
    |
    (?P<repeat>每(?:隔|个|個)?(?:
        (?P<workdays>工作日)|(?P<weekend>周末|週末)|(?P<weekdays>{_WEEKDAY}(?:[和、及]{_WEEK}?[一二三四五六日天]){{0,6}})
        |(?P<every>{_N})?[个個]?(?P<every_unit>{_UNIT})|(?=早上|早晨|晚上|中午|下午)))?
    (?P<day>(?P<near>[今明后後昨])(?:天|日|(?=早|晚))|(?:(?P<next>下)[个個]?|[这這本][个個]?)?(?P<weekday>{_WEEKDAY})
        |(?:(?P<year>\d{{4}})年)?(?P<month>{_N})月(?P<month_day>{_N})[日号號]|(?P<only_day>{_N})[日号號])?
    \s*的?(?P<part>{_PART}|早(?!\S?饭)|晚(?!\S?饭))?\s*
    (?:(?P<hour>{_N})\s*(?:点|點|时(?!候)|時(?!候))\s*(?:钟|鐘|(?P<minutes>半|[一三]刻|{_N}分?))?
        |(?P<clock>\d{{1,2}}:[0-5]\d))?
    """,
    re.VERBOSE,
)


def find_times(text: str) -> Iterator[SpokenTime]:
    """Yield the times in a text whose letters are plain (`plugins.reminders.lexer.plain`), none inside another."""
    at = 0
    while at < len(text):
        match = _TIME.match(text, at)
        said = None if match is None else _read(match)
        if match is None or said is None:
            at += 1
            continue
        yield said
        at = max(match.end(), at + 1)


def _read(match: re.Match[str]) -> SpokenTime | None:
    start, end = match.start(), match.start() + len(match[0].rstrip())
    if match["after"]:
        span, months = _span(match)
        return SpokenTime(start=start, end=end, after=span, after_months=months)
    if not (match["repeat"] or match["day"] or match["hour"] or match["clock"]):
        return None  # a part of the day alone is part of what is said
    part = _part(match["part"])
    minutes = _minutes(match)
    half: Half | None = None if part is None else "am" if part[1] == "am" else "pm"
    year, month, day = (_number(match[name] or "0") for name in ("year", "month", "month_day"))
    return SpokenTime(
        start=start,
        end=end,
        days=_DAYS[match["near"]] if match["near"] else None,
        weekday=_weekday(match["weekday"][-1]) if match["weekday"] else None,
        not_today=bool(match["next"]),
        date=(year, month, day) if month else (0, 0, _number(match["only_day"])) if match["only_day"] else None,
        minutes=minutes,
        half=half if part is not None else None,
        part=part[0] if part is not None and minutes is None else None,
        every=_every(match),
        weekdays=tuple(map(_weekday, re.findall(r"[一二三四五六日天]", match["weekdays"] or ""))),
        workdays="1-5" if match["workdays"] else "6,0" if match["weekend"] else None,
    )


def _span(match: re.Match[str]) -> tuple[timedelta, int]:
    """Return a span as the time and the months that it is."""
    if match["half_unit"]:
        return (timedelta(), 6) if "年" in match[0] else (timedelta(minutes=30), 0)
    count = _number(match["count"]) + (0.5 if match["and_half"] else 0)
    match _UNITS[match["unit"]]:
        case "month":
            return timedelta(), round(count)
        case "year":
            return timedelta(), round(12 * count)
        case unit:
            return timedelta(**{f"{unit}s": count}), 0


def _every(match: re.Match[str]) -> tuple[int, Unit] | None:
    if not match["repeat"] or match["workdays"] or match["weekend"] or match["weekdays"]:
        return None
    return (_number(match["every"] or "1"), _UNITS[match["every_unit"]]) if match["every_unit"] else (1, "day")


def _minutes(match: re.Match[str]) -> int | None:
    if match["clock"]:
        hours, minutes = map(int, match["clock"].split(":"))
        return hours * 60 + minutes
    if not match["hour"]:
        return None
    said = match["minutes"] or ""
    extra = {"": 0, "半": 30, "一刻": 15, "三刻": 45}.get(said)
    return _number(match["hour"]) * 60 + (_number(said.rstrip("分")) if extra is None else extra)


def _part(said: str | None) -> tuple[int, str] | None:
    return None if not said else {"早": MORNING, "晚": EVENING}.get(said) or _PARTS[said]


def _weekday(sign: str) -> int:
    return "一二三四五六日".index("日" if sign == "天" else sign)


def _number(said: str) -> int:
    """Return a number below a hundred in signs, or one in figures."""
    if said.isdecimal():
        return int(said)
    tens, ten, ones = said.partition("十")
    if not ten:
        return int("".join(str(_DIGITS[sign]) for sign in said))
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


CHINESE = Vocabulary(
    trigger=r"(?:请|請|麻烦|麻煩|帮我|幫我)?(?:到时候|到時候)?提醒(?:一下)?(?:我们|我們|我|大家)(?:一下)?",
    leads=r"[:,]",
    questions=r"什么|什麼|谁|誰|哪|怎么|怎麼|为什么|為什麼|是否",
    words={},
    find_times=find_times,
)

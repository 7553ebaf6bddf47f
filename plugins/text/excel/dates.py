"""Days and times of day as a cell shows them; in a workbook they are numbers of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from plugins.text.excel.digits import NumberToken, write_general

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905 (a list of words)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905 (as above)
_FIRST, _FIRST_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 (a cell has no zone)
_LAST = 2_958_466
"""The day after 31 December 9999."""
_BEFORE_MARCH_1900 = 60


def write_moment(value: float, tokens: Sequence[NumberToken], *, since_1904: bool = False) -> str:
    """Return a number of days by the tokens of a format."""
    if not 0 <= value < _LAST - (1462 if since_1904 else 0):
        return write_general(value)
    finest = any(token.kind == "fraction" for token in tokens)
    seconds = round(value * 86_400, 3) if finest else round(value * 86_400)
    first = _FIRST_1904 if since_1904 else _FIRST
    # Excel counts a 29 February 1900, which there never was.
    shift = 1 if not since_1904 and value < _BEFORE_MARCH_1900 else 0
    moment = first + timedelta(days=shift, seconds=seconds)
    return _Writing(moment, seconds, tokens).write()


class _Writing:
    """Writes one moment."""

    def __init__(self, moment: datetime, seconds: float, tokens: Sequence[NumberToken]) -> None:
        self._moment = moment
        self._seconds = seconds
        self._tokens = tokens
        self._half = any(token.kind == "half" for token in tokens)

    def write(self) -> str:
        said = [self._token(at, token) for at, token in enumerate(self._tokens)]
        return "".join(said).strip()

    def _token(self, at: int, token: NumberToken) -> str:
        if token.kind == "date":
            return self._date(at, token.text.lower())
        if token.kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[token.text[0]]
            return str(int(self._seconds // unit)).zfill(len(token.text))
        if token.kind == "half":
            return "AM" if self._moment.hour < 12 else "PM"
        if token.kind == "fraction":
            digits = len(token.text.partition(".")[2])
            second = f"{self._moment.second:02}." if token.text.startswith("s") else "."
            return f"{second}{f'{self._moment.microsecond:06}'[:digits]}"
        return token.text if token.kind in ("other", "over", "digits") else ""

    def _date(self, at: int, text: str) -> str:
        moment, width = self._moment, len(text)
        if text[0] in "ye":
            return f"{moment.year % 100:02}" if text[0] == "y" and width <= 2 else f"{moment.year:04}"
        if text[0] == "d":
            name = _DAYS[moment.weekday()]
            return name if width > 3 else name[:3] if width == 3 else str(moment.day).zfill(width)
        if text[0] == "m" and not self._is_minute(at):
            return _write_month(moment, width)
        hour = (moment.hour % 12 or 12) if self._half else moment.hour
        number = {"h": hour, "m": moment.minute, "s": moment.second}.get(text[0])
        return "" if number is None else str(number).zfill(min(width, 2))

    def _is_minute(self, at: int) -> bool:
        """Whether an "m" is of minutes: behind hours, or before seconds."""
        others = [token for token in self._tokens[:at][::-1] if token.kind in ("date", "elapsed")]
        if others and others[0].text[0] in "hH":
            return True
        later = [token for token in self._tokens[at + 1 :] if token.kind in ("date", "elapsed", "fraction")]
        return bool(later) and later[0].text[0] in "sS"


def _write_month(moment: datetime, width: int) -> str:
    name = _MONTHS[moment.month - 1]
    if width == 5:
        return name[0]
    return name if width > 3 else name[:3] if width == 3 else str(moment.month).zfill(width)

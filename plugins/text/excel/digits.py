"""Numbers that are written with digits: "1,234.50", "7.5%", "1.2E+03", "1 1/4"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Protocol

_WHOLE = 1e15
_WIDE = 1e11
_NARROW = 1e-4


class NumberToken(Protocol):
    """A token of a format."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def text(self) -> str:
        """What stands there."""


def write_general(value: float) -> str:
    """Return a number in a cell without a format: eleven characters, but for whole numbers, which keep all digits."""
    if value == int(value) and abs(value) < _WHOLE:
        return str(int(value))
    if not _NARROW / 10 <= abs(value) < _WIDE:
        digits, _, power = f"{value:.5E}".partition("E")
        return f"{digits.rstrip('0').rstrip('.')}E{power}"
    whole = len(str(int(abs(value))))
    return f"{value:.{max(10 - whole, 0)}f}".rstrip("0").rstrip(".")


def write_number(value: float, tokens: Sequence[NumberToken]) -> str:
    """Return a number by the tokens of a format's section."""
    if any(token.kind == "over" for token in tokens):
        return _write_fraction(value, tokens)
    percents = sum(token.kind == "percent" for token in tokens)
    pattern = "".join(token.text for token in tokens if token.kind == "digits")
    power = next((token.text for token in tokens if token.kind == "power"), None)
    scaled = Decimal(repr(value)).scaleb(2 * percents - 3 * _trailing_commas(pattern))
    written = _write_power(scaled, pattern, power) if power is not None else _write_plain(abs(scaled), pattern)
    sign = "-" if scaled < 0 and re.search("[1-9]", written) else ""
    return _put_in(sign, written, tokens)


def _put_in(sign: str, written: str, tokens: Sequence[NumberToken]) -> str:
    """Put the digits where the first places for digits stand, the rest around them as it is."""
    is_spread = sum(token.kind == "digits" for token in tokens) > 1 and "." not in written
    if is_spread and (spread := _spread(written, tokens)) is not None:
        return (sign + spread).strip()
    said, done = "", False
    for token in tokens:
        if token.kind in ("digits", "power"):
            said += "" if done else written
            done = True
        else:
            said += token.text
    return (sign + said).strip()


def _spread(written: str, tokens: Sequence[NumberToken]) -> str | None:
    """Return digits among other signs, as in "000-00-0000" or "(000) 000"; None where there is no room."""
    places = [token.text for token in tokens if token.kind == "digits"]
    if not all(re.fullmatch("[0#?]+", each) for each in places):
        return None
    digits, parts = written.zfill(sum(map(len, places))), []
    for place in places[::-1]:
        at = len(digits) - len(place)
        parts.append(digits[at:])
        digits = digits[:at]
    parts[-1] = digits + parts[-1]
    said = iter(parts[::-1])
    return "".join(next(said) if token.kind == "digits" else token.text for token in tokens)


def _write_plain(value: Decimal, pattern: str) -> str:
    whole_places, point, decimal_places = pattern.partition(".")
    decimals = sum(each in "0#?" for each in decimal_places)
    try:
        rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    except InvalidOperation:  # more digits than a number has
        rounded = value
    whole, _, rest = f"{rounded:f}".partition(".")
    least = sum(each == "0" for each in whole_places)
    whole = whole.lstrip("0").zfill(least) if least or whole.strip("0") else ""
    if "," in whole_places.rstrip(","):
        whole = f"{int(whole):,}".zfill(len(whole)) if whole else whole
    kept = max((at + 1 for at, each in enumerate(re.sub("[^0#?]", "", decimal_places)) if each == "0"), default=0)
    rest = rest[:kept] + rest[kept:].rstrip("0")
    return f"{whole}{point if rest or kept else ''}{rest}" or "0"


def _write_power(value: Decimal, pattern: str, power: str) -> str:
    whole_places = max(sum(each in "0#?" for each in pattern.partition(".")[0]), 1)
    exponent = value.adjusted() if value else 0
    if whole_places > 1:
        exponent -= exponent % whole_places
    written = _write_plain(abs(value.scaleb(-exponent)), pattern)
    sign = "-" if exponent < 0 else "+" if "+" in power else ""
    return f"{written}E{sign}{str(abs(exponent)).zfill(sum(each == '0' for each in power))}"


def _write_fraction(value: float, tokens: Sequence[NumberToken]) -> str:
    pattern = "".join(token.text for token in tokens if token.kind in ("digits", "over", "other"))
    below = pattern.partition("/")[2].strip()
    most = (
        int(below)
        if below.isdecimal() and int(below)
        else 10 ** max(min(below.count("?") + below.count("#"), 4), 1) - 1
    )
    exact = Fraction(abs(value)).limit_denominator(10**9)
    near = Fraction(round(exact * most), most) if below.isdecimal() else exact.limit_denominator(most)
    has_whole = " " in pattern.partition("/")[0].strip()
    whole, part = divmod(near, 1) if has_whole else (0, near)
    said = f"{part.numerator}/{part.denominator}" if part else ""
    sign = "-" if value < 0 and near else ""
    return sign + (" ".join(filter(None, [str(whole) if whole else "", said])) or "0")


def _trailing_commas(pattern: str) -> int:
    """Return the commas behind all digits, or before the point: each of them divides by a thousand."""
    return sum(len(commas) for commas in re.findall(r"(?<=[0#?]),+(?=\.|\Z)", pattern))

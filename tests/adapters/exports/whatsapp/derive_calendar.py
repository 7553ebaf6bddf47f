"""Derives the words of dates and times of day from the Unicode Consortium's CLDR, as the Babel package carries it.

CLDR is under the Unicode License, Babel under BSD-3-Clause; Babel is needed for this alone. To derive them again:

    python -m pip install babel
    python -m tests.adapters.exports.whatsapp.derive_calendar
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers

from adapters.exports.whatsapp.calendar_words import key_of
from tests.adapters.exports.whatsapp.derive_phrases import TABLES

SOURCE: Final = "Unicode CLDR (Unicode License), as carried by Babel (BSD-3-Clause)"
LIKELIEST: Final = ("en", "es", "pt", "de", "fr", "it", "ru", "id", "tr", "nl", "pl", "uk", "cs", "ro", "sv", "da")
"""Where a word means one month here and another there, as "lis" does in Polish and Croatian, the first here counts."""
_SECONDS_OF_NOON = 43_200


def locales() -> Iterator[Locale]:
    """Yield the languages, without their regions."""
    for name in sorted(locale_identifiers(), key=lambda name: (name not in LIKELIEST, name)):
        if "_" not in name:
            try:
                yield Locale.parse(name)
            except (UnknownLocaleError, ValueError):
                continue


def months() -> dict[str, int]:
    """Return the number of each month's name, short or long, by its folded form."""
    found: dict[str, int] = {}
    for locale in sorted(
        locales(), key=lambda each: LIKELIEST.index(each.language) if each.language in LIKELIEST else 99
    ):
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[form][width].items():
                    if not any(character.isdigit() for character in name):
                        found.setdefault(key_of(name), number)
    return {name: number for name, number in found.items() if len(name) > 1}


def weekdays() -> dict[str, int]:
    """Return the number of each weekday's name, from Monday, by its folded form; those that are ambiguous left out."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for locale in locales():
        for width in ("wide", "abbreviated"):
            for number, name in locale.days["format"][width].items():
                found[key_of(name)].add(number)
    return {name: number for name, (number, *others) in found.items() if not others and len(name) > 1}


def periods() -> dict[str, str]:
    """Return which half of the day each word for a time of day means: am, pm, noon or night."""
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for locale in locales():
        rules: Mapping[str, Any] = dict(locale.day_period_rules.get(None, {}))
        for names in locale.day_periods["format"].values():
            for period, name in dict(names).items():
                if half := _half(period, rules):
                    votes[key_of(name)][half] += 1
    return {name: counted.most_common(1)[0][0] for name, counted in votes.items() if len(name) > 1}


def _half(period: str, rules: Mapping[str, Any]) -> str | None:
    if period in {"am", "pm", "noon"}:
        return period
    if period == "midnight":
        return "night"
    halves = set()
    for rule in rules.get(period, ()):
        start, end = rule.get("from", 0), rule.get("before", 2 * _SECONDS_OF_NOON)
        halves |= {half for half, hits in (("am", start < _SECONDS_OF_NOON), ("pm", end > _SECONDS_OF_NOON)) if hits}
        halves |= {"am", "pm"} if start > end else set()
    # "At night" is before midnight or after it; the hour tells.
    return "night" if period.startswith("night") and "pm" in halves else halves.pop() if len(halves) == 1 else None


def main() -> None:
    """Write both lists beside the parser."""
    words = {"source": SOURCE, "months": months(), "weekdays": weekdays(), "periods": periods()}
    (TABLES / "calendar_words.json").write_text(json.dumps(words, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()

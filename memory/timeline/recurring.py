"""What happens again and again has no one date: "every Wednesday", "mittwochs"."""

from __future__ import annotations

import re
from functools import cache

from memory.timeline.calendar_names import calendar_names
from memory.timeline.words import fold

_EVERY = {
    "en": r"(?:every|each)(?: other| second)?",
    "de": r"jede[nrs]?(?: zweiten?)?",
    "es": r"(?:todos los|todas las|cada)",
    "fr": r"(?:tous les|toutes les|chaque)",
    "it": r"(?:tutti i|tutte le|ogni)",
    "pt": r"(?:todos os|todas as|todo|toda|cada)",
    "nl": r"(?:iedere|elke)",
}
_PARTS_OF_DAYS = {
    "en": "morning afternoon evening night weekend weekday",
    "de": "morgen abend nacht wochenende",
    "es": "mañana tarde noche",
    "fr": "matin soir nuit",
    "it": "mattina sera notte",
    "pt": "manhã tarde noite",
    "nl": "ochtend middag avond nacht",
}
_ON_ALL = {"en": "on {}s", "de": "{}s"}
"""How a weekday's name alone says each of them."""


def find_recurring(text: str) -> str | None:
    """Return the words of a text that say how often something happens, as they stand there; None if nothing does."""
    folded = fold(text)
    found = _pattern().search(folded)
    if found is None:
        return None
    return text[found.start() : found.end()] if len(folded) == len(text) else found[0]


@cache
def _pattern() -> re.Pattern[str]:
    forms: list[str] = []
    for language, every in _EVERY.items():
        names = calendar_names(language)
        parts = map(fold, _PARTS_OF_DAYS[language].split())
        times = "|".join(re.escape(each) for each in (*names.weekdays, *names.units, *parts))
        forms.append(f"{every} (?:{times})s?")
        if language in _ON_ALL:
            forms.append(_ON_ALL[language].format(f"(?:{'|'.join(names.weekdays)})"))
    return re.compile(rf"\b(?:{'|'.join(forms)})\b")

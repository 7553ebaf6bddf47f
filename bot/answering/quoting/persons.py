"""Who did or has something: a name in the sentence, or the one who said it of themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.quoting.wanted import Asked, stem
from memory.search.segment import words

_FIRST_PERSON = re.compile(
    r"\b(?:I|I'm|I've|I'll|we|my|me|ich|wir|mein\w*|yo|he|hemos|je|j'ai|nous|io|ho|eu|nós|ik|wij|я|мы|мне|мой|ja|ben)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’-]+(?:\s(?:de|da|do|von|van|di)?\s?[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’-]+)*")
_RELATION = re.compile(
    r"\b(?:my|our|mein(?:e|er|em)?|mi|ma|mon|mia|mio|minha|meu)\s(?:\w+\s)?(?:mother|mom|mum|father|dad|sister|brother|son|"
    r"daughter|wife|husband|friends?|grandma|grandmother|grandpa|grandfather|aunt|uncle|cousin|boss|neighbou?rs?|kids|"
    r"children|parents|family|partner|colleagues?|mutter|vater|schwester|bruder|freundin?|oma|opa|hermana|hermano|madre|"
    r"padre|mère|père|sœur|frère|sorella|fratello|irmã|irmão|mãe|pai)\b",
    re.IGNORECASE,
)
_SPOKEN_TO = re.compile(
    r"(?:^|[,!?]\s*)(?:hey|hi|thanks|thank you|hello|wow|yeah|oh|danke|hallo|hola)[,!]?\s+$", re.IGNORECASE
)
_WITH = re.compile(r"\b(?:with|by|from|bei|mit|von|con|de|avec|par|da|com|chez|у|to)\s+$", re.IGNORECASE)


_CALENDAR = """
    I I'm I've I'll Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July
    August September October November December OK Yes No"""
_NO_NAMES = frozenset(stem(word) for word in _CALENDAR.split())
"""Words that are written with a capital and name nobody."""


def person_of(sentence: str, author: str, authors: Sequence[str], asked: Asked) -> str | None:
    """Return who it is that a sentence tells of; `authors` are people known by name, whatever their case."""
    asked_names = set(words(asked.text))
    names = [each for each in _names(sentence, authors) if not set(words(each[1])) <= asked_names]
    handed = [name for at, name in names if _WITH.search(sentence[:at])]
    if handed:
        return handed[0]
    credited = [name for at, name in names if name in authors and f"({name})" == sentence[at - 1 : at + len(name) + 1]]
    if len(credited) == 1:
        return credited[0]  # as lists name who did or paid what: "hotel 612 (Mara)"
    relations = [match[0] for match in _RELATION.finditer(sentence) if not set(words(match[0])[1:]) & asked_names]
    if relations and set(words(author)) & asked_names:
        return f"{author}’s {relations[0].split(' ', 1)[1]}" if asked.language == "en" else relations[0]
    opening = words(sentence[:40])[:1]
    if author and opening and stem(opening[0]) in asked.stems and not set(words(author)) <= asked_names:
        return author  # "booked the hotel": who says it leaves themselves out
    known = [(at, name) for at, name in names if at > 0 or name in authors or " " in name]
    if known and not _FIRST_PERSON.search(sentence[: known[0][0] + 1]):
        return known[0][1]
    return author if author and not set(words(author)) <= asked_names else (names[0][1] if names else None)


def _names(sentence: str, authors: Sequence[str]) -> list[tuple[int, str]]:
    """Return the names in a sentence with where they stand; whoever is only spoken to is left out."""
    found = []
    for match in _NAME.finditer(sentence):
        opening = match.start() == 0 or sentence[: match.start()].rstrip().endswith((".", "!", "?"))
        known = match[0] in authors
        spoken_to = bool(_SPOKEN_TO.search(sentence[: match.start()])) or (
            known and sentence[match.end() : match.end() + 1] in (",", "!", "?")
        )
        several = " " in match[0]
        if (opening and not known and not several) or spoken_to or stem(match[0]) in _NO_NAMES:
            continue
        found.append((match.start(), match[0]))
    return found

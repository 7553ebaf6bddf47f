"""Whose birthday it is on the day of a wish: "happy birthday Ana!" tells Ana's, and not that of who wishes it."""

from __future__ import annotations

import re
from datetime import tzinfo

from bot.answering.quoting.wanted import Asked, stem
from memory import Passage
from memory.search.segment import words
from memory.timeline.calendar import MONTHS

_BIRTHDAY = re.compile(
    r"birthday|geburtstag|cumpleaños|anniversaire|compleanno|aniversário|verjaardag|день рожд", re.IGNORECASE
)
_WISHES = re.compile(
    r"happy (?:\w+ )?(?:birthday|bday|b-day)|alles gute|herzlichen glückwunsch|feliz cumple|joyeux anniversaire"
    r"|buon compleanno|auguri|parabéns|feliz aniversário|gefeliciteerd|с днём рожд|с днем рожд",
    re.IGNORECASE,
)
_ANOTHER_DAY = re.compile(
    r"\b(?:belated|early|late|tomorrow|yesterday|nachträglich|im voraus|vorträglich|atrasad\w+|en retard|in ritardo"
    r"|te laat|с прошедшим)\b",
    re.IGNORECASE,
)
"""A wish of another day than the birthday."""
_ANOTHER_OCCASION = re.compile(
    r"\b(?:neue[sn]? jahr|weihnacht\w*|ostern|prüfung|abitur|hochzeit|bestanden|umzug|zur geburt|buon anno|natale"
    r"|pasqua|laurea|esame|matrimonio|nozze|ano novo|natal|páscoa|exame|formatura|casamento|emprego|vaga|navidad"
    r"|año nuevo|nieuwjaar|kerst\w*|pasen|geslaagd|huwelijk|baan|diploma|новым годом|рождеством)\b",
    re.IGNORECASE,
)
"""What else people wish each other well for, with the same words: "alles Gute zum neuen Jahr"."""
_WISHED = re.compile(rf"(?:{_WISHES.pattern})\W+(?:to\s|an\s|a\s)?(?-i:([A-ZÀ-Þ]\w+))", re.IGNORECASE)
"""Who is wished well, by name."""
_LETTERS_TWICE = re.compile(r"(\w)\1+")
_TWO = 2


def asks_birthday(asked: Asked) -> bool:
    """Say whether a question asks for a birthday."""
    return bool(_BIRTHDAY.search(asked.text))


def is_wish(sentence: str) -> bool:
    """Say whether a sentence wishes somebody well on their birthday, as far as its words show."""
    return bool(_WISHES.search(sentence)) and not _ANOTHER_OCCASION.search(sentence)


def birthday_told(wish: str, source: Passage, authors: int, zone: tzinfo | None, asked: Asked) -> str | None:
    """Return the day of the birthday asked for, "11 April", which a wish tells; None where it is another's.

    The wish stands in `source`; `authors` is how many people talk: of two, a wish without a name is to the other.
    """
    if _ANOTHER_DAY.search(wish):
        return None
    asked_for = {_squeeze(each) for each in words(asked.text) if stem(each) in asked.stems}
    if not _names_any(asked_for, wish):
        is_of_author = bool(asked_for & {_squeeze(each) for each in words(source.author)})
        if is_of_author or authors > _TWO or _WISHED.search(wish):
            return None
    local = source.said_at if zone is None else source.said_at.astimezone(zone)
    return f"{local.day} {MONTHS[local.month - 1]}"


def _names_any(names: set[str], sentence: str) -> bool:
    """Say whether a wish is to one of these, however many letters it is drawn out by: "markoooo", "Fadyyy"."""
    wished = {_squeeze(each) for each in words(_WISHES.sub(" ", sentence))}
    return bool(names & wished)


def _squeeze(word: str) -> str:
    return _LETTERS_TWICE.sub(r"\1", word)

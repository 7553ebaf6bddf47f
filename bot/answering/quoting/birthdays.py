"""When somebody was born: by the wishes to them, "happy birthday Ana!", and by what tells it, "Ana Reis 17-04-93"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from bot.answering.quoting.wanted import BIRTHDAY, Asked, stem
from memory import Passage, Recollection
from memory.patterns import compile_on_use
from memory.search.names import find_named
from memory.search.segment import words
from memory.timeline.calendar import MONTHS
from memory.timeline.expressions import named_windows

_BORN = compile_on_use(
    r"\b(?:born|dob|d\.o\.b|date of birth|birth ?date|geboren|geburtsdatum|nací|nació|nacid[oa]|fecha de nacimiento"
    r"|née?|date de naissance|(?:sono|è|sei) nat[oa]|data di nascita|nasceu|nascid[oa]|data de nascimento|geboortedatum"
    r"|родил\w{0,9}|дата рождения)\b|\bgeb\.\s?(?:am\s)?(?=\d)",
    re.IGNORECASE,
)
"""What stands beside the day on which somebody was born."""
_OLD = compile_on_use(r"\d|b-?day|cumple|\b(?:years? old|jahre? alt|años|ans|anni|anos|jaar)\b", re.IGNORECASE)
"""A figure may be the day, and an age tells something of it."""
_YOUNGEST = timedelta(days=5 * 365)
"""How long before a message a day beside somebody's name lies, at least, that is when they were born."""
_REPLY = 4
"""Words of a reply to "when is your birthday?", at most: "it's on 12 June"."""
_READ = 2000
"""Characters of a text in which days are looked for."""
_WISHES = compile_on_use(
    r"happy (?:\w+ )?(?:birthday|bday|b-day)|alles gute|herzlichen glückwunsch|feliz cumple|joyeux anniversaire"
    r"|buon compleanno|auguri|parabéns|feliz aniversário|gefeliciteerd|с днём рожд|с днем рожд",
    re.IGNORECASE,
)
_ANOTHER_DAY = compile_on_use(
    r"\b(?:belated|early|late|tomorrow|yesterday|nachträglich|im voraus|vorträglich|atrasad\w+|en retard|in ritardo"
    r"|te laat|с прошедшим)\b",
    re.IGNORECASE,
)
"""A wish of another day than the birthday."""
_ANOTHER_OCCASION = compile_on_use(
    r"\b(?:neue[sn]? jahr|weihnacht\w*|ostern|prüfung|abitur|hochzeit|bestanden|umzug|zur geburt|buon anno|natale"
    r"|pasqua|laurea|esame|matrimonio|nozze|ano novo|natal|páscoa|exame|formatura|casamento|emprego|vaga|navidad"
    r"|año nuevo|nieuwjaar|kerst\w*|pasen|geslaagd|huwelijk|baan|diploma|новым годом|рождеством)\b",
    re.IGNORECASE,
)
"""What else people wish each other well for, with the same words: "alles Gute zum neuen Jahr"."""
_WISHED = compile_on_use(rf"(?:{_WISHES.pattern})\W+(?:to\s|an\s|a\s)?(?-i:([A-ZÀ-Þ]\w+))", re.IGNORECASE)
"""Who is wished well, by name."""
_LETTERS_TWICE = compile_on_use(r"(\w)\1+")
_TWO = 2


def asks_birthday(asked: Asked) -> bool:
    """Say whether a question asks when somebody was born, or has birthday."""
    return asked.wanted == "date" and bool(BIRTHDAY.search(asked.text) or _BORN.search(asked.text))


def is_wish(sentence: str) -> bool:
    """Say whether a sentence wishes somebody well on their birthday, as far as its words show."""
    return bool(_WISHES.search(sentence)) and not _ANOTHER_OCCASION.search(sentence)


def speaks_of_birthday(source: Passage, asked: Asked) -> bool:
    """Say whether a text may have to do with when who is asked about was born; what they wish others has not."""
    text = source.text
    if is_wish(text):
        return set(words(source.author)).isdisjoint(words(asked.text))
    return bool(BIRTHDAY.search(text) or _BORN.search(text) or _OLD.search(text))


def birth_told(sentence: str, source: Passage, zone: tzinfo | None, asked: Asked) -> datetime | None:
    """Return the day on which who is asked about was born, which a sentence of `source` tells; None where it does not.

    A line has their name beside a day of years before, as in lists of travellers, or it says "born" of whom the text
    names, or of its author. Dates are read in the whole text, for one tells how the others are written.
    """
    asked_for = {each for each in words(asked.text) if stem(each) in asked.stems and not BIRTHDAY.search(each)}
    says_born = bool(_BORN.search(sentence))
    of_author = says_born and bool(asked_for & set(words(source.author)))
    if not of_author and not asked_for & set(words(source.text[:_READ] if says_born else sentence)):
        return None
    said_at = source.said_at if zone is None else source.said_at.astimezone(zone)
    latest = said_at - (timedelta(days=1) if says_born else _YOUNGEST)
    days = {
        each.start
        for each in named_windows(source.text[:_READ], said_at)
        if each.words in sentence and each.end - each.start < timedelta(days=2) and each.start < latest
    }
    return days.pop() if len(days) == 1 else None


def may_tell_birthday(source: Passage, asked: Asked) -> bool:
    """Say whether a day in a text may be the birthday asked for: it speaks of one, or is a reply of who is meant."""
    is_reply = len(source.text.split()) <= _REPLY and not set(words(source.author)).isdisjoint(words(asked.text))
    return is_reply or bool(BIRTHDAY.search(source.text))


def tells_birthday(asked: Asked, recollections: Sequence[Recollection]) -> bool:
    """Say whether a birthday is asked for and somebody wrote it down, which no other word of the question tells."""
    if not asks_birthday(asked):
        return False
    said = ((line, each.passage) for each in recollections for line in each.passage.text[:_READ].splitlines())
    return any(birth_told(line, passage, None, asked) for line, passage in said)


def birthday_told(wish: str, source: Passage, authors: Sequence[str], zone: tzinfo | None, asked: Asked) -> str | None:
    """Return the day of the birthday asked for, "11 April", which a wish tells; None where it is another's.

    The wish stands in `source`; `authors` are the people who talk: of two, a wish without a name is to the other.
    """
    if _ANOTHER_DAY.search(wish):
        return None
    asked_for = {_squeeze(each) for each in words(asked.text) if stem(each) in asked.stems}
    if not _names_any(asked_for, wish):
        is_of_author = bool(asked_for & {_squeeze(each) for each in words(source.author)})
        is_of_nobody_here = bool(asked_for) and not find_named(asked.text, authors)
        if is_of_author or is_of_nobody_here or len(authors) > _TWO or _WISHED.search(wish):
            return None
    local = source.said_at if zone is None else source.said_at.astimezone(zone)
    return f"{local.day} {MONTHS[local.month - 1]}"


def _names_any(names: set[str], sentence: str) -> bool:
    """Say whether a wish is to one of these, however many letters it is drawn out by: "markoooo", "Fadyyy"."""
    wished = {_squeeze(each) for each in words(_WISHES.sub(" ", sentence))}
    return bool(names & wished)


def _squeeze(word: str) -> str:
    return _LETTERS_TWICE.sub(r"\1", word)

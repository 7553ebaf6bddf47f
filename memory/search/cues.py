"""What a text shows of itself, whatever is asked: how much it says, and whether it says when."""

from __future__ import annotations

import re
from collections.abc import Collection

from memory.search.segment import words
from memory.search.stopwords import without_stop_words

ENOUGH_WORDS = 6
"""Telling words beyond the question's from which on a text counts as saying something: "can't wait!" has one."""

_TIMES = (
    r"\d{4}|\d{1,2}[./:]\d{1,2}|ago|last|next|yesterday|today|tonight|tomorrow|since|recently|morning|evening|"
    r"week(?:end)?s?|months?|years?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|"
    r"july|august|september|october|november|december|"
    r"gestern|heute|morgen|letzte[nrs]?|nächste[nrs]?|woche|monat|jahr|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"ayer|hoy|mañana|semana|mes|año|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"hier|demain|semaine|mois|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"ontem|hoje|amanhã|mês|ano|segunda|terça|quarta|quinta|sexta|"
    r"ieri|oggi|domani|settimana|anno|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|"
    r"gisteren|vandaag|morgen|maand|jaar|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|"
    r"вчера|сегодня|завтра|недел[яюи]|месяц|год"
)
_SAYS_WHEN = re.compile(rf"\b(?:{_TIMES})\b|[年月日]|昨|今日|明日|어제|오늘|내일", re.IGNORECASE)


def says_when(text: str) -> bool:
    """Tell whether a text has words for a time, by a list of the commonest: the timeline reads them, at more cost."""
    return _SAYS_WHEN.search(text) is not None


def substance(text: str, asked: Collection[str]) -> float:
    """Return from 0 to 1 how much a text says besides the question's words."""
    return min(len(set(without_stop_words(words(text))).difference(asked)) / ENOUGH_WORDS, 1.0)

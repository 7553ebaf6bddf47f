"""What a text shows of itself, whatever is asked: how much it says, and whether it says when."""

from __future__ import annotations

import re
from collections.abc import Collection

from memory.search.stopwords import LANGUAGES_OF

ENOUGH_WORDS = 6
"""Telling words beyond the question's from which on a text counts as saying something: "can't wait!" has one."""

_TIME_WORDS = """
    ago last next yesterday today tonight tomorrow since recently morning evening week weeks weekend month months
    year years monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december
    gestern heute morgen letzte letzten letzter letztes nächste nächsten woche monat jahr montag dienstag mittwoch
    donnerstag freitag samstag sonntag
    ayer hoy mañana semana mes año lunes martes miércoles jueves viernes sábado domingo
    hier demain semaine mois lundi mardi mercredi jeudi vendredi samedi dimanche
    ontem hoje amanhã mês ano segunda terça quarta quinta sexta
    ieri oggi domani settimana anno lunedì martedì mercoledì giovedì venerdì sabato domenica
    gisteren vandaag maand jaar maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    вчера сегодня завтра неделя неделю недели месяц год 昨日 今日 明日 昨天 今天 明天 어제 오늘 내일"""
_TIMES = frozenset(_TIME_WORDS.split())
_DATE = re.compile(r"\d{4}|\d[./:]\d|\d[年月日]")


def says_when(text: str, said: Collection[str]) -> bool:
    """Tell whether a text, given with its words, names a time.

    By a list of the commonest words: the timeline reads more, at a hundred times the cost.
    """
    return not _TIMES.isdisjoint(said) or _DATE.search(text) is not None


def substance(said: Collection[str], asked: Collection[str]) -> float:
    """Return from 0 to 1 how much a text of these words says besides the question's."""
    return min(len(frozenset(said).difference(asked).difference(LANGUAGES_OF)) / ENOUGH_WORDS, 1.0)

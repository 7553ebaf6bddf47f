"""The languages that reminders are asked for in, one file each."""

from __future__ import annotations

from plugins.reminders.languages.chinese import CHINESE
from plugins.reminders.languages.english import ENGLISH
from plugins.reminders.languages.french import FRENCH
from plugins.reminders.languages.german import GERMAN
from plugins.reminders.languages.italian import ITALIAN
from plugins.reminders.languages.portuguese import PORTUGUESE
from plugins.reminders.languages.spanish import SPANISH
from plugins.reminders.vocabulary import Vocabulary

LANGUAGES: tuple[Vocabulary, ...] = (ENGLISH, GERMAN, PORTUGUESE, SPANISH, FRENCH, ITALIAN, CHINESE)
"""The languages that are understood, the first before the others where a phrase fits several."""

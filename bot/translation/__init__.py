"""Says what the bot says in the language of who reads it: catalogues of GNU gettext, dates and numbers.

`docs/translating.md` tells how a language is added; `Translations` is for plugins that bring their own catalogues.
"""

from __future__ import annotations

from bot.translation.active_language import (
    ENGLISH,
    LANGUAGES,
    current_language,
    find_language,
    match_language,
    speak,
    speaking,
)
from bot.translation.catalogue import CatalogueError
from bot.translation.environment import terminal_language
from bot.translation.formats import (
    format_day,
    format_full_day,
    format_long_day,
    format_long_weekday,
    format_moment,
    format_month,
    format_number,
    format_short_day,
    format_weekday,
    month_name,
    weekday_names,
)
from bot.translation.messages import Translations, gettext, gettext_noop, ngettext, ngettext_noop, pgettext
from bot.translation.receipts import describe_receipt_notes

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "CatalogueError",
    "Translations",
    "current_language",
    "describe_receipt_notes",
    "find_language",
    "format_day",
    "format_full_day",
    "format_long_day",
    "format_long_weekday",
    "format_moment",
    "format_month",
    "format_number",
    "format_short_day",
    "format_weekday",
    "gettext",
    "gettext_noop",
    "match_language",
    "month_name",
    "ngettext",
    "ngettext_noop",
    "pgettext",
    "speak",
    "speaking",
    "terminal_language",
    "weekday_names",
]

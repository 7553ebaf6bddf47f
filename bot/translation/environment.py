"""The language that a terminal speaks, as POSIX names it in the environment."""

from __future__ import annotations

import os

from bot.translation.active_language import ENGLISH, match_language

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which they hold: https://www.gnu.org/software/gettext/manual/html_node/Locale-Environment-Variables.html"""


def terminal_language() -> str:
    """Return the language of the terminal; English where it is none that the bot speaks.

    Of the list in LANGUAGE the first that is spoken holds, unless the locale is that of programs ("C").
    """
    told = next((value for name in _VARIABLES[1:] if (value := os.environ.get(name))), "")
    if told.partition(".")[0] in ("C", "POSIX"):
        return ENGLISH
    wanted = [*os.environ.get(_VARIABLES[0], "").split(":"), told]
    return next((found for each in wanted if (found := match_language(each))), ENGLISH)

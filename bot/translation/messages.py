"""Says messages in the language that is spoken: each is looked up by its English text, as GNU gettext does.

Named values take the place of what stands in braces: `gettext("I know nobody called {name}.", name=name)`.
"""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

from bot.translation.active_language import ENGLISH, current_language
from bot.translation.catalogue import read_catalogue
from bot.translation.formats import format_number

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class Translations:
    """The messages of a package that brings its own catalogues: `folder` holds a file for each language, as "de.po".

    A language is read when it is spoken first. What a catalogue lacks is said in English.
    """

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder
        self._catalogues: dict[str, NullTranslations] = {ENGLISH: NullTranslations()}

    def gettext(self, message: str, /, **values: object) -> str:
        """Return a message in the language that is spoken, with its values in their places.

        Nothing stays nothing: under an empty text a catalogue keeps its own head.
        """
        return _fill(self._find_catalogue().gettext(message), message, values) if message else ""

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        """Return a message that says different things in different places: `context` tells them apart."""
        return _fill(self._find_catalogue().pgettext(context, message), message, values)

    def ngettext(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Return a message in the form that a number needs; the number itself is the value `{number}`."""
        told = self._find_catalogue().ngettext(one, many, number)
        return _fill(told, one if number == 1 else many, {"number": format_number(number), **values})

    def _find_catalogue(self) -> NullTranslations:
        language = current_language()
        if language not in self._catalogues:
            file = self._folder / f"{language}.po"
            self._catalogues[language] = read_catalogue(file) if file.is_file() else self._catalogues[ENGLISH]
        return self._catalogues[language]


def gettext(message: str, /, **values: object) -> str:
    """Return one of the bot's own messages in the language that is spoken, with its values in their places."""
    return _own().gettext(message, **values)


def pgettext(context: str, message: str, /, **values: object) -> str:
    """Return one of them that says different things in different places: `context` tells them apart."""
    return _own().pgettext(context, message, **values)


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Return one of them in the form that a number needs; the number itself is the value `{number}`."""
    return _own().ngettext(one, many, number, **values)


def gettext_noop(message: str) -> str:
    """Return a message as it is, marked to be translated where it is said: for constants."""
    return message


def ngettext_noop(one: str, many: str) -> tuple[str, str]:
    """Return both forms of a message as they are, marked to be translated where `ngettext` says them."""
    return one, many


@cache
def _own() -> Translations:
    return Translations(Path(__file__).with_name("locales"))


def _fill(translated: str, english: str, values: dict[str, object]) -> str:
    """Put the values in their places; a translation that names other values gives way to the English."""
    if not values:
        return translated
    try:
        return translated.format_map(values)
    except (KeyError, ValueError, IndexError, AttributeError):
        return english.format_map(values)

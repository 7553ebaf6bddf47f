"""The languages of the bot, and the one that is in use right now.

It goes with the task that handles a message, as the context variables of Python do; what runs beside no message, such
as the log, speaks English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ENGLISH = "en"
LANGUAGES = {
    ENGLISH: "English",
    "de": "Deutsch",
    "es": "español",
    "fr": "français",
    "it": "italiano",
    "pt": "português",
}
"""The languages that the bot speaks, by their ISO 639-1 codes, each called as its speakers call it."""

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def current_language() -> str:
    """Return the code of the language that is spoken just now."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language while the block runs, and in the tasks that it starts."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(language: str) -> None:
    """Speak a language from now on: for a program that has one user."""
    _spoken.set(language)


def match_language(wanted: str | None) -> str | None:
    """Return which of the languages a code such as "de-AT" or "pt_BR.UTF-8" means; None where it is none of them."""
    code = (wanted or "").replace("_", "-").partition("-")[0].partition(".")[0].strip().casefold()
    return code if code in LANGUAGES else None


def find_language(called: str) -> str | None:
    """Return the language that is called so: by its code, or by its name in itself or in English."""
    wanted = called.strip().casefold()
    names = {name.casefold(): code for code, name in LANGUAGES.items()} | _ENGLISH_NAMES
    return match_language(wanted) or names.get(wanted)


_ENGLISH_NAMES = {
    "german": "de", "spanish": "es", "castellano": "es", "french": "fr", "francais": "fr", "italian": "it",
    "portuguese": "pt", "portugues": "pt", "espanol": "es",
}  # fmt: skip

"""The step of `setup` that chooses the language of the bot."""

from __future__ import annotations

import typer

from bot.translation import LANGUAGES, find_language, gettext

FOLLOW = "auto"
"""The language of a chat is the one that is written there."""


def ask_language() -> str:
    """Ask until it is a language, for a slip of the finger need not end the setting up."""
    names = ", ".join(LANGUAGES.values())
    said = gettext("Language of the bot: {languages}, or Enter for the one that is written to it", languages=names)
    while True:
        wanted: str = typer.prompt(said, default=FOLLOW, show_default=False)
        if read_language(wanted) is not None:
            return wanted
        typer.echo(tell_unknown(wanted))


def read_language(wanted: str) -> str | None:
    """Return how the settings name a language, by its code or its name; None where the bot does not speak it."""
    return FOLLOW if wanted.strip().casefold() == FOLLOW else find_language(wanted)


def tell_unknown(wanted: str) -> str:
    """Say that it is none of the languages, and which there are."""
    names = ", ".join(LANGUAGES.values())
    return gettext("I don't speak “{name}” yet. I speak {languages}.", name=wanted[:60], languages=names)


def name_language(language: str) -> str:
    """Return what people call a language that the settings name."""
    return gettext("the one that is written in a chat") if language == FOLLOW else LANGUAGES[language]

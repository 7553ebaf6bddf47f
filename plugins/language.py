"""/language: which language the bot speaks here."""

from __future__ import annotations

from typing import Annotated

from bot import CommandError, Context, Plugin, command
from bot.translation import LANGUAGES, find_language, gettext, speaking

_FOLLOW = "auto"


class LanguagePlugin(Plugin):
    """Lets people choose the language of the bot's own messages, for everybody in a conversation."""

    name = "language"

    @command(
        "language",
        "show or choose the language that I speak here: /language Deutsch, /language auto",
        aliases=("sprache", "idioma", "langue", "lingua"),
    )
    async def language(
        self, context: Context, name: Annotated[str, "its name, or “auto”: the one you write"] = ""
    ) -> str:
        """Show the language and what there is, or speak another from now on."""
        if not name:
            known = ", ".join(LANGUAGES.values())
            spoken = gettext("I speak {language} here.", language=LANGUAGES[context.language])
            return f"{spoken} {gettext('/language and one of these changes it: {languages}.', languages=known)}"
        if name.strip().casefold() == _FOLLOW:
            await context.choose_language(None)
            return gettext("I speak the language that you write from now on.")
        chosen = find_language(name)
        if chosen is None:
            known = ", ".join(LANGUAGES.values())
            raise CommandError(
                gettext("I don't speak “{name}” yet. I speak {languages}.", name=name[:60], languages=known)
            )
        await context.choose_language(chosen)
        with speaking(chosen):
            return gettext("I speak {language} here from now on.", language=LANGUAGES[chosen])

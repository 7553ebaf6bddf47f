"""Thumbs for where there are none: /good and /bad judge an answer as a reaction does."""

from __future__ import annotations

from bot import CommandError, Context, Plugin, command
from bot.translation import gettext, gettext_noop

_NO_ANSWER = gettext_noop("There is no answer here to rate yet.")


class FeedbackPlugin(Plugin):
    """Keeps what people think of answers, with the question, the answer and what it rested on.

    `scrubjay feedback export` makes an evaluation set of them.
    """

    name = "feedback"

    @command("good", "say that my last answer, or the one you reply to, was good")
    async def good(self, context: Context) -> str:
        """Keep a thumb up."""
        if not await context.judge(1):
            raise CommandError(gettext(_NO_ANSWER))
        return gettext("Thank you. I'll remember that this was a good answer.")

    @command("bad", "say that my last answer, or the one you reply to, was bad")
    async def bad(self, context: Context) -> str:
        """Keep a thumb down."""
        if not await context.judge(-1):
            raise CommandError(gettext(_NO_ANSWER))
        return gettext("Thank you. I'll remember that this was a bad answer. /why shows what it was based on.")

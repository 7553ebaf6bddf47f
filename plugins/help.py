"""/help: what the bot can do, read from the commands that are there. /stop: enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from bot import CommandError, Context, Plugin, command, on_message
from bot.plugin import Command
from bot.translation import gettext, gettext_noop

_INTRODUCTION = gettext_noop("Ask me anything that was said here, and I answer from what I remember, with sources.")

_SECTIONS = {
    gettext_noop("Every day"): (
        "ask",
        "remember",
        "memories",
        "forget",
        "why",
        "catchup",
        "good",
        "bad",
        "stop",
        "help",
    ),
    gettext_noop("Reminders"): ("remind", "reminders", "snooze", "timezone"),
    gettext_noop("Facts and files"): ("facts", "learn", "unlearn", "read", "documents", "stats", "speed"),
    gettext_noop("Who may talk with me"): (
        "memory",
        "pair",
        "link",
        "unlink",
        "role",
        "members",
        "allow",
        "deny",
        "invite",
        "audit",
    ),
    gettext_noop("How I am set up"): ("language", "plugins"),
}
_MORE = gettext_noop("More")
"""Where commands of other plugins stand."""


_START = gettext_noop(
    "- Send a message, a file or a voice note, and I remember it.\n"
    "- Ask in your own words: “when did we book the hotel?”\n"
    "- `/remind tomorrow at nine to call Mum`\n"
    "- `/help` lists all that I can do."
)
_HELP = ("hilfe", "ayuda", "aide", "ajuda", "aiuto")
_CALLED_FOR = r"^\W*(?:help|hilfe|ayuda|aide|aidez-moi|ajuda|aiuto)\W*$"
"""What people write who don't know of commands yet."""


class HelpPlugin(Plugin):
    """Explains the bot's commands, and stops an answer."""

    name = "help"

    @command("help", "what I can do, or how a command is used", aliases=("start", "commands", *_HELP))
    async def help(self, context: Context, name: Annotated[str, "a command, such as forget"] = "") -> str:
        """List the commands that this person may use, or explain one."""
        usable = [each for each in context.commands if context.is_owner or not each.owner_only]
        wanted = name.removeprefix("/").casefold()
        if not wanted and context.message.text.casefold().startswith("/start"):
            return f"{gettext(_INTRODUCTION)}\n\n{gettext(_START)}"
        if not wanted:
            return "\n".join([gettext(_INTRODUCTION), *_list_by_section({each.name: each for each in usable})])
        found = next((each for each in usable if wanted in (each.name, *each.aliases)), None)
        if found is None:
            raise CommandError(gettext("I have no command /{name}. /help lists what I know.", name=wanted))
        details = [f"- {each.name}: {gettext(each.help)}" for each in found.parameters if each.help]
        also = (
            [gettext("Also: {names}", names=", ".join(f"/{alias}" for alias in found.aliases))] if found.aliases else []
        )
        return "\n".join([f"`{found.usage}` {gettext(found.help)}", *details, *also])

    @on_message(_CALLED_FOR, addressed=True, priority=5)
    async def called_for(self, context: Context) -> str:
        """Tell the same to who asks for help in a word, without a command."""
        return await self.help(context)

    @command("stop", "stop what I am answering here", urgent=True)
    async def stop(self, context: Context) -> str | None:
        """Stop the answer in progress; its reply says so itself."""
        return None if context.stop() else gettext("There is nothing to stop.")


def _list_by_section(usable: Mapping[str, Command]) -> Iterator[str]:
    """Yield the lines of the list, by what the commands are for; each in one section."""
    placed = {name for names in _SECTIONS.values() for name in names}
    sections = {**_SECTIONS, _MORE: tuple(name for name in usable if name not in placed)}
    for heading, names in sections.items():
        lines = [f"- `{usable[name].usage}` {gettext(usable[name].help)}" for name in names if name in usable]
        if lines:
            yield from ("", f"**{gettext(heading)}**", "", *lines)

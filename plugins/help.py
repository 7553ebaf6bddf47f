"""/help: what the bot can do, read from the commands that are there. /stop: enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from bot import CommandError, Context, Plugin, command
from bot.plugin import Command

_INTRODUCTION = "Ask me anything that was said here, and I answer from what I remember, with sources."

_SECTIONS = {
    "Every day": ("ask", "remember", "memories", "forget", "why", "catchup", "good", "bad", "stop", "help"),
    "Reminders": ("remind", "reminders", "snooze", "timezone"),
    "Facts and files": ("facts", "learn", "unlearn", "read", "documents", "stats", "speed"),
    "Who may talk with me": ("memory", "pair", "link", "unlink", "role", "members", "allow", "deny", "invite", "audit"),
    "How I am set up": ("plugins",),
}
_MORE = "More"
"""Where commands of other plugins stand."""


_START = f"""{_INTRODUCTION}

- Send a message, a file or a voice note, and I remember it.
- Ask in your own words: “when did we book the hotel?”
- `/remind tomorrow at nine to call Mum`
- `/help` lists all that I can do."""


class HelpPlugin(Plugin):
    """Explains the bot's commands, and stops an answer."""

    name = "help"

    @command("help", "what I can do, or how a command is used", aliases=("start", "commands"))
    async def help(self, context: Context, name: Annotated[str, "a command, such as forget"] = "") -> str:
        """List the commands that this person may use, or explain one."""
        usable = [each for each in context.commands if context.is_owner or not each.owner_only]
        wanted = name.removeprefix("/").casefold()
        if not wanted and context.message.text.casefold().startswith("/start"):
            return _START
        if not wanted:
            return "\n".join([_INTRODUCTION, *_list_by_section({each.name: each for each in usable})])
        found = next((each for each in usable if wanted in (each.name, *each.aliases)), None)
        if found is None:
            raise CommandError(f"I have no command /{wanted}. /help lists what I know.")
        details = [f"- {each.name}: {each.help}" for each in found.parameters if each.help]
        also = [f"Also: {', '.join(f'/{alias}' for alias in found.aliases)}"] if found.aliases else []
        return "\n".join([f"`{found.usage}` {found.help}", *details, *also])

    @command("stop", "stop what I am answering here", urgent=True)
    async def stop(self, context: Context) -> str | None:
        """Stop the answer in progress; its reply says so itself."""
        return None if context.stop() else "There is nothing to stop."


def _list_by_section(usable: Mapping[str, Command]) -> Iterator[str]:
    """Yield the lines of the list, by what the commands are for; each in one section."""
    placed = {name for names in _SECTIONS.values() for name in names}
    sections = {**_SECTIONS, _MORE: tuple(name for name in usable if name not in placed)}
    for heading, names in sections.items():
        lines = [f"- `{usable[name].usage}` {usable[name].help}" for name in names if name in usable]
        if lines:
            yield from ("", f"**{heading}**", "", *lines)

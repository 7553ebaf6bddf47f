"""/help: what the bot can do, read from the commands that are there. /stop: enough."""

from __future__ import annotations

from typing import Annotated

from bot import CommandError, Context, Plugin, command

_INTRODUCTION = "Ask me anything that was said here, and I answer from what I remember, with sources."


class HelpPlugin(Plugin):
    """Explains the bot's commands, and stops an answer."""

    name = "help"

    @command("help", "what I can do, or how a command is used", aliases=("start", "commands"))
    async def help(self, context: Context, name: Annotated[str, "a command, such as forget"] = "") -> str:
        """List the commands that this person may use, or explain one."""
        usable = [each for each in context.commands if context.is_owner or not each.owner_only]
        wanted = name.removeprefix("/").casefold()
        if not wanted:
            lines = [f"- `{each.usage}` {each.help}" for each in usable]
            return "\n".join([_INTRODUCTION, "", *lines])
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

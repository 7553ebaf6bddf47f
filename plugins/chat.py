"""What can be set for one conversation from its chat: /persona, /streaming, /voice, /transcripts and /notices."""

from __future__ import annotations

from typing import Annotated, Literal

from bot import CommandError, Context, Plugin, command
from bot.context import ScopedChatSettings
from bot.translation import gettext

_OFF = frozenset({"off", "none", "reset"})


class ChatPlugin(Plugin):
    """Sets how the bot speaks in a conversation, and how its answers are shown there."""

    name = "chat"

    @command("persona", "show, or set, how I speak here: “/persona brief, in German”, “/persona off”")
    async def persona(self, context: Context, how: Annotated[str, "in your own words, or off"] = "") -> str:
        """Set how the bot is to speak in this conversation, or tell how."""
        settings = _settings_of(context)
        if not how:
            persona = (await settings.read()).persona
            if not persona:
                return gettext("I speak here as I do everywhere.")
            return gettext("Here I speak like this: {persona}", persona=persona)
        off = how.casefold() in _OFF
        await settings.set_persona("" if off else how)
        if off:
            return gettext("From now on I speak here as I do everywhere.")
        return gettext("I'll keep to that here. It changes how I speak, not what I may tell. /persona off ends it.")

    @command("streaming", "show my answers here while I write them (on), or only when they are done (off)")
    async def streaming(self, context: Context, switch: Annotated[Literal["", "on", "off"], "on or off"] = "") -> str:
        """Switch growing answers on or off in this conversation, or tell which it is."""
        settings = _settings_of(context)
        if switch:
            await settings.set_streaming(on=switch == "on")
        streaming = switch == "on" if switch else (await settings.read()).streaming
        if streaming:
            return gettext("My answers appear here while I write them.")
        return gettext("My answers appear here when they are done.")

    @command("voice", "have my answers here spoken as well (on), or only written (off)")
    async def voice(self, context: Context, switch: Annotated[Literal["", "on", "off"], "on or off"] = "") -> str:
        """Switch spoken answers on or off in this conversation, or tell which it is."""
        settings = _settings_of(context)
        if switch:
            await settings.set_voice(on=switch == "on")
        on = switch == "on" if switch else (await settings.read()).voice
        if on:
            return gettext("I speak my answers here, too.")
        return gettext("I only write my answers here.")

    @command("transcripts", "show what is said in voice notes here (on), or keep it to remember (off)")
    async def transcripts(self, context: Context, switch: Annotated[Literal["", "on", "off"], "on or off"] = "") -> str:
        """Switch the words of voice notes on or off in this conversation, or tell which it is."""
        settings = _settings_of(context)
        if switch:
            await settings.set_transcripts(on=switch == "on")
        on = switch == "on" if switch else (await settings.read()).transcripts
        if on:
            return gettext("Here I show the words of voice notes under them.")
        return gettext("Here I don't show the words of voice notes; I remember them all the same.")

    @command(
        "notices", "tell you here when something is wrong with me (on), or not (off)", owner_only=True, private=True
    )
    async def notices(self, context: Context, switch: Annotated[Literal["", "on", "off"], "on or off"] = "") -> str:
        """Switch what owners are told of the bot's own state on or off, or tell which it is."""
        settings = _settings_of(context)
        if switch:
            await settings.set_notices(on=switch == "on")
        on = switch == "on" if switch else (await settings.read()).notices
        if on:
            return gettext("I tell you in our direct chat when a platform, my disk or an update gives me trouble.")
        return gettext("I don't tell you here when something is wrong with me; my log does.")


def _settings_of(context: Context) -> ScopedChatSettings:
    if context.chat_settings is None:
        raise CommandError(gettext("That can't be set here."))
    return context.chat_settings

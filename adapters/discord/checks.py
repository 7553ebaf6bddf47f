"""What `scrubjay doctor` says about a Discord bot, and how to fix it."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.client import CONTENT_SWITCHED_OFF, BotClient, api_at, has_message_content
from adapters.discord.failures import PORTAL, TOKEN_REFUSED, UNREACHABLE, explain, is_refusal
from adapters.discord.settings import DiscordSettings
from bot.adapter import Finding

NAME = "discord"
CONTENT = f"{NAME} message content"
SERVERS = f"{NAME} servers"
COMMANDS = f"{NAME} commands"
MOST_SERVERS = 200

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    attach_files=True,
    add_reactions=True,
)
"""What the invite link asks for."""


async def check(settings: DiscordSettings) -> list[Finding]:
    """Ask Discord about the bot. Nothing is changed."""
    client = BotClient(message_content=False)
    with api_at(settings.base_url):
        try:
            await client.log_in(settings.token.get_secret_value())
            servers = await client.http.get_guilds(MOST_SERVERS, with_counts=False)
            return _findings(client, settings, servers)
        except UNREACHABLE as error:
            if is_refusal(error):
                return [Finding(NAME, "broken", "the token is refused", TOKEN_REFUSED)]
            mend = "check the network, and adapters.discord.base_url if it is set"
            return [Finding(NAME, "broken", f"Discord can't be used: {explain(error)}", mend)]
        except discord.LoginFailure:
            return [Finding(NAME, "broken", "the token is refused", TOKEN_REFUSED)]
        finally:
            await client.close()


def invitation(application: int) -> str:
    """Return the address at which the bot is added to a server."""
    return discord.utils.oauth_url(application, permissions=NEEDED, scopes=("bot", "applications.commands"))


def _findings(client: BotClient, settings: DiscordSettings, servers: list[Any]) -> list[Finding]:
    application = client.application
    if client.user is None or application is None:
        return [Finding(NAME, "broken", "Discord said nothing about the bot at the login", "try again")]
    return [
        Finding(NAME, "ok", str(client.user)),
        _content(application, settings),
        _servers(application.id, servers),
        *_commands(application),
    ]


def _content(application: discord.AppInfo, settings: DiscordSettings) -> Finding:
    if not settings.message_content:
        mend = "if it should: set adapters.discord.message_content = true"
        return Finding(CONTENT, "note", "on servers the bot sees and remembers only what mentions it", mend)
    if not has_message_content(application):
        mend = f"{PORTAL}/{application.id}/bot, switch on “Message Content Intent”, then restart the bot"
        return Finding(CONTENT, "note", CONTENT_SWITCHED_OFF, mend)
    return Finding(CONTENT, "ok", "the bot sees all messages in the channels it can see")


def _servers(application: int, servers: list[Any]) -> Finding:
    """Look at the permissions on each server; single channels may still take them away."""
    invite = invitation(application)
    if not servers:
        return Finding(SERVERS, "note", "the bot is on no server", f"add it with {invite}")
    lacking = [_lack(server) for server in servers if _lack(server)]
    if lacking:
        mend = f"give its role these permissions, or add it again with {invite}"
        return Finding(SERVERS, "note", "; ".join(lacking), mend)
    return Finding(SERVERS, "ok", ", ".join(str(server["name"]) for server in servers))


def _lack(server: dict[str, Any]) -> str:
    granted = discord.Permissions(int(server.get("permissions", 0)))
    if granted.administrator or server.get("owner"):
        return ""
    missing = [name.replace("_", " ") for name, needed in NEEDED if needed and not getattr(granted, name)]
    return f"{server['name']}: the bot lacks {', '.join(missing)}" if missing else ""


def _commands(application: discord.AppInfo) -> list[Finding]:
    if not application.interactions_endpoint_url:
        return []
    mend = f"{PORTAL}/{application.id}/information: empty “Interactions Endpoint URL”"
    return [Finding(COMMANDS, "broken", "slash commands go to a web address instead of the bot", mend)]

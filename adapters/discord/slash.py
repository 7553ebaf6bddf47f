"""The bot's commands as Discord's slash commands: how they are listed, and what one says when it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.discord.places import PLATFORM, conversation_of, event_id, person
from bot.adapter import Parameter
from bot.errors import CommandError
from bot.events import Mention, Message, Person
from bot.plugin import Command
from bot.translation import current_language, gettext, match_language, speaking

MOST_COMMANDS = 100
MOST_OPTIONS = 25
"""Options of a command, and choices of an option."""

TEXT_CHARS = 100
NAME_CHARS = 32
_SLASH_COMMAND = 1
_OPTION_TYPES = {"string": 3, "integer": 4, "boolean": 5, "number": 10}
_GUILD_INSTALL = 0
_IN_GUILDS, _IN_DIRECT_CHATS = 0, 1
_MENTION = re.compile(r"<@!?(\d+)>")


def list_commands(commands: Sequence[Command]) -> list[dict[str, Any]]:
    """Return what Discord lists (https://discord.com/developers/docs/interactions/application-commands)."""
    return [_list_command(command) for command in commands[:MOST_COMMANDS]]


def message_of(interaction: discord.Interaction, commands: Mapping[str, Command]) -> Message:
    """Return the use of a command as the message that one would have typed.

    Raises CommandError, with a sentence for the user, where it can't be typed.
    """
    channel = interaction.channel
    if channel is None or interaction.channel_id is None:
        raise CommandError(gettext("I can't tell where this command was used."))
    with speaking(match_language(str(interaction.locale)) or current_language()):
        text = _type_out(interaction, commands)
    called = _find_mentions(text, interaction)
    return Message(
        event_id=event_id(interaction.channel_id, interaction.id),
        conversation=conversation_of(channel),
        sender=person(interaction.user),
        text=_MENTION.sub(lambda match: called[match[1]].text, text),
        sent_at=interaction.created_at,
        addressed=True,
        mentions=tuple(called.values()),
        language=str(interaction.locale),
    )


def _list_command(command: Command) -> dict[str, Any]:
    return {
        "type": _SLASH_COMMAND,
        "name": command.name,
        "description": (command.help or command.name)[:TEXT_CHARS],
        "options": [_option(parameter) for parameter in command.parameters[:MOST_OPTIONS]],
        "contexts": [_IN_GUILDS, _IN_DIRECT_CHATS],
        "integration_types": [_GUILD_INSTALL],
    }


def _option(parameter: Parameter) -> dict[str, Any]:
    """Return an option, of a type that Discord checks itself where it has one, with what may be chosen."""
    schema: Mapping[str, Any] = {} if parameter.many or parameter.rest else parameter.type.json_schema()
    words = [word for word in schema.get("enum", ()) if isinstance(word, str) and word]
    choices = {"choices": [{"name": word, "value": word} for word in words]} if 0 < len(words) <= MOST_OPTIONS else {}
    return {
        "type": _OPTION_TYPES.get(str(schema.get("type")), _OPTION_TYPES["string"]),
        "name": _option_name(parameter),
        "description": (parameter.help or parameter.name)[:TEXT_CHARS],
        "required": parameter.required,
        **choices,
    }


def _option_name(parameter: Parameter) -> str:
    return parameter.name.lower()[:NAME_CHARS]


def _type_out(interaction: discord.Interaction, commands: Mapping[str, Command]) -> str:
    data: Mapping[str, Any] = interaction.data or {}
    name = str(data.get("name", ""))
    given = {option["name"]: option.get("value") for option in data.get("options", ())}
    command = commands.get(name)
    words = [f"/{name}"]
    skipped = ""
    for parameter in command.parameters if command is not None else ():
        value = given.get(_option_name(parameter))
        if value is None:
            skipped = skipped or parameter.name
        elif skipped:
            raise CommandError(
                gettext(
                    "Please give `{skipped}` as well, when you give `{name}`.", skipped=skipped, name=parameter.name
                )
            )
        else:
            words.append(_word(parameter, value))
    return " ".join(words)


def _find_mentions(text: str, interaction: discord.Interaction) -> dict[str, Mention]:
    """Return the people whom a text mentions, by number: by name where Discord tells it, else by account."""
    data: Mapping[str, Any] = interaction.data or {}
    users: Mapping[str, Any] = data.get("resolved", {}).get("users", {})
    called: dict[str, Mention] = {}
    for number in _MENTION.findall(text):
        user = users.get(number, {})
        name = user.get("global_name") or user.get("username")
        shown = f"@{name}" if name else f"{PLATFORM}:{number}"
        called[number] = Mention(shown, Person(PLATFORM, number, name or number))
    return called


def _word(parameter: Parameter, value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    as_it_is = parameter.rest or parameter.many or not any(character.isspace() for character in text)
    return text if as_it_is else '"{}"'.format(text.replace('"', ""))

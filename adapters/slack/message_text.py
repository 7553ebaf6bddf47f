"""What people said, from Slack's own notation to plain words.

https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
"""

from __future__ import annotations

import re

from adapters.slack.directory import Directory
from bot.events import Mention

_SPECIAL = re.compile(r"<([^<>]+)>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))
_CALL_SEPARATORS = " ,:;–-\n"


async def read(text: str, directory: Directory) -> tuple[str, tuple[Mention, ...]]:
    """Return a text with names instead of ids, and addresses as people write them; and who is mentioned in it."""
    pieces: list[str] = []
    called: list[Mention] = []
    end = 0
    for match in _SPECIAL.finditer(text):
        target, _, label = match[1].partition("|")
        if target.startswith("@"):
            person = await directory.person(target[1:], label)
            called.append(Mention(f"@{person.name}", person))
            shown = called[-1].text
        else:
            shown = await _resolve(target, label, directory)
        pieces += [_unescape(text[end : match.start()]), _unescape(shown)]
        end = match.end()
    return "".join([*pieces, _unescape(text[end:])]), tuple(called)


async def to_plain_text(text: str, directory: Directory) -> str:
    """Return a text as people see it."""
    shown, _ = await read(text, directory)
    return shown


def mentions(text: str) -> frozenset[str]:
    """Return the ids of the people that a text mentions."""
    return frozenset(
        match[1].removeprefix("@").split("|")[0] for match in _SPECIAL.finditer(text) if match[1][0] == "@"
    )


def strip_call(text: str, user: str) -> str:
    """Return a text without the mention of this user at its start, as in "<@U1> what time is it?"."""
    called = re.match(rf"\s*<@{re.escape(user)}(?:\|[^>]*)?>", text)
    return text[called.end() :].lstrip(_CALL_SEPARATORS) if called else text


async def _resolve(target: str, label: str, directory: Directory) -> str:
    match target[:1]:
        case "#":
            return f"#{label or (await directory.channel(target[1:])).name or target[1:]}"
        case "!":
            return _special(target[1:], label)
        case _:
            return _address(target, label)


def _special(command: str, label: str) -> str:
    """Return "@here", the name of a group of people, or a date as its sender's app wrote it."""
    if label:
        return label if label.startswith("@") or command.startswith("date") else f"@{label}"
    return f"@{command.partition('^')[0]}"


def _address(url: str, label: str) -> str:
    bare = url.removeprefix("mailto:").removeprefix("tel:")
    if not label or label == bare or url in {label, f"http://{label}", f"https://{label}"}:
        return bare
    return f"{label} ({bare})"


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda match: _ENTITIES[match[0]], text)

"""What the names of DiscordChatExporter's files tell: "Server - Group - channel [123456789012345678].html"."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

_ID: Final = re.compile(r"\[(\d{15,21})\]")
_TAG: Final = re.compile(r"#\d{4}\Z")


def channel_of(path: PurePosixPath) -> str | None:
    """Return the id of the channel in a file."""
    found = _ID.search(path.name)
    return found[1] if found else None


def write_title(guild: str, channel: str) -> str:
    """Return the name of a conversation, as of the exporter's JSON; `channel` may have its group before it."""
    name = channel.rpartition(" / ")[2].strip() or channel.strip()
    if not name or not guild.strip() or guild.strip() == "Direct Messages":
        return name or "Discord chat"
    return f"{guild.strip()} #{name}"


def drop_tag(name: str) -> str:
    """Return a name without the four digits that accounts had behind theirs until 2023."""
    return _TAG.sub("", name.strip()) or name.strip()

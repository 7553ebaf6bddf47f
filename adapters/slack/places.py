"""Where things stand on Slack: channels, threads and messages, and the ids that the core knows them by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from bot.events import Conversation

PLATFORM = "slack"


@dataclass(frozen=True, slots=True)
class ChannelThread:
    """A channel (or direct chat), and the thread in it that the bot writes to."""

    channel: str
    thread: str | None
    direct: bool

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """Return where a conversation takes place."""
        return cls(conversation.id, conversation.thread, conversation.kind == "direct")


def event_id(channel: str, ts: str) -> str:
    """Return the id of a message: its time stamp is unique within its channel."""
    return f"{channel}:{ts}"


def command_id(channel: str, user: str, trigger: str) -> str:
    """Return the id of a slash command, which tells whose it is: its answer is for them, after a restart, too."""
    return f"{channel}:/{user}/{trigger}"


def asker_of(event: str | None) -> str | None:
    """Return who gave a slash command; None for anything else."""
    _, _, rest = (event or "").partition(":/")
    return rest.partition("/")[0] or None


def time_of(ts: str) -> datetime:
    """Return the moment of a time stamp such as "1712345678.001200"."""
    seconds, _, micros = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micros.ljust(6, "0")[:6] or 0))


def is_direct_channel(channel: str) -> bool:
    """Say whether a channel is a direct chat: Slack's ids tell."""
    return channel.startswith("D")

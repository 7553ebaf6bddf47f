"""Accounts, servers, channels and messages as Discord keeps them, and the JSON it makes of them."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

EPOCH_MS = 1_420_070_400_000
ALL_PERMISSIONS = str((1 << 49) - 1)
ADD_REACTIONS, VIEW, SEND, SEND_IN_THREADS = 1 << 6, 1 << 10, 1 << 11, 1 << 38
_TEXT, _DIRECT, _THREAD, _PRIVATE_THREAD = 0, 1, 11, 12
_DEFAULT, _REPLY = 0, 19
_FORWARD = 1
_counter = itertools.count(1)


def snowflake() -> int:
    """Return an id with the time in it (https://discord.com/developers/docs/reference#snowflakes)."""
    return (int(time.time() * 1000) - EPOCH_MS << 22) | (next(_counter) & 0x3FFFFF)


def now() -> str:
    """Return the time as Discord writes it."""
    return datetime.now(UTC).isoformat()


@dataclass(frozen=True)
class Account:
    """A user or a bot."""

    id: int
    name: str
    is_bot: bool = False

    def json(self) -> Json:
        """Return the user object."""
        return {
            "id": str(self.id),
            "username": self.name.casefold(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.is_bot,
        }

    def member(self) -> Json:
        """Return the same user's partial member object."""
        return {"roles": [], "joined_at": now(), "deaf": False, "mute": False, "nick": None, "flags": 0}


@dataclass
class Posted:
    """A message. `versions` are all texts it had; `pings` says that somebody is notified of a mention in it."""

    id: int
    room: Room = field(repr=False)  # the room names its messages, too
    author: Account
    text: str
    reply_to: Posted | None = None
    files: list[Json] = field(default_factory=list)
    mentions: list[Account] = field(default_factory=list)
    edited: str | None = None
    is_loading: bool = False
    is_ephemeral: bool = False
    pings: bool = False
    forwarded: str | None = None
    versions: list[str] = field(default_factory=list)
    reactions: dict[str, list[Account]] = field(default_factory=dict)
    buttons: list[Json] = field(default_factory=list)
    extra: Json = field(default_factory=dict)

    def json(self) -> Json:
        """Return the message object (https://discord.com/developers/docs/resources/message)."""
        message: Json = {
            "id": str(self.id),
            "channel_id": str(self.room.id),
            "author": self.author.json(),
            "content": self.text,
            "timestamp": datetime.fromtimestamp(((self.id >> 22) + EPOCH_MS) / 1000, UTC).isoformat(),
            "edited_timestamp": self.edited,
            "tts": False,
            "mention_everyone": False,
            "mentions": [account.json() for account in self.mentions],
            "mention_roles": [],
            "attachments": self.files,
            "embeds": [],
            "pinned": False,
            "type": _DEFAULT if self.reply_to is None else _REPLY,
            "flags": 0,
            "components": self.buttons,
            "reactions": [_reaction(emoji, given) for emoji, given in self.reactions.items() if given],
        }
        if self.reply_to is not None:
            message["message_reference"] = {"message_id": str(self.reply_to.id), "channel_id": str(self.room.id)}
            message["referenced_message"] = self.reply_to.json()
        if self.forwarded is not None:
            elsewhere = {"type": _FORWARD, "message_id": "1", "channel_id": "1"}
            kept = {key: message[key] for key in ("type", "timestamp", "edited_timestamp", "flags", "embeds")}
            kept |= {"content": self.forwarded, "attachments": [], "mentions": [], "mention_roles": []}
            message |= {"message_reference": elsewhere, "message_snapshots": [{"message": kept}]}
        return message | self.extra


@dataclass
class Room:
    """A channel of a server, a thread of the channel `parent`, or a direct chat where `guild` is None."""

    id: int
    name: str = ""
    guild: Guild | None = None
    member: Account | None = None
    parent: Room | None = None
    is_private: bool = False
    messages: dict[int, Posted] = field(default_factory=dict)
    typings: int = 0

    def json(self) -> Json:
        """Return the channel object."""
        if self.guild is None:
            recipients = [self.member.json()] if self.member else []
            return {"id": str(self.id), "type": _DIRECT, "recipients": recipients, "last_message_id": None}
        if self.parent is not None:
            return self._thread(self.guild, self.parent)
        return {
            "id": str(self.id),
            "type": _TEXT,
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": 0,
            "permission_overwrites": [],
            "parent_id": None,
            "nsfw": False,
            "topic": None,
            "last_message_id": self._last,
        }

    def _thread(self, guild: Guild, parent: Room) -> Json:
        about = {"archived": False, "auto_archive_duration": 60, "archive_timestamp": now(), "locked": False}
        kind = _PRIVATE_THREAD if self.is_private else _THREAD
        place = {"id": str(self.id), "type": kind, "guild_id": str(guild.id), "parent_id": str(parent.id)}
        counts = {"last_message_id": self._last, "message_count": 0, "member_count": 1, "rate_limit_per_user": 0}
        return place | counts | {"name": self.name, "owner_id": "1", "thread_metadata": about}

    @property
    def _last(self) -> str | None:
        return str(max(self.messages)) if self.messages else None

    def by_bot(self) -> list[Posted]:
        """Return what the bot wrote, oldest first."""
        return [posted for posted in self.messages.values() if posted.author.is_bot]


@dataclass
class Guild:
    """A server that the bot is on."""

    id: int
    name: str
    permissions: str = ALL_PERMISSIONS
    rooms: dict[int, Room] = field(default_factory=dict)
    threads: dict[int, Room] = field(default_factory=dict)

    def allows(self, permission: int) -> bool:
        """Say whether the bot has a permission here."""
        return bool(int(self.permissions) & permission)

    def json(self) -> Json:
        """Return the guild object as GUILD_CREATE sends it."""
        everyone: Json = {
            "id": str(self.id),
            "name": "@everyone",
            "permissions": self.permissions,
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        lists: Json = {key: [] for key in ("emojis", "features", "members", "stickers", "presences")}
        return lists | {
            "id": str(self.id),
            "name": self.name,
            "roles": [everyone],
            "channels": [room.json() for room in self.rooms.values()],
            "threads": [room.json() for room in self.threads.values()],
            "member_count": 2,
            "large": False,
            "unavailable": False,
            "owner_id": "1",
        }


def _reaction(emoji: str, given: list[Account]) -> Json:
    return {"count": len(given), "me": False, "emoji": {"id": None, "name": emoji}}

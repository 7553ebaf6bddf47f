"""Telegram's ids in exports, turned into those that its bots see, where the two mean the same.

Supergroups and channels number their messages once for everybody, so an exported message is the one that a bot
saw. In private chats and basic groups each account counts its own: there the export's ids are told apart.
Chat ids of bots: https://core.telegram.org/api/bots/ids
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHARED = frozenset({"private_supergroup", "public_supergroup", "private_channel", "public_channel"})
_GROUP = "private_group"
_OLD_GROUP, _OLD_CHANNEL, _OLD_END = 1 << 32, 2 << 32, 3 << 32
_PREFIXED = re.compile(r"(user|chat|channel)(-?\d+)")


@dataclass(frozen=True, slots=True)
class TelegramPeer:
    """A chat of an export: its id among the owner's conversations, and what is put before message numbers."""

    conversation_id: str | None
    prefix: str
    link: str | None = None

    def event_id(self, message: object) -> str:
        """Return the id of a message by its number."""
        return f"{self.prefix}{message}"

    def link_to(self, message: object) -> str | None:
        """Return a message's address; only supergroups and channels have any."""
        return f"{self.link}{message}" if self.link else None


def peer_of(kind: str, number: int) -> TelegramPeer:
    """Return a chat by its type and id, as the export gives them; the oldest exports mark the kind in the number."""
    if not number:
        return TelegramPeer(None, "message/")
    if kind in _SHARED:
        bare = number - _OLD_CHANNEL if _OLD_CHANNEL < number < _OLD_END else number
        marked = str(bare) if bare < 0 else f"-100{bare}"
        return TelegramPeer(marked, f"{marked}:", f"https://t.me/c/{marked.removeprefix('-100')}/")
    if kind == _GROUP:
        bare = number - _OLD_GROUP if _OLD_GROUP < number < _OLD_CHANNEL else number
        return TelegramPeer(f"chat{bare}", f"chat{bare}/")
    return TelegramPeer(f"{'saved' if kind == 'saved_messages' else 'user'}{number}", f"user{number}/")


def account_of(sender: object) -> str | None:
    """Return the account behind `from_id`, as a bot knows it: "user5" is 5, "channel5" is -1005.

    The oldest exports hold integers that mark the kind in their upper half.
    """
    if isinstance(sender, int):
        if sender >= _OLD_CHANNEL:
            return f"-100{sender - _OLD_CHANNEL}"
        return f"-{sender - _OLD_GROUP}" if _is_old_group(sender) else str(sender)
    found = _PREFIXED.fullmatch(sender) if isinstance(sender, str) else None
    if found is None:
        return None
    return {"user": "", "chat": "-", "channel": "-100"}[found[1]] + found[2]


def _is_old_group(number: int) -> bool:
    return _OLD_GROUP <= number < _OLD_GROUP + (1 << 30)

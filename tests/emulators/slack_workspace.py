"""What there is in the emulated workspace: people, channels, and what was posted in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]


@dataclass
class Account:
    """A person, or the bot."""

    id: str
    name: str

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name.casefold(),
            "profile": {"display_name": self.name, "real_name": self.name},
        }


@dataclass
class Posted:
    """A message. `versions` holds each text it had, `seen_by` the one person who sees an ephemeral one."""

    ts: str
    user: str
    text: str
    thread_ts: str | None = None
    blocks: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)
    seen_by: str | None = None
    is_streaming: bool = False
    was_streamed: bool = False
    deleted: bool = False

    @property
    def notes(self) -> str:
        """The small print of its context blocks."""
        found = [block["elements"] for block in self.blocks if block["type"] == "context"]
        return "\n".join(element["text"] for elements in found for element in elements)

    @property
    def shown(self) -> str:
        """What people see: the blocks, or the text where there are none, and the small print."""
        sections = [block["text"]["text"] for block in self.blocks if block["type"] == "section"]
        return "\n\n".join(part for part in ("\n\n".join(sections) or self.text, self.notes) if part)

    @property
    def buttons(self) -> dict[str, Json]:
        """Its buttons, by what stands on them."""
        found = [block["elements"] for block in self.blocks if block["type"] == "actions"]
        return {button["text"]["text"]: button for buttons in found for button in buttons}

    def json(self) -> Json:
        message: Json = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text}
        if self.thread_ts:
            message["thread_ts"] = self.thread_ts
        if self.blocks:
            message["blocks"] = self.blocks
        if self.files:
            message["files"] = self.files
        message["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items() if users
        ]
        return message


@dataclass
class Room:
    """A channel, or the direct chat of a person; `has_bot` says that the bot is a member."""

    id: str
    name: str
    kind: Literal["im", "channel", "group"]
    members: list[str]
    has_bot: bool = True
    is_archived: bool = False
    messages: dict[str, Posted] = field(default_factory=dict)

    def json(self) -> Json:
        told: Json = {"id": self.id, "is_im": self.kind == "im", "is_private": self.kind != "channel"}
        return told | ({"user": self.members[0]} if self.kind == "im" else {"name": self.name})

    def thread(self, root: str) -> list[Posted]:
        """Return a thread, its root first."""
        return [each for each in self.messages.values() if not each.deleted and root in {each.ts, each.thread_ts}]

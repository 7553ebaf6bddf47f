"""The records of what plugins keep and plan, and of what was decided about them; and how much they may keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from memory.errors import ValueRefused

MAX_KEY = 200
"""Characters of a key."""
MAX_VALUE = 256 * 1024
"""Bytes of a value, as JSON in UTF-8."""
MAX_KEYS = 10_000
"""Values in one space."""
MAX_PAYLOAD = 64 * 1024
"""Bytes of a job's payload, as JSON in UTF-8."""
MAX_JOBS = 1000
"""What one plugin may have planned in one conversation."""


@dataclass(frozen=True, slots=True)
class PluginSpace:
    """Where a value belongs: to a plugin, and there to a conversation, to a person, or to neither.

    `people` are a person's linked accounts. A value is kept under the first, and found under any.
    """

    plugin: str
    conversation_id: int | None = None
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A plugin's method that is to be called at `due_at`, and again as `repeats` says.

    `conversation_id`, `person_id` and `place` say for whom it was planned; a job of the plugin itself has none of
    them. `payload` and `place` are JSON. `failures` counts the tries that failed since it became due. `drawn_from` are
    the passages that it was made from: it goes with any of them.
    """

    plugin: str
    name: str
    due_at: datetime
    payload: str = "null"
    conversation_id: int | None = None
    person_id: int | None = None
    place: str | None = None
    repeats: str | None = None
    zone: str | None = None
    failures: int = 0
    id: int = 0
    drawn_from: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class JobReply:
    """What a job has said: where, the sender's own payload, and the passages that it was made from."""

    conversation_id: int
    payload: str
    drawn_from: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PluginState:
    """What was decided about one plugin.

    `enabled` is None where only the settings file decides. `digest` is the SHA-256, in hexadecimal, of the single file
    that an owner has enabled. `settings` go before those of the settings file. `reason` says why it was switched off
    when nobody did so on purpose.
    """

    name: str
    enabled: bool | None = None
    digest: str | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    reason: str | None = None


def refuse_oversized(key: str, value: str) -> None:
    """Raise ValueRefused for a value that is too large to be kept, or whose key is."""
    if not 0 < len(key) <= MAX_KEY:
        raise ValueRefused(f"a key has 1 to {MAX_KEY} characters, this one has {len(key)}")
    if (size := len(value.encode())) > MAX_VALUE:
        raise ValueRefused(f"the value of {key} has {size} bytes as JSON; at most {MAX_VALUE} can be kept")


def refuse_oversized_payload(payload: str) -> None:
    """Raise ValueRefused for a job's payload that is too large."""
    if (size := len(payload.encode())) > MAX_PAYLOAD:
        raise ValueRefused(f"the payload of a job has {size} bytes as JSON; at most {MAX_PAYLOAD} can be kept")

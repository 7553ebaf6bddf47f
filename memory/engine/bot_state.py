"""What the program keeps for itself, in the words of whoever keeps it: texts that the memory does not look into."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol

from memory.delivery_records import UnhandledUpdate


class PersistentButtonStore(Protocol):
    """What the buttons of replies say, by conversation and key; forgotten with the conversation."""

    async def keep(
        self, conversation_id: int, key: str, payload: str, *, most: int, drawn_from: Collection[int] = ()
    ) -> None:
        """Keep a reply's buttons; of more than `most` in the conversation the oldest go.

        They are forgotten with any of the passages in `drawn_from`. Raises SourceForgotten when one is gone by now.
        """

    async def find(self, conversation_id: int, key: str) -> str | None:
        """Return what was kept."""

    async def delete(self, conversation_id: int, key: str) -> None:
        """Delete what was kept."""


class KeptFileStore(Protocol):
    """What is known of files that wait until they can be read; forgotten with their conversation."""

    @property
    def folder(self) -> Path:
        """Where the files lie, each in a folder of its own name: what is forgotten is removed from there at once."""

    async def keep(self, name: str, conversation_id: int, payload: str, drawn_from: Collection[int] = ()) -> None:
        """Keep a note of a file; note and file are forgotten with any of the passages in `drawn_from`.

        Raises SourceForgotten when one of these is gone by now.
        """

    async def read_all(self) -> dict[str, str]:
        """Return all notes by the names of their files."""

    async def delete(self, name: str) -> None:
        """Delete a note."""


class OwnerChatStore(Protocol):
    """The direct chat of each owner; forgotten with the person."""

    async def keep(self, person_id: int, payload: str) -> None:
        """Keep where an owner can be told something, in place of where that was before."""

    async def read_all(self) -> dict[int, str]:
        """Return what was kept by the owners' ids."""


class UnhandledUpdateStore(Protocol):
    """What platforms told and the bot could not take, as it came, so that it holds nobody else up and is not lost."""

    async def keep(self, update: UnhandledUpdate, *, most: int) -> None:
        """Keep an update; of more than `most` the oldest go."""

    async def read_all(self) -> Sequence[UnhandledUpdate]:
        """Return all that are kept, oldest first."""

    async def delete_all(self) -> int:
        """Delete all that are kept; return how many there were."""

"""What plugins have planned, and which process does it when it is due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from memory.delivery_records import Outgoing
from memory.plugin_records import JobReply, StoredJob


class JobStore(Protocol):
    """Plans jobs, hands those that are due to one process each, and notes how they went."""

    async def plan(self, job: StoredJob) -> StoredJob:
        """Keep a new job; return it with its id.

        Raises ValueRefused for too large a payload, and too many jobs; SourceForgotten when what it was made from is
        gone by now.
        """

    async def declare(self, plugin: str, jobs: Sequence[StoredJob]) -> None:
        """Plan the jobs that a plugin declares of itself; those that it no longer does, or otherwise, go.

        What is planned already as it is declared keeps its time.
        """

    async def select(
        self, plugin: str, *, conversation_id: int | None = None, people: Sequence[int] | None = None
    ) -> list[StoredJob]:
        """Return what a plugin has planned in a conversation, for a person's accounts, or both; the earliest first."""

    async def cancel(self, job_id: int) -> bool:
        """Delete a job; False when it is gone already."""

    async def claim_due(
        self, now: datetime, *, plugins: Collection[str], platforms: Collection[str], limit: int
    ) -> list[StoredJob]:
        """Claim jobs that are due and that no living process does, the earliest first; from now on this one does.

        Of one conversation's jobs only the earliest is claimed, and none while another of them is being done, so that
        what is due there is done in order.
        """

    async def find_next_due(
        self, after: datetime, *, plugins: Collection[str], platforms: Collection[str]
    ) -> datetime | None:
        """Return when the earliest job is due after this time; what is due by then waits for what is being done."""

    async def finish(
        self, job: StoredJob, next_due: datetime | None, replies: Sequence[JobReply] = ()
    ) -> list[Outgoing]:
        """Note that a job is done, until `next_due` if it repeats, and put its replies in the outbox, all at once.

        Replies are made from what the job was made from, too. A job that was cancelled meanwhile leaves none. Raises
        SourceForgotten when something that a reply was made from is gone by now; then nothing is noted.
        """

    async def postpone(self, job: StoredJob, until: datetime) -> None:
        """Note that a job has failed, and when it is to be tried again."""

    async def release(self, job: StoredJob) -> None:
        """Leave a claimed job to whoever does it next."""

"""The jobs facet: what plugins have planned, and which process does it when it is due."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import aiosqlite

from memory.delivery_records import Outgoing
from memory.errors import ValueRefused
from memory.plugin_records import MAX_JOBS, JobReply, StoredJob, refuse_oversized_payload
from memory.sqlite import delivery, provenance
from memory.sqlite.presence import Presence
from memory.sqlite.store import Store
from memory.timestamps import micros, moment

_COLUMNS = (
    "id, plugin, name, conversation_id, person_id, place, payload, due_at, repeats, zone, failures, "
    "(SELECT json_group_array(source_id) FROM provenance WHERE job_id = jobs.id)"
)

# ?1 plugins, ?2 platforms: a process does what it has the plugin for, where it has the platform to reply on.
_ABLE = """
j.plugin IN (SELECT value FROM json_each(?1)) AND (j.conversation_id IS NULL OR EXISTS (
    SELECT 1 FROM conversations AS c
    WHERE c.id = j.conversation_id AND c.platform IN (SELECT value FROM json_each(?2))))
"""
_FREE = "(j.claimed_by IS NULL OR j.claimed_by IN (SELECT value FROM json_each(?3)))"
# A job is its conversation's next when none there is being done, and none that this process could do was due earlier.
_NEXT = """
(j.conversation_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM jobs AS other WHERE other.conversation_id = j.conversation_id AND other.id != j.id AND (
        (other.claimed_by IS NOT NULL AND other.claimed_by NOT IN (SELECT value FROM json_each(?3)))
        OR ((other.due_at, other.id) < (j.due_at, j.id) AND other.plugin IN (SELECT value FROM json_each(?1))))))
"""
_CLAIM = f"""
UPDATE jobs SET claimed_by = ?4 WHERE id IN (
    SELECT j.id FROM jobs AS j WHERE j.due_at <= ?5 AND {_FREE} AND {_ABLE} AND {_NEXT} ORDER BY j.due_at, j.id LIMIT ?6
) RETURNING {_COLUMNS}
"""


class SqliteJobs:
    """Keeps jobs with their claims; see `memory.engine.JobStore`."""

    def __init__(self, store: Store, presence: Presence) -> None:
        self._store = store
        self._presence = presence

    async def plan(self, job: StoredJob) -> StoredJob:
        """Insert a job, with what it was made from."""
        refuse_oversized_payload(job.payload)
        return await self._store.write(lambda connection: _plan(connection, job))

    async def declare(self, plugin: str, jobs: Sequence[StoredJob]) -> None:
        """Plan the jobs that a plugin declares of itself; those that it no longer does, or otherwise, go.

        What is planned already as it is declared keeps its time.
        """
        await self._store.write(lambda connection: _declare(connection, plugin, jobs))

    async def select(
        self, plugin: str, *, conversation_id: int | None = None, people: Sequence[int] | None = None
    ) -> list[StoredJob]:
        """Return what a plugin has planned in a conversation, for a person's accounts, or both; the earliest first."""
        rows = await self._store.read(
            f"""SELECT {_COLUMNS} FROM jobs WHERE plugin = ?1 AND place IS NOT NULL
                AND (?2 IS NULL OR conversation_id = ?2)
                AND (?3 IS NULL OR person_id IN (SELECT value FROM json_each(?3))) ORDER BY due_at, id""",
            [plugin, conversation_id, None if people is None else json.dumps(list(people))],
        )
        return [_job(row) for row in rows]

    async def cancel(self, job_id: int) -> bool:
        """Delete a job; False when it is gone."""
        return await self._store.write(lambda connection: _cancel(connection, job_id))

    async def claim_due(
        self, now: datetime, *, plugins: Collection[str], platforms: Collection[str], limit: int
    ) -> list[StoredJob]:
        """Claim jobs that are due and that no living process does, the earliest first; from now on this one does.

        Of one conversation's jobs only the earliest is claimed, and none while another of them is being done, so that
        what is due there is done in order.
        """
        able = [json.dumps(list(plugins)), json.dumps(list(platforms))]
        rows = await self._store.read(
            f"SELECT DISTINCT j.claimed_by FROM jobs AS j WHERE j.due_at <= ?3 AND {_ABLE}", [*able, micros(now)]
        )
        if not rows:
            return []
        holders = [str(row[0]) for row in rows if row[0] is not None]
        gone = await asyncio.to_thread(self._presence.gone, holders)
        self._presence.show()
        values = [*able, json.dumps(gone), self._presence.name, micros(now), limit]
        claimed = await self._store.write(lambda connection: _rows(connection, _CLAIM, values))
        return sorted(map(_job, claimed), key=lambda job: (job.due_at, job.id))

    async def find_next_due(
        self, after: datetime, *, plugins: Collection[str], platforms: Collection[str]
    ) -> datetime | None:
        """Return when the earliest job is due after this time; what is due by then waits for what is being done."""
        rows = await self._store.read(
            f"SELECT min(j.due_at) FROM jobs AS j WHERE {_ABLE} AND j.due_at > ?3",
            [json.dumps(list(plugins)), json.dumps(list(platforms)), micros(after)],
        )
        return None if rows[0][0] is None else moment(rows[0][0])

    async def finish(
        self, job: StoredJob, next_due: datetime | None, replies: Sequence[JobReply] = ()
    ) -> list[Outgoing]:
        """Delete the job, or let it be due again, and queue its replies, in one transaction."""
        return await self._store.write(
            lambda connection: _finish(connection, job, next_due, replies, self._presence.name)
        )

    async def postpone(self, job: StoredJob, until: datetime) -> None:
        """Note that a job has failed, and when it is to be tried again."""
        await self._store.write(
            lambda connection: _rows(
                connection,
                "UPDATE jobs SET claimed_by = NULL, failures = failures + 1, due_at = ? WHERE id = ?",
                [micros(until), job.id],
            )
        )

    async def release(self, job: StoredJob) -> None:
        """Leave a claimed job to whoever does it next."""
        await self._store.write(
            lambda connection: _rows(connection, "UPDATE jobs SET claimed_by = NULL WHERE id = ?", [job.id])
        )


async def _plan(connection: aiosqlite.Connection, job: StoredJob) -> StoredJob:
    ((count,),) = await _rows(
        connection,
        "SELECT count(*) FROM jobs WHERE plugin = ? AND conversation_id IS ?",
        [job.plugin, job.conversation_id],
    )
    if count >= MAX_JOBS:
        raise ValueRefused(f"{job.plugin} has {MAX_JOBS} jobs planned here already; cancel some of them")
    return replace(job, id=await _insert(connection, job))


async def _insert(connection: aiosqlite.Connection, job: StoredJob) -> int:
    ((job_id,),) = await _rows(
        connection,
        """INSERT INTO jobs (plugin, name, conversation_id, person_id, place, payload, due_at, repeats, zone)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        [
            job.plugin,
            job.name,
            job.conversation_id,
            job.person_id,
            job.place,
            job.payload,
            micros(job.due_at),
            job.repeats,
            job.zone,
        ],
    )
    await provenance.bind(connection, "job_id", int(job_id), job.drawn_from)
    return int(job_id)


async def _declare(connection: aiosqlite.Connection, plugin: str, jobs: Sequence[StoredJob]) -> None:
    declared = {(job.name, job.repeats, job.zone): job for job in jobs}
    rows = await _rows(
        connection, "SELECT id, name, repeats, zone FROM jobs WHERE plugin = ? AND place IS NULL", [plugin]
    )
    for job_id, *what in rows:
        if declared.pop(tuple(what), None) is None:
            await _cancel(connection, job_id)
    for job in declared.values():
        await _insert(connection, job)


async def _cancel(connection: aiosqlite.Connection, job_id: int) -> bool:
    return len(await _rows(connection, "DELETE FROM jobs WHERE id = ? RETURNING id", [job_id])) > 0


async def _finish(
    connection: aiosqlite.Connection,
    job: StoredJob,
    next_due: datetime | None,
    replies: Sequence[JobReply],
    claimed_by: str,
) -> list[Outgoing]:
    sources = await provenance.sources_of(connection, "job_id", job.id)
    if next_due is None:
        there = await _cancel(connection, job.id)
    else:
        again = "UPDATE jobs SET claimed_by = NULL, failures = 0, due_at = ? WHERE id = ? RETURNING id"
        there = len(await _rows(connection, again, [micros(next_due), job.id])) > 0
    if not there:
        return []
    return [
        await delivery.queue_reply(
            connection, each.conversation_id, None, each.payload, claimed_by, {*each.drawn_from, *sources}
        )
        for each in replies
    ]


async def _rows(connection: aiosqlite.Connection, sql: str, values: Iterable[object]) -> list[Any]:
    rows: Iterable[Any] = await connection.execute_fetchall(sql, tuple(values))
    return [tuple(row) for row in rows]


def _job(row: tuple[Any, ...]) -> StoredJob:
    job_id, plugin, name, conversation_id, person_id, place, payload, due_at, repeats, zone, failures, sources = row
    return StoredJob(
        id=job_id,
        plugin=plugin,
        name=name,
        conversation_id=conversation_id,
        person_id=person_id,
        place=place,
        payload=payload,
        due_at=moment(due_at),
        repeats=repeats,
        zone=zone,
        failures=failures,
        drawn_from=tuple(json.loads(sources)),
    )

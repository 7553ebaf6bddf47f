"""The jobs facet: what plugins have planned, and which process does it when it is due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from memory.delivery_records import Outgoing
from memory.errors import ValueRefused
from memory.plugin_records import MAX_JOBS, JobReply, StoredJob, refuse_oversized_payload
from memory.postgres import delivery, provenance
from memory.postgres.claimed_rows import ClaimedRows
from memory.postgres.claims import Claims
from memory.postgres.connection import Connection, Row
from memory.postgres.locks import share_memory
from memory.postgres.presence import LIVING, Presence
from memory.postgres.store import Store
from memory.timestamps import micros, moment

_COLUMNS = (
    "id, plugin, name, conversation_id, person_id, place, payload, due_at, repeats, zone, failures, "
    "ARRAY(SELECT source_id FROM provenance WHERE job_id = jobs.id ORDER BY source_id)"
)
_CLAIMING = 0x5343524E
"""The advisory lock under which jobs are claimed: which is a conversation's next depends on all of its jobs."""

# $1 plugins, $2 platforms: a process does what it has the plugin for, where it has the platform to reply on.
_ABLE = """
j.plugin = ANY($1::text[]) AND (j.conversation_id IS NULL OR EXISTS (
    SELECT 1 FROM conversations AS c WHERE c.id = j.conversation_id AND c.platform = ANY($2::text[])))
"""
# $3 this process, $4 whether those who seem to be dead are given time.
_BEING_DONE = f"({{job}}.claimed_by IS NOT NULL AND ($4 OR {{job}}.claimed_by = $3 OR {{job}}.claimed_by IN {LIVING}))"
# A job is its conversation's next when none there is being done, and none that this process could do was due earlier.
_NEXT = f"""
(j.conversation_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM jobs AS other WHERE other.conversation_id = j.conversation_id AND other.id <> j.id AND (
        {_BEING_DONE.format(job="other")}
        OR ((other.due_at, other.id) < (j.due_at, j.id) AND other.plugin = ANY($1::text[])))))
"""
_CLAIM = f"""
UPDATE jobs SET claimed_by = $3 WHERE id = ANY(ARRAY(
    SELECT j.id FROM jobs AS j WHERE j.due_at <= $5 AND NOT {_BEING_DONE.format(job="j")} AND {_ABLE} AND {_NEXT}
    ORDER BY j.due_at, j.id LIMIT $6 FOR UPDATE OF j SKIP LOCKED
)) RETURNING {_COLUMNS}
"""


class PostgresJobs:
    """Keeps jobs with their claims; see `memory.engine.JobStore`."""

    def __init__(self, store: Store, presence: Presence, claims: Claims) -> None:
        self._store = store
        self._presence = presence
        self._claims = claims
        self._mine = ClaimedRows(store, presence, "jobs")

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
            f"""SELECT {_COLUMNS} FROM jobs WHERE plugin = $1 AND place IS NOT NULL
                AND ($2::bigint IS NULL OR conversation_id = $2)
                AND ($3::bigint[] IS NULL OR person_id = ANY($3)) ORDER BY due_at, id""",
            plugin,
            conversation_id,
            None if people is None else list(people),
        )
        return [_job(row) for row in rows]

    async def cancel(self, job_id: int) -> bool:
        """Delete a job; False when it is gone already."""
        return await self._store.write(lambda connection: _cancel(connection, job_id))

    async def claim_due(
        self, now: datetime, *, plugins: Collection[str], platforms: Collection[str], limit: int
    ) -> list[StoredJob]:
        """Claim jobs that are due and that no living process does, the earliest first; from now on this one does.

        Of one conversation's jobs only the earliest is claimed, and none while another of them is being done, so that
        what is due there is done in order.
        """
        able = (list(plugins), list(platforms))
        due = "SELECT 1 FROM jobs AS j WHERE j.due_at <= $3 AND " + _ABLE + " LIMIT 1"
        if not await self._store.read(due, *able, micros(now)):
            return []
        me = await self._presence.show()
        values = (*able, me, self._presence.is_patient, micros(now), limit)

        async def write(connection: Connection) -> list[Row]:
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _CLAIMING)
            return await connection.fetch(_CLAIM, *values)

        with self._presence.doubting():
            claimed = await self._store.write(write)
        new = await self._mine.hold((row[0] for row in claimed), me)
        jobs = (job for job in map(_job, claimed) if job.id in new)
        return sorted(jobs, key=lambda job: (job.due_at, job.id))

    async def find_next_due(
        self, after: datetime, *, plugins: Collection[str], platforms: Collection[str]
    ) -> datetime | None:
        """Return when the earliest job is due after this time; what is due by then waits for what is being done."""
        ((earliest,),) = await self._store.read(
            f"SELECT min(j.due_at) FROM jobs AS j WHERE {_ABLE} AND j.due_at > $3",
            list(plugins),
            list(platforms),
            micros(after),
        )
        return None if earliest is None else moment(earliest)

    async def finish(
        self, job: StoredJob, next_due: datetime | None, replies: Sequence[JobReply] = ()
    ) -> list[Outgoing]:
        """Delete the job, or let it be due again, and queue its replies, in one transaction."""
        self._mine.drop(job.id)
        me = await self._presence.show()
        mine = self._presence.numbers
        with self._presence.doubting():
            queued = await self._store.write(lambda connection: _finish(connection, job, next_due, replies, me, mine))
        return queued if await self._claims.note_sending(queued, me) else []

    async def postpone(self, job: StoredJob, until: datetime) -> None:
        """Note that a job has failed, and when it is to be tried again."""
        await self._release(job, "failures = failures + 1, due_at = $3", micros(until))

    async def release(self, job: StoredJob) -> None:
        """Leave a claimed job to whoever does it next."""
        await self._release(job, "failures = failures")

    async def _release(self, job: StoredJob, change: str, *values: object) -> None:
        """Give up a claim, unless another process has taken the job over."""
        self._mine.drop(job.id)
        sql = f"""UPDATE jobs SET claimed_by = NULL, {change}
                  WHERE id = $1 AND (claimed_by IS NULL OR claimed_by = ANY($2::integer[]))"""
        mine = self._presence.numbers
        with self._presence.doubting():
            await self._store.write(lambda connection: connection.execute(sql, job.id, list(mine), *values))


async def _plan(connection: Connection, job: StoredJob) -> StoredJob:
    await share_memory(connection)
    count = await connection.fetch_value(
        "SELECT count(*) FROM jobs WHERE plugin = $1 AND conversation_id IS NOT DISTINCT FROM $2",
        job.plugin,
        job.conversation_id,
    )
    if count >= MAX_JOBS:
        raise ValueRefused(f"{job.plugin} has {MAX_JOBS} jobs planned here already; cancel some of them")
    return replace(job, id=await _insert(connection, job))


async def _insert(connection: Connection, job: StoredJob) -> int:
    job_id = await connection.fetch_value(
        """INSERT INTO jobs (plugin, name, conversation_id, person_id, place, payload, due_at, repeats, zone)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id""",
        job.plugin,
        job.name,
        job.conversation_id,
        job.person_id,
        job.place,
        job.payload,
        micros(job.due_at),
        job.repeats,
        job.zone,
    )
    await provenance.bind(connection, "job_id", int(job_id), job.drawn_from)
    return int(job_id)


async def _declare(connection: Connection, plugin: str, jobs: Sequence[StoredJob]) -> None:
    # Several processes start a plugin at once; each job that it declares is there once.
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", plugin)
    declared = {(job.name, job.repeats, job.zone): job for job in jobs}
    rows = await connection.fetch(
        "SELECT id, name, repeats, zone FROM jobs WHERE plugin = $1 AND place IS NULL ORDER BY id", plugin
    )
    for job_id, name, repeats, zone in rows:
        if declared.pop((name, repeats, zone), None) is None:
            await _cancel(connection, job_id)
    for job in declared.values():
        await _insert(connection, job)


async def _cancel(connection: Connection, job_id: int) -> bool:
    return await connection.execute("DELETE FROM jobs WHERE id = $1", job_id) > 0


async def _finish(
    connection: Connection,
    job: StoredJob,
    next_due: datetime | None,
    replies: Sequence[JobReply],
    me: int,
    numbers: Collection[int],
) -> list[Outgoing]:
    await share_memory(connection)
    sources = await provenance.sources_of(connection, "job_id", job.id)
    # Whoever was taken for dead, and so lost the job to another process, leaves its replies to that.
    mine = "id = $1 AND (claimed_by IS NULL OR claimed_by = ANY($2::integer[]))"
    if next_due is None:
        there = await connection.execute(f"DELETE FROM jobs WHERE {mine}", job.id, list(numbers))
    else:
        again = f"UPDATE jobs SET claimed_by = NULL, failures = 0, due_at = $3 WHERE {mine}"
        there = await connection.execute(again, job.id, list(numbers), micros(next_due))
    if not there:
        return []
    return [
        await delivery.queue_reply(
            connection, each.conversation_id, None, each.payload, me, {*each.drawn_from, *sources}
        )
        for each in replies
    ]


def _job(row: Row) -> StoredJob:
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
        drawn_from=tuple(sources),
    )

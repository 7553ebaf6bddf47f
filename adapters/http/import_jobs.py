"""Imports that run beside the requests that began them, and whose progress whoever began them can follow."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Literal
from uuid import uuid4

from adapters.exports.parsed import ParseOptions
from adapters.exports.run import ImportOptions, ImportOutcome, ImportRun
from adapters.exports.sources import installed_formats
from bot import Person
from bot.adapter import BackgroundTasks, Caller
from bot.errors import ScrubjayError

logger = logging.getLogger(__name__)

JobState = Literal["running", "done", "failed"]
_MOST_KNOWN = 200
_SECONDS_BETWEEN = 0.2


@dataclass(slots=True)
class ImportJob:
    """One import; it is its own progress view. `outcome` grows while it runs."""

    person: Person
    name: str
    id: str = field(default_factory=lambda: uuid4().hex)
    state: JobState = "running"
    chat: str = ""
    stored: int = 0
    problem: str | None = None
    outcome: ImportOutcome = field(default_factory=ImportOutcome)
    _version: int = 0

    def begin_chat(self, title: str) -> None:
        """Note which chat comes next."""
        self.chat = title
        self._version += 1

    def add_stored(self, messages: int) -> None:
        """Note how many messages are stored."""
        self.stored += messages
        self._version += 1

    def begin_embedding(self, passages: int) -> None:
        """Embedding goes on in the background and is not waited for."""

    def add_embedded(self, passages: int) -> None:
        """As above."""

    def alive(self) -> None:
        """Note that a file is being read."""

    async def follow(self) -> AsyncIterator[ImportJob]:
        """Yield the job each time it has got on, a few times a second at most, and when it has ended."""
        seen = -1
        while True:
            if self._version != seen or self.state != "running":
                seen = self._version
                yield self
            if self.state != "running":
                return
            await asyncio.sleep(_SECONDS_BETWEEN)


class ImportJobs:
    """The imports of one process, the latest of them known after they have ended."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, ImportJob] = OrderedDict()
        self._tasks = BackgroundTasks[None]()

    def find(self, job_id: str, person: Person) -> ImportJob | None:
        """Return an import that this person has begun."""
        job = self._jobs.get(job_id)
        return job if job is not None and job.person == person else None

    async def close(self) -> None:
        """Stop what runs: what is stored stays."""
        await self._tasks.close()

    def start(self, caller: Caller, path: Path, *, me: str | None, zone: tzinfo | None, title: str | None) -> ImportJob:
        """Begin to import a file into the caller's own memory; its folder is removed afterwards."""
        job = ImportJob(caller.person, path.name)
        self._jobs[job.id] = job
        if len(self._jobs) > _MOST_KNOWN:
            self._jobs.popitem(last=False)
        options = ImportOptions(ParseOptions(timezone=zone, me=me), title=title, embed=False)
        self._tasks.start(_run(job, caller, path, options), name=f"import {job.id}")
        return job


async def _run(job: ImportJob, caller: Caller, path: Path, options: ImportOptions) -> None:
    try:
        store = caller.histories()
        past_files = store.past_files(by_owner=caller.is_owner, alive=job.alive)
        run = ImportRun(store, store.owner, installed_formats(), options, job, past_files=past_files)
        await run.import_paths([str(path)], job.outcome, called=path.name)
        refused = not job.outcome.reports and bool(job.outcome.refusals)
        job.problem = "\n".join(text.replace(str(path), path.name) for text in job.outcome.refusals) or None
        job.state = "failed" if refused else "done"
    except ScrubjayError as error:
        job.problem, job.state = str(error).replace(str(path), path.name), "failed"
    except Exception:
        logger.exception("The import %s failed", job.id)
        job.problem, job.state = f"The import failed (error {job.id[:8]}).", "failed"
    finally:
        if job.state == "running":  # the bot ends: what is stored stays, and the same file goes on from there
            job.problem, job.state = "The import was stopped; import the file again to go on.", "failed"
        await asyncio.to_thread(shutil.rmtree, path.parent, ignore_errors=True)

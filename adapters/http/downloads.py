"""Downloads of models that run beside the requests that began them."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Literal

from bot.adapter import Administration, BackgroundTasks
from bot.errors import ScrubjayError

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Download:
    """How far one is, in bytes; `total` is None as long as that is not known."""

    name: str
    done: int = 0
    total: int | None = None
    state: Literal["running", "done", "failed", "cancelled"] = "running"
    problem: str = ""


class Downloads:
    """The downloads of one process, by the names of the models."""

    def __init__(self) -> None:
        self.known: dict[str, Download] = {}
        self._tasks = BackgroundTasks[None]()
        self._running: dict[str, asyncio.Task[None]] = {}

    def start(self, administration: Administration, name: str) -> Download:
        """Begin to download a model; one that runs already goes on."""
        running = self.known.get(name)
        if running is not None and running.state == "running":
            return running
        download = self.known[name] = Download(name)
        self._running[name] = self._tasks.start(_pull(administration, download), name=f"download {name}")
        return download

    async def cancel(self, name: str) -> Download | None:
        """Stop a download; what has come of it is kept, and continued when it is begun again. None: there is none."""
        download = self.known.get(name)
        if download is not None and download.state == "running":
            download.state = "cancelled"
            self._running[name].cancel()
            await asyncio.wait({self._running[name]})
        return download

    async def close(self) -> None:
        """Stop what runs; it is continued when it is begun again."""
        await self._tasks.close()


async def _pull(administration: Administration, download: Download) -> None:
    def note(done: int, total: int | None) -> None:
        download.done, download.total = done, total

    try:
        await administration.pull_model(download.name, note)
        download.state = "done"
    except ScrubjayError as error:
        download.problem, download.state = str(error), "failed"
    except Exception:
        logger.exception("The download of %s failed", download.name)
        download.problem, download.state = "The download failed; the log says why.", "failed"

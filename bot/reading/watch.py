"""Watched folders: what is put there is read, what changes is read again, what is gone is forgotten."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from watchfiles import awatch

from bot.errors import FileUnreadable, ReaderFailed
from bot.pipeline.background import run_beside
from bot.reading.library import Library
from bot.reading.paths import files_under, is_table, is_wanted
from memory import Document

logger = logging.getLogger(__name__)

_AT_ONCE = 200
_MOST_WAITS = 60


class Watcher:
    """Keeps the documents of a library as the files in some folders are, while it runs.

    Files that were changed, moved or deleted meanwhile are found when it starts. A folder that is missing or empty as a
    whole is taken for a drive that is not there, so nothing of it is forgotten.
    """

    def __init__(self, library: Library, folders: Sequence[Path], *, settle_seconds: float = 1.0) -> None:
        self._library = library
        self._folders = folders
        self._settle = settle_seconds
        self._told: dict[Path, float] = {}
        self._twins: dict[str, set[Path]] = defaultdict(set)
        self.caught_up = asyncio.Event()

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """Watch while the block runs."""
        async with run_beside(self._watch_forever(), name="watched folders"):
            yield

    async def catch_up(self) -> None:
        """Bring everything up to date, as if nothing was known but what is stored."""
        found = {folder: await self._catch_up_with(folder) for folder in self._folders}
        for folder, files in found.items():  # when all is taken in, so that what was moved has kept its document
            known = await self._library.documents_under(folder)
            gone = [document for path, document in known.items() if path not in files]
            if gone and not files:
                logger.warning("The watched folder %s is gone or empty; what was read from it stays", folder)
                continue
            for document in gone:
                await self._drop(document)
        self.caught_up.set()

    async def follow(self, paths: Iterable[Path]) -> None:
        """Do what changes at these paths ask for: first what is there, so that what was moved keeps its document."""
        wanted = [path for path in set(paths) if self._is_wanted(path)]
        changed = sorted(set(await asyncio.to_thread(lambda: [self._as_document(path) for path in wanted])))
        there = [path for path in changed if await asyncio.to_thread(path.exists)]
        await self._wait_until_written(there)
        await self._take_all((file for path in there for file in files_under(path)), {})
        for path in changed:
            if path in there or await asyncio.to_thread(path.exists):
                continue
            document = await self._library.document_at(path)
            documents = [document] if document else list((await self._library.documents_under(path)).values())
            if await asyncio.to_thread(self._folder_of(path).is_dir):
                for each in documents:
                    await self._drop(each)

    async def _watch_forever(self) -> None:
        """Watch, and begin again when folders appear or vanish, or the system gives up."""
        while True:
            there = [folder for folder in self._folders if await asyncio.to_thread(folder.is_dir)]
            try:
                await (self._watch_existing(there) if there else asyncio.sleep(self._settle))
            except Exception:
                logger.exception("Watching %s has failed; it starts again in a minute", ", ".join(map(str, there)))
                await asyncio.sleep(60)

    async def _watch_existing(self, folders: Sequence[Path]) -> None:
        """Catch up, then follow the changes, for as long as these are the folders that exist."""
        up_to_date = False
        pause = max(int(self._settle * 1000), 50)
        async for changes in awatch(
            *folders, watch_filter=None, debounce=pause, step=50, rust_timeout=pause, yield_on_timeout=True
        ):
            if not up_to_date:  # it watches by now, so that no change falls between
                await self.catch_up()
                up_to_date = True
            await self.follow(Path(path) for _, path in changes)
            if folders != [each for each in self._folders if await asyncio.to_thread(each.is_dir)]:
                return

    async def _catch_up_with(self, folder: Path) -> set[Path]:
        """Take in what is new or has changed in a folder; return all that is there."""
        if not await asyncio.to_thread(folder.is_dir):
            return set()
        return await self._take_all(files_under(folder), await self._library.documents_under(folder))

    async def _take_all(self, files: Iterator[Path], known: dict[Path, Document]) -> set[Path]:
        """Take in the files that are new or changed, a few at a time; return all of them."""
        found: set[Path] = set()
        while some := await asyncio.to_thread(lambda: list(islice(files, _AT_ONCE))):
            found.update(some)
            due = iter(await asyncio.to_thread(lambda: [path for path in some if _is_due(path, known.get(path))]))
            async with asyncio.TaskGroup() as group:
                for _ in range(self._library.reading.options.workers):
                    group.create_task(self._take_each(due))
        return found

    async def _take_each(self, paths: Iterator[Path]) -> None:
        for path in paths:
            await self._take(path)

    async def _take(self, path: Path) -> None:
        """Take in one file; what can't be read is told in the log, once for each time it was written."""
        try:
            outcome = await self._library.take(path)
        except (FileUnreadable, ReaderFailed) as error:
            written = await asyncio.to_thread(_read_modified_at, path)
            if written is not None and self._told.get(path) != written:
                self._told[path] = written
                logger.warning("%s was not read: %s", path, error)
        else:
            document = outcome.change.document
            if document.source != str(path):
                self._twins[document.sha256].add(path)
            logger.info("%s: %s", path, outcome.sentence())

    async def _drop(self, document: Document) -> None:
        """Forget a document whose file is gone, unless another file holds the same."""
        for twin in sorted(self._twins.pop(document.sha256, set())):
            if await asyncio.to_thread(twin.is_file):
                await self._library.move(document, twin)
                return
        await self._library.forget(document)
        logger.info("%s is gone, and forgotten", document.source)

    async def _wait_until_written(self, paths: Iterable[Path]) -> None:
        """Wait until nothing writes to these files any more."""
        files = list(paths)
        for _ in range(_MOST_WAITS):
            before = await asyncio.to_thread(lambda: [_look_at(each) for each in files])
            await asyncio.sleep(self._settle)
            if before == await asyncio.to_thread(lambda: [_look_at(each) for each in files]):
                return

    def _is_wanted(self, path: Path) -> bool:
        folder = self._folder_of(path)
        return path != folder and all(is_wanted(name) for name in path.relative_to(folder).parts)

    def _as_document(self, path: Path) -> Path:
        """Return the table that a file belongs to, or the path itself."""
        folder = self._folder_of(path)
        inside = (each for each in path.parents if each != folder and each.is_relative_to(folder))
        return next((each for each in inside if is_table(each)), path)

    def _folder_of(self, path: Path) -> Path:
        return next((folder for folder in self._folders if path.is_relative_to(folder)), path)


def _is_due(path: Path, document: Document | None) -> bool:
    """Whether a file may hold something new: unknown, or touched since it was read, were it only by moving it."""
    if document is None:
        return True
    try:
        known = path.stat()
    except OSError:
        return True
    touched = max(known.st_mtime, known.st_ctime)
    return path.is_dir() or datetime.fromtimestamp(touched, UTC) >= document.added_at


def _read_modified_at(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def _look_at(path: Path) -> tuple[int, float] | None:
    try:
        known = path.stat()
    except OSError:
        return None
    return known.st_size, known.st_mtime

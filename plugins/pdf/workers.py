"""Reads the pages of a long file in several processes side by side: PDFium can't do that within one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pypdfium2 as pdf

from plugins.pdf.loading import load
from plugins.pdf.options import MOST_WORKERS
from plugins.pdf.pages import Page, read_page

_LEAST_PAGES = 250
"""Of a shorter file the pages are read sooner than processes start."""
_BATCH = 8
"""Pages that are handed over at a time."""


class WorkerDied(Exception):  # noqa: N818 (what happened)
    """Raised when a process ended before its work was done; `exit_code` is minus the signal that ended it."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class PageJob:
    """What one of several workers reads: every `step`th batch of a file's pages, from the `first` on."""

    path: Path
    password: str | None
    count: int
    most_letters: int
    first: int = 0
    step: int = 1

    def batches(self) -> Iterator[range]:
        """Yield the numbers of the pages."""
        for start in range(self.first * _BATCH, self.count, self.step * _BATCH):
            yield range(start, min(start + _BATCH, self.count))


def read_pages(document: pdf.PdfDocument, job: PageJob) -> Iterator[Page]:
    """Yield the pages in their order. Raises WorkerDied."""
    workers = min(MOST_WORKERS, os.cpu_count() or 1)
    if job.count < _LEAST_PAGES or workers < 2:
        yield from _read_alone(document, job)
        return
    with ExitStack() as stack:
        try:
            started = _start_all(job, workers, stack)
        except PermissionError:  # this process may not have others
            yield from _read_alone(document, job)
            return
        for number, _ in enumerate(job.batches()):
            process, pipe = started[number % workers]
            yield from _batch(process, pipe)


def _read_alone(document: pdf.PdfDocument, job: PageJob) -> Iterator[Page]:
    for index in range(job.count):
        yield read_page(document, index, job.most_letters)


def _start_all(job: PageJob, workers: int, stack: ExitStack) -> list[tuple[BaseProcess, Connection]]:
    started: list[tuple[BaseProcess, Connection]] = []
    for first in range(workers):
        each = PageJob(job.path, job.password, job.count, job.most_letters, first=first, step=workers)
        started.append(_start(each, stack, [pipe for _, pipe in started]))
    return started


def _batch(process: BaseProcess, pipe: Connection) -> list[Page]:
    try:
        pages: list[Page] = pipe.recv()
    except (EOFError, OSError) as error:
        process.join()
        raise WorkerDied(process.exitcode) from error
    return pages


def _start(job: PageJob, stack: ExitStack, pipes: list[Connection]) -> tuple[BaseProcess, Connection]:
    """Start a worker, which is gone when the stack is left; `pipes` are those of the others."""
    # Where a child may run no program, it is copied: PDFium has no threads, and the copy loads the file for itself.
    copied = sys.platform == "linux"
    context: ForkContext | SpawnContext = get_context("fork") if copied else get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, sending, [*pipes, receiving] if copied else []), daemon=True)
    process.start()
    sending.close()
    stack.callback(process.join)
    stack.callback(receiving.close)  # which comes first, and ends the worker
    return process, receiving


def _work(job: PageJob, pipe: Connection, others: list[Connection]) -> None:
    for each in others:  # a copy has them, too, and would keep them open
        each.close()
    with suppress(BrokenPipeError):  # nobody wants the rest
        document = load(job.path, job.password)
        for batch in job.batches():
            pipe.send([read_page(document, index, job.most_letters) for index in batch])

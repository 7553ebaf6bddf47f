"""Reads the pages of a long file in several processes side by side: PDFium can't do that within one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pypdfium2 as pdf

from plugins.pdf.loading import load
from plugins.pdf.pages import Page, read_page

_LEAST_PAGES = 250
"""Of a shorter file the pages are read sooner than processes start."""
_MOST_WORKERS = 4
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
    workers = min(_MOST_WORKERS, os.cpu_count() or 1)
    if job.count < _LEAST_PAGES or workers < 2:
        for index in range(job.count):
            yield read_page(document, index, job.most_letters)
        return
    with ExitStack() as stack:
        jobs = [
            PageJob(job.path, job.password, job.count, job.most_letters, first=first, step=workers)
            for first in range(workers)
        ]
        started = [_start(each, stack) for each in jobs]
        for number, _ in enumerate(job.batches()):
            process, pipe = started[number % workers]
            yield from _batch(process, pipe)


def _batch(process: BaseProcess, pipe: Connection) -> list[Page]:
    try:
        pages: list[Page] = pipe.recv()
    except (EOFError, OSError) as error:
        process.join()
        raise WorkerDied(process.exitcode) from error
    return pages


def _start(job: PageJob, stack: ExitStack) -> tuple[BaseProcess, Connection]:
    """Start a worker, which is gone when the stack is left."""
    context = get_context("spawn")  # a fork would take over threads that are gone, and PDFium's state
    receiving, sending = context.Pipe(duplex=False)
    stack.callback(receiving.close)
    process = context.Process(target=_work, args=(job, sending), daemon=True)
    process.start()
    sending.close()
    stack.callback(process.join)
    stack.callback(process.kill)
    return process, receiving


def _work(job: PageJob, pipe: Connection) -> None:
    with suppress(BrokenPipeError):  # nobody wants the rest
        document = load(job.path, job.password)
        for batch in job.batches():
            pipe.send([read_page(document, index, job.most_letters) for index in batch])

"""Readers that behave as badly as files can make them; they run in a child process."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.errors import FileUnreadable, PasswordNeeded
from bot.reading.pieces import About, Piece, Progress, ReadItem


@dataclass(frozen=True)
class Wish:
    words: tuple[str, ...]
    secret: str | None = None


def read_all_kinds(path: Path, options: Wish) -> Iterator[ReadItem]:
    yield About(title=path.name, created_at=datetime(2024, 5, 3, tzinfo=UTC), notes=("A note.",), words="Hello.")
    yield Progress(1, None, "pages")
    for word in options.words:
        yield Piece(word, "p. 1", ("Chapter",), "https://example.org", datetime(2024, 5, 3, tzinfo=UTC))


def read_content(path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece(path.read_text("utf-8"))


def read_bytes(_path: Path, _: None) -> Iterator[bytes]:
    for _each in range(9):
        yield bytes(range(256))


def read_half_a_pair(_path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece("before \ud83d after")


def read_long(_path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece("word " * 500_000, "p. 1")


def refuse(path: Path, _: None) -> Iterator[ReadItem]:
    yield Progress(1, 2, "pages")
    raise FileUnreadable(f"{path.name} has no pages.")


def need_password(path: Path, options: Wish) -> Iterator[ReadItem]:
    if options.secret != "tortoise":  # noqa: S105 (a test's)
        raise PasswordNeeded(f"{path.name} is encrypted.")
    yield Piece("open")


def raise_something(_path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece("one")
    raise KeyError("deep inside")


def leave(_path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece("one")
    sys.exit(0)


def vanish(_path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece("one")
    os._exit(0)


def crash(_path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece("one")
    ctypes.string_at(0)


def hang(_path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece("one")
    time.sleep(3600)


def compute_forever(_path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece("one")
    while True:
        pass


def eat_memory(_path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece("one")
    eaten = []
    while True:
        eaten.append(bytearray(16 << 20))


def talk_without_end(_path: Path, _: None) -> Iterator[ReadItem]:
    while True:
        yield Piece("x" * 100_000)


def print_things(_path: Path, _: None) -> Iterator[ReadItem]:
    sys.__stdout__.write("printed by Python\n")  # type: ignore[union-attr]  # it is there
    sys.__stdout__.flush()  # type: ignore[union-attr]  # as above
    os.write(1, b"printed by C\n")
    yield Piece(repr(sys.stdin.read()))


def talk_nonsense(_path: Path, _: None) -> Iterator[ReadItem]:
    pipe = max(fd for fd in range(3, 20) if _is_pipe(fd))
    os.write(pipe, b'{"Piece": {"text": 7}}\n')
    yield Piece("one")


def talk_one_line(_path: Path, _: None) -> Iterator[ReadItem]:
    pipe = max(fd for fd in range(3, 20) if _is_pipe(fd))
    for _each in range(200):
        os.write(pipe, b"x" * 65536)
    yield Piece("one")


def yield_nonsense(_path: Path, _: None) -> Iterator[Any]:
    yield "a text that is no piece"


def tell_descriptors(_path: Path, _: None) -> Iterator[ReadItem]:
    for fd in range(256):
        try:
            os.fstat(fd)
        except OSError:
            continue
        yield Piece(str(fd))


def tell_environment(_path: Path, _: None) -> Iterator[ReadItem]:
    yield Piece(" ".join(os.environ))


def wait_for_niceness(path: Path, _: None) -> Iterator[ReadItem]:
    """Wait until the process is at least as nice as the file says."""
    wanted = int(path.read_text("utf-8"))
    while os.getpriority(os.PRIO_PROCESS, 0) < wanted:
        time.sleep(0.01)
    yield Piece("it is")


def start_another(_path: Path, _: None) -> Iterator[ReadItem]:
    if os.fork() == 0:
        time.sleep(3600)
        os._exit(0)
    yield Piece("one")
    time.sleep(3600)


def _is_pipe(fd: int) -> bool:
    try:
        return os.fstat(fd).st_mode & 0o170000 == 0o010000
    except OSError:
        return False

"""Evaluated fixed prefixes on disk, so that the first answer after a start need not read them again.

A prefix holds the bot's own words alone (rules, the persona of the settings, examples), nothing that anybody said:
forgetting does not look here. One with the persona that a chat has set is never written.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

logger = logging.getLogger(__name__)

_MAGIC = b"scrubjay prefix 1\n"
_SUFFIX = ".state"
_OUTDATED = ".prefix"
"""What older versions wrote, also of personas that chats had set."""
_MOST_FILES = 8
_MOST_BYTES = 256 << 20


class PrefixFiles:
    """A folder of states, each named by what it depends on: the model, the engine, and the prefix's tokens.

    Whatever fails with a file is logged for those who debug, and costs nothing but the time to evaluate it again.
    """

    def __init__(self, folder: Path, *depends_on: str) -> None:
        self._folder = folder
        self._depends_on = "\n".join(depends_on).encode()
        self._remove_outdated()

    def load(self, tokens: Sequence[int]) -> bytes | None:
        """Return the state of a prefix; None when there is none, or when its file is damaged."""
        path = self._path(tokens)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.debug("%s can't be read: %s", path, error)
            return None
        start = len(_MAGIC) + hashlib.sha256().digest_size
        state = content[start:]
        if content[:start] != _MAGIC + hashlib.sha256(state).digest():
            logger.debug("%s is damaged; its prefix is evaluated again", path)
            return None
        os.utime(path)
        return state

    def save(self, tokens: Sequence[int], state: bytes) -> None:
        """Keep the state of a prefix, readable by this user alone; the files used longest ago make room for it."""
        if not state or len(state) > _MOST_BYTES // 2:
            return
        path = self._path(tokens)
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(_MAGIC + hashlib.sha256(state).digest())
                file.write(state)
            part.replace(path)
            self._drop_oldest()
        except OSError as error:
            logger.debug("%s can't be written: %s", path, error)
            part.unlink(missing_ok=True)

    def _path(self, tokens: Sequence[int]) -> Path:
        digest = hashlib.sha256(self._depends_on)
        digest.update(",".join(map(str, tokens)).encode())
        return self._folder / f"{digest.hexdigest()[:32]}{_SUFFIX}"

    def _remove_outdated(self) -> None:
        try:
            for file in self._folder.glob(f"*{_OUTDATED}"):
                file.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("%s can't be removed; it may hold what a chat has set: %s", self._folder, error)

    def _drop_oldest(self) -> None:
        files = [(file.stat(), file) for file in self._folder.glob(f"*{_SUFFIX}")]
        total = 0
        for number, (about, file) in enumerate(sorted(files, key=lambda each: each[0].st_mtime, reverse=True), 1):
            total += about.st_size
            if number > _MOST_FILES or total > _MOST_BYTES:
                file.unlink(missing_ok=True)

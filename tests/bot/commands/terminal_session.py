"""A command that is run in a terminal, and answered there."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from types import TracebackType
from typing import Self

from tests.bot.commands.conftest import Cli
from tests.emulators.patience import PATIENCE


class TerminalSession:
    """The program with a terminal of its own; what it shows is kept in `shown`."""

    def __init__(self, cli: Cli, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        self._running = subprocess.Popen(  # noqa: S603 (the program under test)
            cli.command(*arguments),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**cli.env, "TERM": "xterm", "COLUMNS": "200"},
            cwd=cli.home,
            start_new_session=True,  # a password is asked for on the controlling terminal, where there is one
        )
        os.close(theirs)
        self._seen = 0
        self.shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._running.poll() is None:
            self._running.kill()
            self._running.wait()
        os.close(self._ours)

    def answer(self, question: str, answer: str) -> None:
        """Wait until something new is shown that holds `question`, and type the answer and Enter."""
        end = time.monotonic() + PATIENCE
        while question not in self.shown[self._seen :] or not self.shown.endswith(": "):
            assert self._read(end), self.shown
        self._seen = len(self.shown)
        os.write(self._ours, f"{answer}\n".encode())

    def wait_for(self, text: str) -> None:
        """Wait until a text is shown that was not before."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown[self._seen :]:
            assert self._read(end), self.shown
        self._seen = len(self.shown)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.kill(self._running.pid, signal.SIGINT)

    def ends(self) -> int:
        """Read what else is shown; return the exit code."""
        end = time.monotonic() + PATIENCE
        while self._read(end):
            pass
        return self._running.wait(PATIENCE)

    def _read(self, end: float) -> bool:
        """Read something more; False once there is nothing more to come, or it is too late."""
        ready, _, _ = select.select([self._ours], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return False
        try:
            piece = os.read(self._ours, 4096)
        except OSError:  # (what Linux says when the other end is closed)
            return False
        self.shown += piece.decode(errors="replace")
        return bool(piece)

"""Where the console's questions come from: a person at a terminal, or lines that are piped in."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.history import DummyHistory, FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output
from prompt_toolkit.patch_stdout import patch_stdout

COMPLETIONS_SHOWN = 8
HOW_TO_LEAVE = "Press Ctrl-C once more to leave, or Ctrl-D."


class Lines(Protocol):
    """A source of what the person says, one line at a time; `interactive` when a person is typing."""

    @property
    def interactive(self) -> bool:
        """Whether Ctrl-C is for us to understand."""

    async def next(self, *, secret: bool = False) -> str | None:
        """Return the next line; None when there will be no more. One that is `secret` is neither shown nor kept."""


class PipedLines:
    """Reads questions from a pipe or a file, one a line; what is no UTF-8 is replaced."""

    interactive = False

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    async def next(self, *, secret: bool = False) -> str | None:  # noqa: ARG002 (what is piped in is never shown)
        """Return the next line. It is read in a thread that dies with the process, since a pipe may stay silent."""
        loop = asyncio.get_running_loop()
        line: asyncio.Future[bytes] = loop.create_future()

        def read() -> None:
            data = self._stream.readline()
            if not loop.is_closed():
                loop.call_soon_threadsafe(lambda: None if line.done() else line.set_result(data))

        threading.Thread(target=read, name="console-input", daemon=True).start()
        data = await line
        return data.decode("utf-8", "replace").rstrip("\r\n") if data else None


class CommandCompleter(Completer):
    """Completes a command's name at the start of the line, with what it does beside it."""

    def __init__(self, commands: Iterable[tuple[str, str]]) -> None:
        self._commands = sorted(commands)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002 (the base class fixes the signature)
        """Yield the commands that begin with what is typed."""
        typed = document.text_before_cursor
        if not typed.startswith("/") or " " in typed:
            return
        for name, help_text in self._commands:
            if f"/{name}".startswith(typed):
                yield Completion(f"/{name}", start_position=-len(typed), display_meta=help_text)


class TerminalLines:
    """Reads from a person: history over sessions, suggestions from it, completion of commands.

    Ctrl-D on an empty line leaves. Ctrl-C drops what is typed; on an empty line it says how to leave, and the second
    time leaves.
    """

    interactive = True

    def __init__(
        self,
        commands: Iterable[tuple[str, str]],
        history_file: Path | None,
        *,
        terminal_input: Input | None = None,
        terminal_output: Output | None = None,
    ) -> None:
        self._session: PromptSession[str] = PromptSession(
            history=_history(history_file),
            completer=CommandCompleter(commands),
            complete_while_typing=True,
            auto_suggest=AutoSuggestFromHistory(),
            reserve_space_for_menu=COMPLETIONS_SHOWN,
            input=terminal_input,
            output=terminal_output,
        )
        self._secrets: PromptSession[str] = PromptSession(
            history=DummyHistory(), input=terminal_input, output=terminal_output
        )

    async def next(self, *, secret: bool = False) -> str | None:
        """Return what was typed; None when the person leaves. A secret is shown as stars, and in no history."""
        session = self._secrets if secret else self._session
        pressed = False
        while True:
            try:
                with patch_stdout(raw=True):  # a reply that comes unasked is written above the prompt
                    return await session.prompt_async(HTML("<ansicyan><b>&gt;</b></ansicyan> "), is_password=secret)
            except EOFError:
                return None
            except KeyboardInterrupt:
                if not session.default_buffer.text:
                    if pressed:
                        return None
                    pressed = True
                    session.output.write(f"{HOW_TO_LEAVE}\n")
                    session.output.flush()


def _history(file: Path | None) -> History:
    if file is None:
        return InMemoryHistory()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600, exist_ok=True)  # what is typed here is as private as the memory
    return FileHistory(str(file))

"""How replies look in the console: Markdown that grows on a terminal, plain text anywhere else."""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import Protocol, TextIO

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.markdown import Markdown
from rich.padding import Padding
from rich.segment import Segment
from rich.spinner import Spinner
from rich.text import Text

from bot.adapter import escape_quotes, printable, source_lines
from bot.events import Reply

INDENT = 2
FRAMES_PER_SECOND = 12
ROOM_BELOW = 1
_FENCE = re.compile(r"(^```.*?^```|^```.*\Z)", re.DOTALL | re.MULTILINE)


class Screen(Protocol):
    """Shows one reply after the other."""

    def wait(self) -> None:
        """Show that a reply is on its way."""

    def grow(self, text: str) -> None:
        """Show the reply as far as it is written."""

    def finish(self, reply: Reply) -> None:
        """Show the whole reply with its sources."""

    def drop(self) -> None:
        """Take away what shows that a reply is on its way: none is coming."""

    def note(self, text: str) -> None:
        """Say something that is not a reply."""


class PlainScreen:
    """Text without colours or movement, for pipes and files."""

    def __init__(self, out: TextIO, zone: tzinfo) -> None:
        self._out = out
        self._zone = zone

    def wait(self) -> None:
        """Show nothing: whoever reads a pipe reads whole replies."""

    def grow(self, text: str) -> None:
        """Show nothing yet, for the same reason."""

    def finish(self, reply: Reply) -> None:
        """Write the reply and its sources."""
        lines = [printable(reply.text), *_source_list(reply, self._zone)]
        self._out.write("\n".join(lines) + "\n\n")
        self._out.flush()

    def drop(self) -> None:
        """Show nothing."""

    def note(self, text: str) -> None:
        """Write it as a line."""
        self._out.write(text + "\n")
        self._out.flush()


class TerminalScreen:
    """Markdown on a terminal. While a reply grows its latest lines are shown, at the end the whole."""

    def __init__(self, console: Console, zone: tzinfo) -> None:
        self._console = console
        self._zone = zone
        self._live: Live | None = None

    def wait(self) -> None:
        """Show that something is on its way."""
        self._show(Padding(Spinner("dots", style="dim"), (0, 0, 0, INDENT)))

    def grow(self, text: str) -> None:
        """Show the reply so far."""
        self._show(Tail(Padding(_markdown(text), (0, 0, 0, INDENT))))

    def finish(self, reply: Reply) -> None:
        """Replace what grew by the whole reply with its sources."""
        self.drop()
        self._console.print(Padding(_markdown(reply.text), (0, 0, 0, INDENT)))
        for line in _source_list(reply, self._zone):
            self._console.print(Text(line, style="dim"))
        self._console.print()

    def drop(self) -> None:
        """Take the growing reply off the screen."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def note(self, text: str) -> None:
        """Write it dimmed."""
        self._console.print(Padding(Text(text, style="dim"), (0, 0, 1, INDENT)))

    def _show(self, what: Padding | Tail) -> None:
        if self._live is None:
            self._live = Live(console=self._console, refresh_per_second=FRAMES_PER_SECOND, transient=True)
            self._live.start()
        self._live.update(what)


class Tail:
    """The last lines of something, as many as the terminal is high."""

    def __init__(self, whole: Padding) -> None:
        self._whole = whole

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self._whole, options)
        for line in lines[-(console.height - ROOM_BELOW) :]:
            yield from line
            yield Segment.line()


def _markdown(text: str) -> Markdown:
    """Return Markdown whose line breaks are kept, as chat apps do it."""
    parts = _FENCE.split(escape_quotes(printable(text)))
    return Markdown("".join(part if index % 2 else part.replace("\n", "  \n") for index, part in enumerate(parts)))


def _source_list(reply: Reply, zone: tzinfo) -> list[str]:
    if not reply.sources:
        return []
    return [" " * INDENT + line for line in printable(source_lines(reply.sources, zone)).splitlines()]

"""What is known of a plugin without running it: its source, whether it is to run, and how lists show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.hosting.files import PluginFile
from bot.hosting.summary import summary_of


@dataclass(frozen=True, slots=True)
class FoundPlugin:
    """A plugin that could be run. `where` says where it is from; `problem` why it can't be run all the same."""

    name: str
    where: str
    entry: str = ""
    file: PluginFile | None = None
    problem: str | None = None

    def summary(self) -> str:
        """Return what it says of itself; nothing of it is run. Raises PluginError for a file that is not Python."""
        return summary_of(self.entry) if self.file is None else self.file.summary


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """Whether a plugin is to run, in a word, and why it isn't."""

    word: Literal["on", "off", "failed", "changed", "new", "unusable"]
    why: str = ""

    @property
    def on(self) -> bool:
        """Whether it is to run."""
        return self.word == "on"


@dataclass(frozen=True, slots=True)
class PluginReport:
    """A plugin as lists show it: is it to run, does it, and what is in the way."""

    name: str
    where: str
    summary: str
    status: PluginStatus
    runs: bool
    problem: str = ""

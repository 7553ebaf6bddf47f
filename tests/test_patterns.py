"""No pattern that sees a message takes quadratic time: steps are counted, on repetitive texts, at twice the length."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import pytest

from adapters.exports import html_text
from adapters.exports.apps import signal
from bot.plugin import PATTERN_SEES, MessageHandler
from memory.patterns import PatternOnUse
from tests.regex_steps import TooManySteps, count_steps, largest_bound

SEE_MESSAGES = (
    "bot.access", "bot.answering", "bot.choices", "bot.events", "bot.jobs", "bot.pipeline", "bot.plugin", "memory",
    "plugins", "adapters.console", "adapters.discord", "adapters.markdown_blocks", "adapters.slack",
    "adapters.telegram",
)  # fmt: skip
SEE_NONE = (
    "plugins.audio", "plugins.pdf", "plugins.tables", "plugins.text", "plugins.web.article", "plugins.web.fetching",
)  # fmt: skip
"""Readers, which work in a process with limits, and what reads the answers of web servers."""
AT_THE_START = "matched at the start alone, so that each character is looked at once"
BOUNDED = {
    "adapters.telegram.settings._TOKEN": "a setting, which no message is",
    "bot.answering.checks.wordings._KIDDING": AT_THE_START,
    "plugins.facts.claims._NONE": AT_THE_START,
    "plugins.facts.sentences._END": "sees the first characters of a message, as many as facts are read from",
    "plugins.facts.sentences._TAKES_BACK": AT_THE_START,
    "plugins.memory._KEYED": AT_THE_START,
    "plugins.reminders.lexer._FIGURES": AT_THE_START,
    "plugins.web.plugin._BARE": AT_THE_START,
    "bot.answering.kinds.classify._tasks": "matched at the start alone, in the first few hundred characters",
}
PIECES = (
    "a", "a ", "A", "Aa ", "http://a.", "a.", "1", "1 ", "1.", "1,", "-", " ", "\n", " \n", "(", "[", "[1]", "[1](",
    "*", "`", "<", "<@", "é", "東", "'", '"', "@a ", "/", "|", "_", "?", "in ", "merk", "remember this ",
)  # fmt: skip
SHARES = 4
"""Parts in which all patterns are tried, so that each process of a test run has some."""
MOST = 5_000_000
DEEPEST = 6
LINEAR, SURELY = 2.25, 2.6
"""Twice the text takes twice the steps, and a little; four times as many where a pattern is quadratic."""


@cache
def every_pattern() -> dict[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for top in ("bot", "memory", "plugins", "adapters"):
        for module in pkgutil.walk_packages(importlib.import_module(top).__path__, f"{top}."):
            if module.name.startswith(SEE_MESSAGES) and not module.name.startswith(SEE_NONE):
                for name, value in vars(importlib.import_module(module.name)).items():
                    for number, pattern in enumerate(patterns_in(value, module.name)):
                        if pattern not in found.values():
                            found[f"{module.name}.{name}" + (f" {number}" if number else "")] = pattern
    return found


def patterns_in(value: Any, module: str, depth: int = 0) -> Iterator[re.Pattern[str]]:
    """Yield the patterns in a constant, in what a cached function makes of nothing, and in a class's handlers."""
    if isinstance(value, PatternOnUse):
        yield value.compiled()
    elif isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < DEEPEST:
        for part in parts_of(value, module):
            yield from patterns_in(part, module, depth + 1)


def parts_of(value: Any, module: str) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if isinstance(value, dict):
        return (*value, *value.values())
    if isinstance(value, type):
        own = vars(value).values() if value.__module__ == module else ()
        return [mark for each in own if inspect.isfunction(each) for mark in vars(each).values()]
    if is_dataclass(value):
        return [getattr(value, field.name, None) for field in fields(value)]
    if callable(value) and hasattr(value, "cache_info") and not inspect.signature(value).parameters:
        return (value(),)
    return ()


def is_slow(pattern: re.Pattern[str], piece: str) -> bool:
    """Say whether the steps grow faster than the text, in texts in which no bounded repeat reaches far any more."""

    def grows(size: int, much: float) -> bool:
        one, two = (count_steps(pattern, (piece * length)[:length], MOST) for length in (size, 2 * size))
        return two > much * one

    try:
        return grows(24, LINEAR) and grows(min(max(300, 5 * largest_bound(pattern)), 1500), SURELY)
    except TooManySteps:
        return True


def test_the_patterns_of_plugins_are_found_too() -> None:
    names = every_pattern()
    assert len(names) > 150
    assert any(name.startswith("plugins.web.plugin.WebPlugin") for name in names)
    assert PATTERN_SEES <= 4096
    assert "pattern" in {field.name for field in fields(MessageHandler)}


@pytest.mark.parametrize("pattern", [html_text._BLANKS, signal._FILE])
def test_the_patterns_of_imports_that_look_for_something_anywhere_in_a_text_are_not_quadratic(
    pattern: re.Pattern[str],
) -> None:
    assert [piece for piece in PIECES if is_slow(pattern, piece)] == []


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_no_pattern_that_sees_a_message_is_quadratic(share: int) -> None:
    every = [(name, each) for name, each in every_pattern().items() if name.split(" ")[0] not in BOUNDED]
    mine = every[share::SHARES]
    assert mine
    assert {name: piece for name, pattern in mine for piece in PIECES if is_slow(pattern, piece)} == {}

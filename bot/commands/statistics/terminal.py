"""A conversation's counts as charts on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table

from bot.commands.statistics.counts import Counts
from bot.translation import format_long_day, format_number, gettext, ngettext, weekday_names

PEOPLE, WORDS, EMOJI = 12, 15, 10
_WIDTH = 40
_EIGHTHS = " ▏▎▍▌▋▊▉"

Row = tuple[str, int, str]
"""What a bar is about, how long it is, and what stands after it."""


def show(console: Console, counts: Counts) -> None:
    """Print the charts."""
    console.print(f"[bold]{escape(counts.title)}[/]: {summary(counts)}", highlight=False)
    ranked = counts.rank()
    charts: list[tuple[str, list[Row]]] = [
        (gettext("Over time"), [(name, count, "") for name, count in counts.over_time()]),
        (
            gettext("By person"),
            [(name, each.messages, format_share(each.messages, counts.messages)) for name, each in ranked[:PEOPLE]],
        ),
        (gettext("By hour"), [(f"{hour:02d}", count, "") for hour, count in enumerate(counts.hours)]),
        (
            gettext("By weekday"),
            [(name, count, "") for name, count in zip(weekday_names(), counts.weekdays, strict=True)],
        ),
        (gettext("Words"), [(word, count, "") for word, count in counts.words.most_common(WORDS)]),
        (gettext("Emoji"), [(emoji, count, "") for emoji, count in counts.emoji.most_common(EMOJI)]),
    ]
    for title, rows in charts:
        if any(count for _, count, _ in rows):
            console.print(Rule(title, style="dim", align="left"))
            console.print(_bars(rows, _WIDTH))
    waits = answer_times(counts)
    if waits:
        console.print(Rule(gettext("Usual time to answer"), style="dim", align="left"))
        console.print(_columns((name, wait) for name, wait in waits[:PEOPLE]))


def summary(counts: Counts) -> str:
    """Return the counts in one line."""
    if counts.first is None or counts.last is None:
        return gettext("no messages")
    said = ngettext("{number} message", "{number} messages", counts.messages + counts.system)
    if counts.system:
        notices = ngettext("{number} of them a notice or deleted", "{number} of them notices or deleted", counts.system)
        said = f"{said} ({notices})"
    people = ngettext("{number} person", "{number} people", len(counts.people))
    days = gettext("{first} to {last}", first=format_long_day(counts.first), last=format_long_day(counts.last))
    active = ngettext("on {number} day", "on {number} days", len(counts.days))
    return f"{said}, {people}, {days}, {active}"


def format_share(part: int, whole: int) -> str:
    """Return a share in percent."""
    return f"{100 * part / whole:.0f} %" if whole else ""


def answer_times(counts: Counts) -> list[tuple[str, str]]:
    """Return how long each person usually takes to answer, the quickest first."""
    found = [(wait, name) for name, each in counts.people.items() if (wait := each.usual_wait) is not None]
    return [(name, span(wait)) for wait, name in sorted(found)]


def span(seconds: float) -> str:
    """Return a time span as people say it."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{format_number(seconds / size, 1 if seconds % size else 0)} {unit}"
    return f"{seconds:.0f} s"


def bar(count: int, largest: int, width: int) -> str:
    """Return a bar in eighths of a character; what is not nothing is seen."""
    eighths = max(round(8 * width * count / largest), 1) if count and largest else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _bars(rows: Sequence[Row], width: int) -> Table:
    largest = max(count for _, count, _ in rows)
    table = _grid("left", "right", "left", "left")
    for name, count, more in rows:
        table.add_row(escape(name), format_number(count), f"[cyan]{bar(count, largest, width)}[/]", more)
    return table


def _columns(rows: Iterable[Sequence[str]]) -> Table:
    table = _grid("left", "left")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _grid(*alignments: str) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for alignment in alignments:
        table.add_column(justify="right" if alignment == "right" else "left", no_wrap=True, overflow="ellipsis")
    return table

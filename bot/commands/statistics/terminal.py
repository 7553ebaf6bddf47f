"""A conversation's counts as charts on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table

from bot.commands.statistics.counts import Counts

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
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
        ("Over time", [(name, count, "") for name, count in counts.over_time()]),
        (
            "By person",
            [(name, each.messages, said_of(each.messages, counts.messages)) for name, each in ranked[:PEOPLE]],
        ),
        ("By hour", [(f"{hour:02d}", count, "") for hour, count in enumerate(counts.hours)]),
        ("By weekday", [(name, count, "") for name, count in zip(WEEKDAYS, counts.weekdays, strict=True)]),
        ("Words", [(word, count, "") for word, count in counts.words.most_common(WORDS)]),
        ("Emoji", [(emoji, count, "") for emoji, count in counts.emoji.most_common(EMOJI)]),
    ]
    for title, rows in charts:
        if any(count for _, count, _ in rows):
            console.print(Rule(title, style="dim", align="left"))
            console.print(_bars(rows, _WIDTH))
    waits = answer_times(counts)
    if waits:
        console.print(Rule("Usual time to answer", style="dim", align="left"))
        console.print(_columns((name, wait) for name, wait in waits[:PEOPLE]))


def summary(counts: Counts) -> str:
    """Return the counts in one line."""
    if counts.first is None or counts.last is None:
        return "no messages"
    people = f"{len(counts.people):,} {'person' if len(counts.people) == 1 else 'people'}"
    span = f"{counts.first.day} {counts.first:%B %Y} to {counts.last.day} {counts.last:%B %Y}"
    total = counts.messages + counts.system
    notices = f" ({counts.system:,} of them notices or deleted)" if counts.system else ""
    return (
        f"{total:,} {'message' if total == 1 else 'messages'}{notices}, {people}, {span}, on {len(counts.days):,} days"
    )


def said_of(part: int, whole: int) -> str:
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
            return f"{seconds / size:.1f} {unit}".replace(".0 ", " ")
    return f"{seconds:.0f} s"


def bar(count: int, largest: int, width: int) -> str:
    """Return a bar in eighths of a character; what is not nothing is seen."""
    eighths = max(round(8 * width * count / largest), 1) if count and largest else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _bars(rows: Sequence[Row], width: int) -> Table:
    largest = max(count for _, count, _ in rows)
    table = _grid("left", "right", "left", "left")
    for name, count, more in rows:
        table.add_row(escape(name), f"{count:,}", f"[cyan]{bar(count, largest, width)}[/]", more)
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

"""A snapshot of a running bot, for a terminal and for programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.commands.listing import cell
from bot.commands.live_view.snapshot import Snapshot, tokens_per_second
from bot.commands.usage import describe_bytes
from bot.translation import format_number, gettext

_NOTHING = "–"


def record(now: Snapshot, before: Snapshot | None = None) -> dict[str, object]:
    """Return a snapshot as programs get it; what is not known is None."""
    return {
        "time": datetime.fromtimestamp(now.taken_at, UTC).isoformat(),
        "uptime_seconds": now.uptime_seconds,
        "memory_bytes": now.memory_bytes,
        "conversations": _count(now.number("scrubjay_lanes")),
        "queued_messages": _count(now.number("scrubjay_queued_messages")),
        "embedding_backlog": _count(now.number("scrubjay_embedding_backlog")),
        "tokens_per_second": tokens_per_second(now, before),
        "generated_tokens": _count(now.number("scrubjay_generated_tokens_sum")),
        "first_token_seconds": now.mean("scrubjay_first_token_seconds"),
        "recall_seconds": now.mean("scrubjay_recall_seconds"),
        "answers": {name: _count(value) for name, value in now.by("scrubjay_answers_total", "outcome").items()},
        "adapters": {name: value > 0 for name, value in now.by("scrubjay_adapter_up", "platform").items()},
        "plugin_failures": {
            name: _count(value) for name, value in now.by("scrubjay_plugin_failures_total", "plugin").items()
        },
    }


def layout(now: Snapshot, before: Snapshot | None, address: str, problem: str = "") -> RenderableType:
    """Return the view; `problem` says why what is shown is not from this moment."""
    head = Text(f"Scrubjay · {address} · {datetime.fromtimestamp(now.taken_at).astimezone():%H:%M:%S}", style="bold")
    parts: list[RenderableType] = [head, Text(), _numbers(now, before), Text(), _adapters(now)]
    failures = now.by("scrubjay_plugin_failures_total", "plugin")
    if any(failures.values()):
        named = ", ".join(f"{name} {value:.0f}" for name, value in sorted(failures.items()) if value)
        parts += [Text(), Text(gettext("Plugins that failed: {plugins}", plugins=named), style="yellow")]
    if problem:
        parts += [Text(), Text(problem, style="red")]
    return Group(*parts)


def _numbers(now: Snapshot, before: Snapshot | None) -> Table:
    speed = tokens_per_second(now, before)
    answers = now.by("scrubjay_answers_total", "outcome")
    memory = now.memory_bytes
    uptime = now.uptime_seconds
    rows = [
        (gettext("running for"), _NOTHING if uptime is None else str(timedelta(seconds=int(uptime)))),
        (gettext("memory of the process"), _NOTHING if memory is None else describe_bytes(memory)),
        (gettext("conversations at work"), _whole(now.number("scrubjay_lanes"))),
        (gettext("messages that wait"), _whole(now.number("scrubjay_queued_messages"))),
        (gettext("passages without a vector yet"), _whole(now.number("scrubjay_embedding_backlog"))),
        (gettext("answers"), _whole(sum(answers.values()))),
        (gettext("tokens per second"), _NOTHING if speed is None else format_number(speed, 1)),
        (gettext("first token, mean"), _seconds(now.mean("scrubjay_first_token_seconds"))),
        (gettext("recall, mean"), _seconds(now.mean("scrubjay_recall_seconds"))),
    ]
    table = Table.grid(padding=(0, 3))
    table.add_column(style="dim")
    table.add_column(justify="right")
    for name, value in rows:
        table.add_row(name, value)
    return table


def _adapters(now: Snapshot) -> Table:
    """Return a row for each platform: whether it is connected, what came in and what went out."""
    came, went = _by_platform(now, "scrubjay_events_total"), _by_platform(now, "scrubjay_replies_total")
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column(gettext("platform"))
    table.add_column(gettext("state"))
    table.add_column(gettext("events"), justify="right")
    table.add_column(gettext("replies"), justify="right")
    for name, value in sorted(now.by("scrubjay_adapter_up", "platform").items()):
        state = Text(gettext("connected"), "green") if value else Text(gettext("not connected"), "red")
        table.add_row(cell(name), state, _whole(came.get(name, 0.0)), _whole(went.get(name, 0.0)))
    return table


def _by_platform(now: Snapshot, name: str) -> dict[str, float]:
    total: dict[str, float] = {}
    for (each, labels), value in now.samples.items():
        platform = dict(labels).get("platform")
        if each == name and platform is not None:
            total[platform] = total.get(platform, 0.0) + value
    return total


def _count(value: float | None) -> int | None:
    return None if value is None else int(value)


def _whole(value: float | None) -> str:
    return _NOTHING if value is None else format_number(int(value))


def _seconds(value: float | None) -> str:
    return _NOTHING if value is None else gettext("{seconds} s", seconds=format_number(value, 2))

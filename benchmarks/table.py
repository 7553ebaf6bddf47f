"""Rows as one Markdown table, with what they were measured on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from benchmarks.machine import machine, versions
from benchmarks.measuring import Row

_HEAD = "| what | ours | peer or limit | ratio | target | met |\n|---|---|---|---|---|---|"
_MET = {True: "yes", False: "**no**", None: ""}


def markdown(rows: Sequence[Row], measured_at: datetime, *, quick: bool) -> str:
    """Return the whole page."""
    lines = [
        f"# Benchmarks, {measured_at:%d %B %Y}",
        "",
        f"{machine()}. {versions()}.",
        "",
        "Ours and the peer run by turns in one process; medians, in brackets the least and the most.",
        *(["", "**Quick sizes: they show that it works and prove nothing.**"] if quick else []),
        "",
        _HEAD,
        *(f"| {row.what} | {row.ours} | {row.peer} | {row.ratio} | {row.target} | {_MET[row.met]} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"

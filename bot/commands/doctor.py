"""The command `doctor`: checks every part, and says how to mend what is broken."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path

import typer
from rich.console import Console

from bot.commands.diagnosis import examine
from bot.commands.options import JsonOption
from bot.commands.terminal import print_json
from bot.configuration.config import default_config_file
from bot.configuration.findings import Finding, State
from bot.translation import gettext

COLOURS: dict[State, str] = {"ok": "green", "note": "yellow", "broken": "red"}


def doctor(context: typer.Context, as_json: JsonOption = False) -> None:  # noqa: FBT002 (typer makes the options)
    """Check that everything works, and say how to fix what doesn't. Exits with 1 if something is broken.

    Example: scrubjay doctor
    """
    config: Path | None = context.parent.params.get("config") if context.parent else None
    findings = asyncio.run(examine(context.obj, config or default_config_file()))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        show_findings(findings)
    if any(finding.state == "broken" for finding in findings):
        raise typer.Exit(1)


def show_findings(findings: list[Finding]) -> None:
    """Print findings for people, each with what mends it."""
    console = Console(highlight=False, soft_wrap=True)
    wide = max(len(gettext(state)) for state in COLOURS)
    width = max(len(gettext(finding.name)) for finding in findings)
    for finding in findings:
        state = f"[{COLOURS[finding.state]}]{gettext(finding.state):<{wide}}[/]"
        console.print(f"{state} {gettext(finding.name):<{width}}  ", end="")
        console.print(finding.found, markup=False)
        if finding.mend:
            console.print(f"{'':{wide + width + 3}}→ {finding.mend}", markup=False)

"""What a terminal or a program is shown: text from outside made safe, and JSON."""

from __future__ import annotations

import json
import re

import typer

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return the text without what would steer a terminal.

    A remembered message could otherwise recolour the screen, set the clipboard or reverse what is read. Line
    breaks and tabs stay; C0 and C1 controls (ECMA-48) and Unicode's directional overrides go.
    """
    return _CONTROLS.sub("", text)


def print_json(value: object) -> None:
    """Print one JSON value on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False))

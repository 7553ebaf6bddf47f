"""From the Markdown that models write to the one that Discord shows."""

from __future__ import annotations

import re

from bot.adapter import escape_quotes

_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_DEEP_HEADING = re.compile(r"^ {0,3}#{4,6}\s+(.*?)\s*#*$")
_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_TABLE_ROW = re.compile(r"^ {0,3}\|.*\|[ \t]*$")
_TABLE_RULE = re.compile(r"^ {0,3}\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*$")
_IMAGE = re.compile(r"!(\[[^\]]*\]\([^)\s]+\))")


def to_discord(text: str) -> str:
    """Return the text as Discord shows it best.

    Most of it is the same. Discord knows no tables (they become code, which keeps their columns), no headings
    below the third level (they become bold), no rules and no images (they become a blank line and a link).
    """
    lines: list[str] = []
    table: list[str] = []
    fence = ""
    for line in escape_quotes(text).split("\n"):
        mark = _FENCE.match(line)
        if not fence and _TABLE_ROW.match(line):
            table.append(line.strip())
            continue
        lines += _draw_table(table)
        table = []
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        lines.append(line if fence or mark else _convert_line(line))
    return "\n".join(lines + _draw_table(table))


def escape(text: str) -> str:
    """Return a text on one line that Discord shows as it is."""
    return re.sub(r"([\\*_~`|<>\[\]()#])", r"\\\1", " ".join(text.split()))


def _convert_line(line: str) -> str:
    if _RULE.match(line):
        return ""
    if heading := _DEEP_HEADING.match(line):
        return f"**{heading[1]}**"
    return _IMAGE.sub(r"\1", line)


def _draw_table(rows: list[str]) -> list[str]:
    """Draw a table with columns of even width; what only looks like one stays as it is."""
    if len(rows) < 2 or not _TABLE_RULE.match(rows[1]):
        return rows
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[:1] + rows[2:]]
    widths = [max(len(row[column]) for row in cells if column < len(row)) for column in range(max(map(len, cells)))]
    drawn = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in cells]
    rule = "  ".join("-" * width for width in widths)
    return ["```", drawn[0], rule, *drawn[1:], "```"]

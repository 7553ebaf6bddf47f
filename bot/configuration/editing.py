"""Changes single values in a settings file, and leaves its comments and all the rest as they are."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence

from bot.errors import ConfigError

Value = str | int | float | bool


def set_value(text: str, section: str, key: str, value: Value) -> str:
    """Return the file with `key` set in the table `section`, which is begun where there is none.

    A line that has the key, commented out or not, is replaced. Raises ConfigError when the file is laid out in a way in
    which that can't be done.
    """
    lines = text.splitlines()
    start, end = _find_section(lines, section)
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    if start is None:
        lines += ["", f"[{section}]", line]
    else:
        lines[start] = f"[{section}]"
        has_key = re.compile(rf"#?\s*{re.escape(key)}\s*=")
        at = next((number for number in range(start + 1, end) if has_key.match(lines[number])), None)
        if at is None:
            lines.insert(start + 1, line)
        else:
            lines[at] = line
    edited = "\n".join(lines) + "\n"
    if _read(edited, section, key) != value:
        raise ConfigError(f"{section}.{key} can't be set in this settings file; write it there yourself: {line}")
    return edited


def _find_section(lines: Sequence[str], section: str) -> tuple[int | None, int]:
    """Return the line of a table's header, one that is commented out as well, and where the table ends."""
    header = re.compile(rf"#?\[{re.escape(section)}\]\s*(?:#.*)?")
    start = next((number for number, line in enumerate(lines) if header.fullmatch(line)), None)
    if start is None:
        return None, 0
    following = (number for number in range(start + 1, len(lines)) if re.match(r"#?\[[\w.\"-]+\]", lines[number]))
    return start, next(following, len(lines))


def _read(text: str, section: str, key: str) -> object:
    try:
        table: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    for name in (*section.split("."), key):
        table = table.get(name) if isinstance(table, dict) else None
    return table

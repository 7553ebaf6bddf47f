"""The command `usage`: what takes how much room on disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

from bot.commands.listing import cell, listing
from bot.commands.options import JsonOption
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.translation import format_number, gettext, gettext_noop

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Used:
    """Something on disk: what it is, how large, where, and what makes it smaller ("" for nothing)."""

    name: str
    size: int
    path: Path
    shrinks: str


def usage(context: typer.Context, as_json: JsonOption = False) -> None:  # noqa: FBT002 (typer makes the option)
    """Show what uses how much disk space, and how to reduce it.

    Example: scrubjay usage
    """
    settings: Settings = context.obj
    used = [each for each in _measure(settings) if each.size]
    if as_json:
        print_json([{"what": each.name, "bytes": each.size, "path": str(each.path)} for each in used])
        return
    table = listing("what", "size", "where", "smaller by")
    for each in sorted(used, key=lambda each: -each.size):
        table.add_row(gettext(each.name), describe_bytes(each.size), cell(str(each.path)), gettext(each.shrinks))
    Console(highlight=False).print(table)
    typer.echo(gettext("{size} in all.", size=describe_bytes(sum(each.size for each in used))))


def describe_bytes(size: float) -> str:
    """Return a size as people read it: "1.5 MB"."""
    for unit in _UNITS[:-1]:
        if size < 1000:
            return f"{format_number(size, 0 if unit == 'bytes' else 1)} {unit}"
        size /= 1000
    return f"{format_number(size, 1)} {_UNITS[-1]}"


def _measure(settings: Settings) -> Iterator[Used]:
    data, log, backups = settings.data_dir, _log_of(settings.database), settings.backup.folder
    yield _used(gettext_noop("memory"), settings.database, gettext_noop("`scrubjay forget`, then `scrubjay compact`"))
    yield _used(gettext_noop("its write-ahead log"), log, gettext_noop("`scrubjay compact`"))
    yield _used(gettext_noop("models"), settings.models_dir, gettext_noop("removing files that no longer answer"))
    waiting = gettext_noop("files that wait to be read")
    yield _used(waiting, data / "kept", gettext_noop("what reads them: `scrubjay doctor`"))
    made_again = gettext_noop("removing the folder; it is made again")
    yield _used(gettext_noop("evaluated prompts"), data / "prefixes", made_again)
    yield _used(gettext_noop("embedding model"), settings.cache_dir, made_again)
    if backups is not None:
        yield _used(gettext_noop("backups"), backups, gettext_noop("`daily` and `weekly` in [backup]"))
    named = {settings.database.name, log.name, settings.models_dir.name, "kept", "prefixes"}
    rest = _size_of_rest(data, named, {settings.cache_dir, backups})
    older = gettext_noop("older memories beside the present one, left by `restore`")
    yield Used(gettext_noop("everything else"), rest, data, older)


def _used(name: str, path: Path, shrinks: str) -> Used:
    return Used(name, _size(path), path, shrinks)


def _log_of(database: Path) -> Path:
    return database.with_name(database.name + "-wal")


def _size_of_rest(data: Path, named: Collection[str], elsewhere: Collection[Path | None]) -> int:
    """Return the size of what the data folder holds besides what has a row of its own."""
    inside = [path for path in data.iterdir() if path.name not in named] if data.is_dir() else []
    return sum(_size(path) for path in inside if path not in elsewhere)


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file() and not each.is_symlink())

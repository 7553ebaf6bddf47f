"""What a plugin's author wants to know before others run it: what it can do, and what is wrong or missing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.configuration.findings import Finding, State
from bot.configuration.loader import PLUGINS, list_installed, load
from bot.errors import PluginError
from bot.hosting.discovered import FoundPlugin
from bot.hosting.files import read_plugin_file
from bot.hosting.process.inspection import inspect_plugin
from bot.hosting.process.manifest import (
    CapabilityRecord,
    CommandRecord,
    IngesterRecord,
    JobRecord,
    Manifest,
    MessageHandlerRecord,
    ReaderRecord,
)
from bot.hosting.process.process import ProcessOptions
from bot.hosting.registry import target_of
from bot.plugin import Command, Plugin, read_marks


@dataclass(frozen=True, slots=True)
class PluginCandidate:
    """A plugin to be checked: what a process is to load, and where from."""

    name: str
    target: Mapping[str, str]
    paths: tuple[Path, ...] = ()


def find_candidates(path: Path) -> list[PluginCandidate]:
    """Return the plugins in a single file, or those that a project's pyproject.toml names. Raises PluginError."""
    if path.is_dir():
        return _find_in_project(path)
    file = read_plugin_file(path)
    return [PluginCandidate(file.name, target_of(FoundPlugin(file.name, str(path), file=file)))]


async def check_candidate(candidate: PluginCandidate, options: ProcessOptions) -> list[Finding]:
    """Import a plugin in a process of its own, and say what it is, can do, gets wrong and lacks."""
    name = candidate.name
    try:
        manifest = await inspect_plugin(name, candidate.target, replace(options, paths=candidate.paths))
    except PluginError as error:
        return [Finding(name, "broken", str(error).partition("\n")[0])]
    findings = [Finding(name, "ok", manifest.summary or "it can be imported")]
    if manifest.name != name:
        mend = f'name = "{name}", or leave it out'
        findings.append(Finding("name", "broken", f"it calls itself {manifest.name}", mend))
    findings += [Finding(_name_kind(record), "ok", _describe_capability(record)) for record in manifest.capabilities]
    return [*findings, *_find_collisions(name, manifest), *_check_settings(name, manifest), *_find_missing(manifest)]


def _find_in_project(folder: Path) -> list[PluginCandidate]:
    file = folder / "pyproject.toml"
    try:
        table: Mapping[str, Any] = tomllib.loads(file.read_text("utf-8"))
        entries = table["project"]["entry-points"][PLUGINS]
    except OSError as error:
        raise PluginError(f"{file} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise PluginError(f"{file}: not valid TOML: {error}") from error
    except (KeyError, TypeError) as error:
        raise PluginError(f'{file} names no plugin: it needs a table [project.entry-points."{PLUGINS}"]') from error
    paths = tuple(each for each in (folder / "src", folder) if each.is_dir())
    return [PluginCandidate(str(name), {"entry": str(entry)}, paths) for name, entry in entries.items()]


def _name_kind(record: CapabilityRecord) -> str:
    return {"on_message": "messages", "ingests": "files", "reads": "files"}.get(record.kind, record.kind)


def _describe_capability(record: CapabilityRecord) -> str:
    match record:
        case JobRecord():
            return f"{record.method}: {record.schedule or 'when it is planned'}"
        case CommandRecord():
            words = [f"{parameter.name.upper()}" for parameter in record.parameters]
            owner = " (owners only)" if record.owner_only else ""
            return f"{' '.join([f'/{record.name}', *words])}: {record.help}{owner}"
        case MessageHandlerRecord():
            return f"sees messages{f' that match {record.pattern!r}' if record.pattern else ''}"
        case IngesterRecord():
            return f"takes in {', '.join(record.media_types)}"
        case ReaderRecord():
            return f"reads {', '.join([*record.media_types, *record.endings])}"


def _find_collisions(name: str, manifest: Manifest) -> Iterator[Finding]:
    held = dict(_list_taken_commands(each for each in list_installed(PLUGINS) if each != name))
    for record in manifest.capabilities:
        if isinstance(record, CommandRecord):
            for word in (record.name, *record.aliases):
                if word in held:
                    mend = "give it another name: where both run, the one that is loaded first has it"
                    yield Finding("command", "broken", f"/{word} is a command of {held[word]} already", mend)


def _list_taken_commands(plugins: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the commands of the installed plugins; one that can't be imported has none."""
    for name in plugins:
        try:
            kind = load(PLUGINS, name)
        except (PluginError, SystemExit):
            continue
        if isinstance(kind, type) and issubclass(kind, Plugin):
            marks = (mark for found in read_marks(kind).values() for mark in found)
            yield from (
                (word, name) for each in marks if isinstance(each, Command) for word in (each.name, *each.aliases)
            )


def _check_settings(name: str, manifest: Manifest) -> Iterator[Finding]:
    if manifest.settings_problem is not None:
        mend = f"give each a default, or tell people to set them in [plugins.settings.{name}]"
        yield Finding("settings", "note", f"it does not start without settings: {manifest.settings_problem}", mend)
    for key, field in manifest.settings.get("properties", {}).items():
        state: State = "ok" if field.get("description") else "note"
        mend = "" if state == "ok" else 'describe it: Field(…, description="…")'
        yield Finding("setting", state, f"{key}: {field.get('description') or 'not described'}", mend)


def _find_missing(manifest: Manifest) -> Iterator[Finding]:
    if not manifest.summary:
        yield Finding("docs", "note", "the class has no docstring", "its first line is what lists show")
    if not manifest.capabilities:
        yield Finding("docs", "note", "it can do nothing", "mark a method with @command, @on_message or another")
    for record in manifest.capabilities:
        if isinstance(record, CommandRecord):
            if not record.help:
                yield Finding("docs", "note", f"/{record.name} has no help", '@command("name", "what it does")')
            for each in record.parameters:
                if not each.help:
                    mend = f'Annotated[…, "what it is"] is shown by /help {record.name}'
                    yield Finding("docs", "note", f"{each.name} of /{record.name} is not described", mend)
    if manifest.unsupported:
        found = f"it can't run in a process of its own: it has {', '.join(manifest.unsupported)}"
        yield Finding("process", "note", found)

"""The commands `plugins list`, `info`, `enable`, `disable`, `new` and `check`."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.doctor import show_findings
from bot.commands.listing import cell, listing
from bot.commands.options import JsonOption
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.errors import CommandError, PluginError
from bot.hosting.check import check_candidate, find_candidates
from bot.hosting.discovered import FoundPlugin, PluginReport
from bot.hosting.manager import PluginManager, find_closest
from bot.hosting.process.inspection import inspect_plugin
from bot.hosting.process.manifest import Manifest
from bot.hosting.process.process import ProcessOptions
from bot.hosting.registry import PluginRegistry, target_of
from bot.hosting.running import RunningPlugins
from bot.hosting.template import write_plugin
from bot.pipeline.metrics import Metrics
from bot.translation import gettext
from memory.databases import open_ledger

app = typer.Typer(no_args_is_help=True, add_completion=False, help="List, enable, check and create plugins.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="A plugin, as `scrubjay plugins list` shows it.")]
NewName = Annotated[str, typer.Argument(metavar="NAME", help="What to call it: a-z, 0-9 and _.")]
Where = Annotated[Path, typer.Argument(metavar="PATH", help="A plugin's .py file, or the folder of its project.")]
Folder = Annotated[Path | None, typer.Option("--folder", metavar="DIR", help="Where to write it: ./NAME unless given.")]


@app.command("list")
def list_plugins(context: typer.Context, as_json: JsonOption = False) -> None:  # noqa: FBT002 (typer makes the options)
    """List the installed plugins, and which of them are on. None of their code is run.

    Example: scrubjay plugins list
    """
    reports = asyncio.run(_reports(context.obj))
    if as_json:
        print_json([_record(report) for report in reports])
        return
    table = listing("plugin", "state", "what it is", "from")
    for report in reports:
        about = ". ".join(text.rstrip(".") for text in (gettext(report.summary), report.status.why) if text)
        table.add_row(cell(report.name), gettext(report.status.word), cell(about), cell(report.where))
    Console(highlight=False).print(table)


@app.command()
def info(context: typer.Context, name: Name, as_json: JsonOption = False) -> None:  # noqa: FBT002 (as above)
    """Show one plugin. What it can do is shown when it is on, by a process that imports it.

    Example: scrubjay plugins info memory
    """
    report, plugin, manifest = asyncio.run(_info(context.obj, name))
    record = _record(report) | {"sha256": None if plugin.file is None else plugin.file.digest}
    if manifest is not None:
        record["can"] = [each.model_dump(mode="json", exclude={"method", "streams"}) for each in manifest.capabilities]
    if as_json:
        print_json(record)
        return
    for key in ("name", "state", "why", "summary", "from", "sha256"):
        if record[key]:
            typer.echo(f"{key + ':':<9}{record[key]}")
    for each in manifest.capabilities if manifest is not None else ():
        if each.kind == "command":
            typer.echo(f"{'command:':<9}/{each.name}  {each.help}")


@app.command()
def enable(context: typer.Context, name: Name) -> None:
    """Switch a plugin on, even while the bot runs. A single file is run only as it is now: once changed it waits.

    Example: scrubjay plugins enable help
    """
    typer.echo(asyncio.run(_enable(context.obj, name)))


@app.command()
def disable(context: typer.Context, name: Name) -> None:
    """Switch a plugin off, even while the bot runs.

    Example: scrubjay plugins disable help
    """
    typer.echo(asyncio.run(_disable(context.obj, name)))


@app.command()
def new(name: NewName, folder: Folder = None) -> None:
    """Create a plugin, and a test for it that passes.

    Example: scrubjay plugins new weather
    """
    written = write_plugin(name, folder or Path(name))
    for path in written:
        typer.echo(path)
    typer.echo(
        gettext(
            "Next: `pip install pytest pytest-asyncio`, then `pytest` in {parent}; `scrubjay plugins "
            "check {written}` says what is missing.",
            parent=written[0].parent,
            written=written[0],
        )
    )


@app.command()
def check(path: Where) -> None:
    """Import a plugin in a process of its own; say what it can do and what is wrong. Exits with 1 if something is.

    Example: scrubjay plugins check weather/weather.py
    """
    if not path.exists():
        raise PluginError(f"{path}: there is no such file or folder")
    findings = [
        finding
        for candidate in find_candidates(path)
        for finding in asyncio.run(check_candidate(candidate, ProcessOptions()))
    ]
    show_findings(findings)
    if any(finding.state == "broken" for finding in findings):
        raise typer.Exit(1)


async def _reports(settings: Settings) -> list[PluginReport]:
    async with open_ledger(settings.store) as ledger:
        running = RunningPlugins((), settings.assistant.name, Metrics())  # the command line itself runs none
        return await PluginManager(PluginRegistry.of(settings), ledger.plugin_states, running).overview()


async def _info(settings: Settings, name: str) -> tuple[PluginReport, FoundPlugin, Manifest | None]:
    registry = PluginRegistry.of(settings)
    plugin = find_closest(registry.find_all(), name)
    report = next(each for each in await _reports(settings) if each.name == name)
    if not report.status.on:
        return report, plugin, None
    return report, plugin, await inspect_plugin(name, target_of(plugin), registry.options(name))


async def _enable(settings: Settings, name: str) -> str:
    registry = PluginRegistry.of(settings)
    plugin = find_closest(registry.find_all(), name)
    if plugin.problem is not None:
        raise CommandError(gettext("{name} can't be run: {problem}", name=name, problem=plugin.problem))
    manifest = await inspect_plugin(name, target_of(plugin), registry.options(name))
    if manifest.name != name and ":" not in name:
        raise PluginError(f"{name} calls itself {manifest.name}; give both the same name")
    digest = None if plugin.file is None else plugin.file.digest
    async with open_ledger(settings.store) as ledger:
        await ledger.plugin_states.switch(name, enabled=True, digest=digest)
    how = gettext(" as it is now (sha256 {digest})", digest=digest) if digest else ""
    return gettext("{name} is on{how}. A running bot starts it within seconds.", name=name, how=how)


async def _disable(settings: Settings, name: str) -> str:
    async with open_ledger(settings.store) as ledger:
        if name not in await ledger.plugin_states.read_all():
            find_closest(PluginRegistry.of(settings).find_all(), name)
        await ledger.plugin_states.switch(name, enabled=False)
    return gettext("{name} is off. A running bot stops it within seconds.", name=name)


def _record(report: PluginReport) -> dict[str, object]:
    status = asdict(report.status)
    return {
        "name": report.name,
        "state": status["word"],
        "why": status["why"],
        "summary": report.summary,
        "from": report.where,
    }

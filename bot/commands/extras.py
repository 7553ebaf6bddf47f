"""The commands `extras list` and `extras add`: what can be added to the base installation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.listing import listing
from bot.commands.options import JsonOption
from bot.commands.terminal import print_json
from bot.configuration.extras import ALL, EXTRAS, find_extra, install_command, is_installed, requirements_of
from bot.errors import CommandError
from bot.translation import gettext

app = typer.Typer(no_args_is_help=True, add_completion=False, help="List and install optional features.")

Names = Annotated[list[str], typer.Argument(metavar="NAME…", help=f'What to add, or "{ALL}".')]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print the command that would run.")]


@app.command("list")
def list_extras(as_json: JsonOption = False) -> None:  # noqa: FBT002 (typer makes the options of the parameters)
    """List what can be added, with its size.

    Example: scrubjay extras list
    """
    records = [
        {"name": extra.name, "adds": extra.adds, "megabytes": extra.megabytes, "installed": is_installed(extra.name)}
        for extra in EXTRAS
    ]
    if as_json:
        print_json(records)
        return
    table = listing("name", "size", "here", "what it adds", whole="name")
    for extra in EXTRAS:
        table.add_row(
            extra.name, f"{extra.megabytes} MB", gettext("yes") if is_installed(extra.name) else "", gettext(extra.adds)
        )
    Console(highlight=False).print(table)
    typer.echo(
        gettext(
            "\n`{one}` adds one; `{all}` adds all.",
            one=install_command("NAME"),
            all=install_command(ALL),
        )
    )


@app.command("add")
def add(names: Names, dry_run: DryRun = False) -> None:  # noqa: FBT002 (as above)
    """Add libraries to this installation, with pip or uv.

    Example: scrubjay extras add audio
    """
    wanted = [extra.name for extra in EXTRAS] if names == [ALL] else [_require_known(name) for name in names]
    requirements = [requirement for name in wanted for requirement in requirements_of(name)]
    command = [*_installer(), *requirements]
    if dry_run:
        typer.echo(" ".join(f'"{part}"' if set(part) & set(" <>=;[]") else part for part in command))
        return
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:  # noqa: S603 (pip of this Python)
        raise CommandError(gettext("nothing was added; the output above says why"))
    typer.echo(gettext("Added: {wanted}. Restart a running bot to use it.", wanted=", ".join(wanted)))


def _require_known(name: str) -> str:
    extra = find_extra(name)
    if extra is None:
        raise CommandError(
            gettext(
                'there is no extra "{name}"; there are {names}, and {all}',
                name=name,
                names=", ".join(each.name for each in EXTRAS),
                all=ALL,
            )
        )
    return extra.name


def _installer() -> list[str]:
    """Return the command that installs into the environment this program runs in."""
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", sys.executable]
    raise CommandError(
        gettext("this Python has no pip: `{executable} -m ensurepip` gets it", executable=sys.executable)
    )

"""The command `setup`: where things lie, a model, and chat platforms, step by step."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.access.policy import Role
from bot.adapter import Checkable
from bot.answering.opening import open_embedder
from bot.commands.init import with_data_dir, write_settings
from bot.commands.model import pull
from bot.commands.options import YesOption
from bot.commands.pair import invitation, invite
from bot.configuration.adapters_setup import make_adapter
from bot.configuration.config import default_config_file, example_config, load_settings
from bot.configuration.editing import set_value
from bot.configuration.extras import install_command, is_installed
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.models.catalogue import CATALOGUE, SPEED_NOTE, find_entry
from bot.models.engine import find_downloads, llama_installed
from bot.translation import gettext
from memory.embedders.hashing import HashingEmbedder

TOKENS = {
    "telegram": ("token",),
    "discord": ("token",),
    "slack": ("bot_token", "app_token"),
    "whatsapp": ("access_token", "phone_number_id", "app_secret", "verify_token"),
}
"""The platforms, and what has to be pasted for each."""
_LABELS = {"whatsapp": "WhatsApp"}
"""How platforms are written that are not simply capitalised."""

ModelOption = Annotated[
    str | None,
    typer.Option(metavar="MODEL", help='"none" to quote, a name of `model list`, or the address of a model server.'),
]
TokenOption = Annotated[
    list[str] | None,
    typer.Option(
        "--token",
        metavar="NAME=TOKEN",
        help="telegram=…, slack.bot_token=…, slack.app_token=… and so on, as the settings name them.",
    ),
]
AgainOption = Annotated[bool, typer.Option("--again", help="Ask also for what is set already.")]


def setup(
    context: typer.Context,
    model: ModelOption = None,
    token: TokenOption = None,
    yes: YesOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
    again: AgainOption = False,  # noqa: FBT002 (as above)
) -> None:
    """Set Scrubjay up, step by step; each can be skipped and repeated. What is set already is not asked for again.

    With --yes nothing is asked: what the options name is set, the rest stays as it is.

    Example: scrubjay setup --yes --model none
    """
    if not yes and not sys.stdin.isatty():
        raise typer.BadParameter(gettext("there is no terminal to ask on; add --yes, and say the rest by options"))
    given = _read_tokens(token or [])
    options = context.parent.params if context.parent else {}
    steps = _Steps((options.get("config") or default_config_file()).expanduser(), asks=not yes, again=again)
    steps.begin(options.get("data"))
    context.obj = steps.settings
    steps.choose_model(context, model)
    joined = [platform for platform in TOKENS if steps.join(platform, given.get(platform, {}))]
    steps.finish(joined)


class _Steps:
    """The steps, each of which leaves the settings file whole."""

    def __init__(self, file: Path, *, asks: bool, again: bool) -> None:
        self._file = file
        self._asks = asks
        self._again = again
        self.settings = Settings()

    def begin(self, data: Path | None) -> None:
        """Make sure of a settings file, and say where everything lies."""
        if not self._file.exists():
            write_settings(self._file, with_data_dir(example_config(), data))
        elif data is not None:
            self._set("data", dir=str(data.expanduser().absolute()))
        self.settings = load_settings(self._file)
        typer.echo(
            gettext("Settings: {file}\nMemory and models: {data_dir}", file=self._file, data_dir=self.settings.data_dir)
        )

    def choose_model(self, context: typer.Context, wanted: str | None) -> None:
        """Have one chosen where none is."""
        chosen = self.settings.model
        has_one = chosen.engine != "auto" or chosen.base_url or chosen.path or find_downloads(self.settings)
        if wanted is None and self._asks and (self._again or not has_one):
            _list_models()
            wanted = typer.prompt(
                gettext("Model: a number, the address of a server, or Enter to quote"), default="none"
            )
        if wanted is None:
            return typer.echo(gettext("Model: as it is. `scrubjay model list` shows which there are."))
        if wanted.isdecimal() and 1 <= int(wanted) <= len(CATALOGUE):
            wanted = CATALOGUE[int(wanted) - 1].name
        if wanted == "none":
            self._set("model", engine="extractive")
            return typer.echo(gettext("Model: none, answers quote."))
        if wanted.startswith(("http://", "https://")):
            self._set("model", engine="openai", base_url=wanted)
            return typer.echo(gettext("Model: the server at {wanted}.", wanted=wanted))
        if find_entry(wanted) is None:
            raise CommandError(
                gettext('there is no model "{wanted}"; `scrubjay model list` shows which there are', wanted=wanted)
            )
        pull(context, wanted)
        self._set("model", engine="auto")
        return (
            None if llama_installed() else typer.echo(gettext("To run it: {command}", command=install_command("llama")))
        )

    def join(self, platform: str, given: dict[str, str]) -> bool:
        """Set a platform up, once its tokens have been tried; say whether it was."""
        if platform in self.settings.adapters and not given and not self._again:
            typer.echo(gettext("{platform}: set up already.", platform=_label(platform)))
            return False
        tokens = dict(given)
        if not tokens and self._asks:
            tokens = _ask_tokens(platform)
        if not tokens:
            return False
        if not is_installed(platform):
            raise CommandError(
                gettext(
                    "{platform} needs {command} first",
                    platform=platform,
                    command=install_command(platform),
                )
            )
        table = {**self.settings.adapters.get(platform, {}), **tokens}
        asyncio.run(_try(platform, table))
        self._set(f"adapters.{platform}", **tokens)
        return True

    def finish(self, joined: list[str]) -> None:
        """Try the embedder, hand out pairing codes, and say what to do next."""
        embedder = asyncio.run(open_embedder(self.settings))
        embedder.embed_query("Is it there?")
        by = (
            gettext("words alone")
            if isinstance(embedder, HashingEmbedder)
            else gettext("meaning, with {name}", name=embedder.identity.name)
        )
        typer.echo(gettext("Memories are found by {by}.", by=by))
        for platform in joined:
            if sys.stdout.isatty():
                code = asyncio.run(invite(self.settings, Role.OWNER, platform))
                typer.echo(
                    gettext(
                        "{platform}: start `scrubjay run`. {invitation}",
                        platform=_label(platform),
                        invitation=invitation(code, Role.OWNER, platform),
                    )
                )
            else:  # what is written to a file or a log must not let anybody in
                typer.echo(
                    gettext(
                        "{platform}: start `scrubjay run`, then `scrubjay pair {name}`.",
                        platform=_label(platform),
                        name=platform,
                    )
                )
        typer.echo(gettext('Next: scrubjay import "WhatsApp Chat.zip", scrubjay chat, scrubjay web'))

    def _set(self, section: str, **values: str) -> None:
        text = self._file.read_text("utf-8")
        for key, value in values.items():
            text = set_value(text, section, key, value)
        write_settings(self._file, text)
        self.settings = load_settings(self._file)


def _label(platform: str) -> str:
    return _LABELS.get(platform, platform.title())


def _list_models() -> None:
    for number, entry in enumerate(CATALOGUE, 1):
        sizes = gettext(
            "{size_gb} GB to download, {memory_gb} GB of memory, {speed}",
            size_gb=f"{entry.size_gb:g}",
            memory_gb=f"{entry.memory_gb:g}",
            speed=entry.speed,
        )
        typer.echo(f"{number:3}  {entry.name}: {gettext(entry.note)} ({sizes})")
    typer.echo(SPEED_NOTE)


def _read_tokens(given: list[str]) -> dict[str, dict[str, str]]:
    """Return the tokens by platform and setting. Raises CommandError for what names neither."""
    found: dict[str, dict[str, str]] = {}
    for each in given:
        name, _, value = each.partition("=")
        platform, _, key = name.partition(".")
        key = key or TOKENS.get(platform, ("",))[0]
        if key not in TOKENS.get(platform, ()) or not value:
            names = [name if len(keys) == 1 else f"{name}.{key}" for name, keys in TOKENS.items() for key in keys]
            raise CommandError(gettext("--token takes {names}", names=", ".join(f"{name}=…" for name in names)))
        found.setdefault(platform, {})[key] = value
    return found


def _ask_tokens(platform: str) -> dict[str, str]:
    tokens: dict[str, str] = {}
    for key in TOKENS[platform]:
        said = gettext(
            "{platform}: paste its {token}, or Enter to skip (docs/{name}.md)",
            platform=_label(platform),
            token=key.replace("_", " "),
            name=platform,
        )
        value = typer.prompt(said, default="", show_default=False, hide_input=True).strip()
        if not value:
            return {}
        tokens[key] = value
    return tokens


async def _try(platform: str, table: dict[str, object]) -> None:
    """Have the adapter look whether its tokens are good. Raises CommandError when they are not."""
    adapter = make_adapter(platform, table)
    findings = await adapter.check() if isinstance(adapter, Checkable) else []
    for finding in findings:
        if finding.state == "broken":
            raise CommandError(
                gettext(
                    "{platform} was not set up: {found}",
                    platform=platform,
                    found=f"{finding.found}; {finding.mend}" if finding.mend else finding.found,
                )
            )
        typer.echo(f"{_label(platform)}: {finding.found}")

"""The command `setup`: a language, where things lie, a model, and chat platforms, step by step."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.access.policy import Role
from bot.answering.opening import open_embedder
from bot.commands.init import with_data_dir, write_settings
from bot.commands.model import pull
from bot.commands.options import YesOption
from bot.commands.pair import invitation, invite
from bot.commands.setup_language import FOLLOW, ask_language, name_language, read_language, tell_unknown
from bot.commands.setup_platforms import TOKENS, ask_tokens, platform_label, read_tokens, try_tokens
from bot.configuration.config import default_config_file, example_config, load_settings
from bot.configuration.editing import set_value
from bot.configuration.extras import install_command, is_installed
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.models.catalogue import CATALOGUE, SPEED_NOTE, find_entry
from bot.models.engine import llama_installed
from bot.models.model_files import find_usable
from bot.translation import gettext, speak
from memory.embedders.hashing import HashingEmbedder

LanguageOption = Annotated[
    str | None,
    typer.Option(
        metavar="LANGUAGE", help='The language of the bot: "de", "es" …, or "auto" for the one that is written.'
    ),
]
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
    language: LanguageOption = None,
    model: ModelOption = None,
    token: TokenOption = None,
    yes: YesOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
    again: AgainOption = False,  # noqa: FBT002 (as above)
) -> None:
    """Set up Scrubjay, step by step; you can skip or repeat any step. It does not ask again for what is set.

    With --yes nothing is asked: what the options name is set, the rest stays as it is.

    Example: scrubjay setup --yes --model none
    """
    if not yes and not sys.stdin.isatty():
        raise typer.BadParameter(gettext("there is no terminal to ask on; add --yes, and say the rest by options"))
    given = read_tokens(token or [])
    options = context.parent.params if context.parent else {}
    steps = _Steps((options.get("config") or default_config_file()).expanduser(), asks=not yes, again=again)
    steps.begin(options.get("data"))
    steps.choose_language(language)
    steps.tell_places()
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
        """Make sure of a settings file, and speak the language that it names."""
        if not self._file.exists():
            write_settings(self._file, with_data_dir(example_config(), data))
        elif data is not None:
            self._set("data", dir=str(data.expanduser().absolute()))
        self.settings = load_settings(self._file)
        if self.settings.assistant.language != FOLLOW:
            speak(self.settings.assistant.language)

    def choose_language(self, wanted: str | None) -> None:
        """Have the language of the bot chosen where nobody has; the steps that follow speak it."""
        is_set = "language" in self.settings.assistant.model_fields_set
        asks = wanted is None and self._asks and (self._again or not is_set)
        if asks:
            wanted = ask_language()
        if wanted is None:
            return
        chosen = read_language(wanted)
        if chosen is None:
            raise CommandError(tell_unknown(wanted))
        self._set("assistant", language=chosen)
        if chosen != FOLLOW:
            speak(chosen)
        typer.echo(gettext("Language: {language}.", language=name_language(chosen)))

    def tell_places(self) -> None:
        """Say where everything lies."""
        typer.echo(
            gettext("Settings: {file}\nMemory and models: {data_dir}", file=self._file, data_dir=self.settings.data_dir)
        )

    def choose_model(self, context: typer.Context, wanted: str | None) -> None:
        """Have one chosen where none is."""
        chosen = self.settings.model
        has_one = chosen.engine != "auto" or chosen.base_url or chosen.path or find_usable(self.settings)
        if wanted is None and self._asks and (self._again or not has_one):
            _list_models()
            wanted = typer.prompt(
                gettext("Model: a number, the address of a server, or Enter to quote"), default="none"
            )
        if wanted is None:
            said = (
                gettext("Model: as it is. `scrubjay model list` shows which there are.")
                if has_one
                else gettext("Model: none, answers are quotes. `scrubjay model list` shows which there are.")
            )
            return typer.echo(said)
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
            typer.echo(gettext("{platform}: already set up.", platform=platform_label(platform)))
            return False
        tokens = dict(given)
        if not tokens and self._asks:
            tokens = ask_tokens(platform)
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
        asyncio.run(try_tokens(platform, table))
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
                        platform=platform_label(platform),
                        invitation=invitation(code, Role.OWNER, platform),
                    )
                )
            else:  # what is written to a file or a log must not let anybody in
                typer.echo(
                    gettext(
                        "{platform}: start `scrubjay run`, then `scrubjay pair {name}`.",
                        platform=platform_label(platform),
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

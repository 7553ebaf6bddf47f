"""The commands `model list`, `pull`, `check` and `info`: language models, and those that hear what is said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from bot.commands.listing import listing
from bot.commands.options import JsonOption
from bot.commands.progress import progress
from bot.commands.terminal import print_json, printable
from bot.configuration.extras import install_command
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.models.catalogue import CATALOGUE, SPEED_NOTE, CatalogueEntry, find_entry, find_source
from bot.models.check_results import CheckResults
from bot.models.download import DownloadProgress
from bot.models.engine import choose_engine, llama_installed
from bot.models.gguf_check import check_header
from bot.models.gguf_header import GgufHeader
from bot.models.model_files import find_downloads, find_model_file
from bot.models.pull import pull_model
from bot.models.speech_download import download_speech
from bot.reading.speech_models import (
    LICENCE,
    SPEECH_INSTALL_ADVICE,
    SPEECH_MODELS,
    SpeechModel,
    find_speech_model,
    is_whole,
    speech_installed,
)
from bot.translation import format_number, gettext

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Find, download and look at models.")

Wanted = Annotated[
    str,
    typer.Argument(
        metavar="MODEL", help="A name of `model list`, hf:owner/repo/file.gguf, a URL; for Whisper hf:owner/repo."
    ),
]
Digest = Annotated[str | None, typer.Option("--sha256", help="The digest that the file must have.")]
Force = Annotated[bool, typer.Option("--force", help="Download it also if the file is there.")]
_THERE_ALREADY = "{} is there already; --force downloads it again."


def _gigabytes(size: float) -> str:
    """Return a size with as many decimals as it has: "0.08 GB"."""
    return f"{format_number(size, len(f'{size:g}'.partition('.')[2]))} GB"


Which = Annotated[str | None, typer.Argument(metavar="[MODEL]", help="A file, or a name of `model list`.")]


@app.command("list")
def list_models(context: typer.Context, as_json: JsonOption = False) -> None:  # noqa: FBT002 (typer makes the options)
    """List good small models for answers and for speech, and which are downloaded.

    Example: scrubjay model list
    """
    settings: Settings = context.obj
    files = find_downloads(settings)
    if as_json:
        hearing = [_speech_record(model, settings) for model in SPEECH_MODELS]
        print_json([*(_record(entry, files) for entry in CATALOGUE), *hearing])
        return
    table = listing("name", "download", "RAM", "speed", "licence", "here", "what it is good for", whole="name")
    for entry in CATALOGUE:
        here = gettext("yes") if entry.file in {file.name for file in files} else ""
        sizes = (_gigabytes(entry.size_gb), _gigabytes(entry.memory_gb))
        table.add_row(entry.name, *sizes, gettext(entry.speed), entry.licence, here, gettext(entry.note))
    for model in SPEECH_MODELS:
        sizes = (_gigabytes(model.size_gb), _gigabytes(model.memory_gb))
        here = gettext("yes") if is_whole(settings.models_dir / model.name) else ""
        table.add_row(
            model.name, *sizes, "", LICENCE, here, gettext("speech recognition: {note}", note=gettext(model.note))
        )
    Console(highlight=False).print(table)
    typer.echo(gettext(SPEED_NOTE))
    listed = {entry.file for entry in CATALOGUE}
    results = CheckResults(settings.models_dir)
    for file in files:
        if file.name not in listed:
            typer.echo(gettext("also here: {name}", name=file.name))
        if result := results.get(file):
            typer.echo(gettext("checked: {name}: {words}", name=file.name, words=result.words))
    typer.echo(_in_use(settings))


@app.command()
def pull(
    context: typer.Context,
    model: Wanted,
    sha256: Digest = None,
    force: Force = False,  # noqa: FBT002 (typer makes the options of the parameters)
) -> None:
    """Download a model to the models folder; a download that broke off is resumed.

    Example: scrubjay model pull qwen3.5-2b
    """
    settings: Settings = context.obj
    speech = find_speech_model(model)
    if speech is not None:
        return _pull_speech(settings, speech, sha256, force=force)
    source = find_source(model, settings.model.hub)
    target = settings.models_dir / source.file_name
    if target.exists() and not force:
        return typer.echo(_THERE_ALREADY.format(target))
    with _telling(source.file_name) as told:
        wanted = pull_model(model, settings.model.hub, settings.models_dir, told, sha256=sha256, note=typer.echo)
        asyncio.run(wanted)
    typer.echo(gettext("Downloaded {target}.\n{in_use}", target=target, in_use=_in_use(settings)))
    return None


@app.command()
def check(context: typer.Context, model: Which = None, as_json: JsonOption = False) -> None:  # noqa: FBT002 (as above)
    """Ask a model twenty questions on a sample history, and compare it with quoting. Exits with 1 if quoting is better.

    Example: scrubjay model check qwen3.5-2b
    """
    from bot.commands.model_check import check_model  # noqa: PLC0415 (it loads the whole bot)

    check_model(context.obj, model, as_json=as_json)


@app.command()
def info(context: typer.Context, model: Which = None, as_json: JsonOption = False) -> None:  # noqa: FBT002 (as above)
    """Show what a GGUF file says about itself; without a name, the one in use.

    Example: scrubjay model info qwen3.5-2b
    """
    header = check_header(_find_file(context.obj, model))
    record = _header_record(header)
    if as_json:
        print_json(record)
        return
    for name, value in record.items():
        typer.echo(f"{name.replace('_', ' ')}: {'?' if value in (None, '') else printable(str(value))}")


def _pull_speech(settings: Settings, model: SpeechModel, sha256: str | None, *, force: bool) -> None:
    target = settings.models_dir / model.name
    if is_whole(target) and not force:
        return typer.echo(_THERE_ALREADY.format(target))
    with _telling(model.name) as told:
        asyncio.run(download_speech(model, settings.model.hub, settings.models_dir, told, sha256=sha256))
    heard = (
        gettext("Voice notes are transcribed with it")
        if speech_installed()
        else gettext("To use it: {advice}", advice=SPEECH_INSTALL_ADVICE)
    )
    return typer.echo(gettext("Downloaded {target}.\n{heard}.", target=target, heard=heard))


def _find_file(settings: Settings, model: str | None) -> Path:
    if model is None:
        return find_model_file(settings)
    entry = find_entry(model)
    name = entry.file if entry else model
    for candidate in (settings.models_dir / name, Path(name).expanduser()):
        if candidate.is_file():
            return candidate
    if entry:
        raise CommandError(gettext("{model} is not downloaded; `scrubjay model pull {model}` does that", model=model))
    if find_speech_model(model):
        raise CommandError(
            gettext("{model} is for speech recognition; only GGUF files describe themselves", model=model)
        )
    raise CommandError(
        gettext(
            "there is no file {model}, neither here nor in {models_dir}", model=model, models_dir=settings.models_dir
        )
    )


def _header_record(header: GgufHeader) -> dict[str, object]:
    return {
        "file": str(header.path),
        "bytes": header.file_size,
        "name": header.name,
        "architecture": header.architecture,
        "parameters": header.parameters,
        "quantisation": header.quantisation,
        "context_length": header.context_length,
        "licence": header.licence,
        "has_chat_template": bool(header.chat_template),
    }


def _record(entry: CatalogueEntry, files: list[Path]) -> dict[str, object]:
    return {
        "name": entry.name,
        "source": entry.source,
        "licence": entry.licence,
        "template": entry.template,
        "size_gb": entry.size_gb,
        "memory_gb": entry.memory_gb,
        "speed": entry.speed,
        "note": entry.note,
        "downloaded": entry.file in {file.name for file in files},
    }


def _in_use(settings: Settings) -> str:
    """Say which model answers, and what stands in the way of one that was downloaded."""
    engine = choose_engine(settings)
    if engine == "llama":
        return gettext("In use: {file}", file=find_model_file(settings))
    if engine == "openai":
        return gettext("In use: the server at {base_url}", base_url=settings.model.base_url)
    if settings.model.engine == "auto" and find_downloads(settings) and not llama_installed():
        return gettext(
            "In use: none, answers quote. To run GGUF files: {command}",
            command=install_command("llama"),
        )
    return gettext("In use: none, answers quote what is remembered.")


def _speech_record(model: SpeechModel, settings: Settings) -> dict[str, object]:
    return {
        "name": model.name,
        "source": model.source,
        "licence": LICENCE,
        "template": None,
        "size_gb": model.size_gb,
        "memory_gb": model.memory_gb,
        "speed": None,
        "note": model.note,
        "downloaded": is_whole(settings.models_dir / model.name),
    }


@contextmanager
def _telling(name: str) -> Iterator[DownloadProgress]:
    """Show a bar, and give what tells it how far a download is."""
    with _bar() as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _bar() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    return progress(*columns)

"""The models that the page of settings offers, and which of them answers."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.models.catalogue import CATALOGUE
from bot.models.engine import LLAMA_ADVICE, choose_engine, llama_installed, make_model
from bot.models.extractive import ExtractiveModel
from bot.models.model_files import find_downloads, find_model_file, note_choice
from bot.pipeline.administration import ModelLine
from bot.pipeline.requests import Requests
from bot.translation import gettext

_GIGABYTE = 1e9


class ModelChoice:
    """Which model answers: the one that the settings name until another is chosen."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._used = self._set = _name_wanted(settings)

    async def list_models(self) -> list[ModelLine]:
        """Return what quotes, the server that is set, the catalogue, and other files of the models folder."""
        files = {file.name: file for file in await asyncio.to_thread(find_downloads, self._settings)}
        quotes = ModelLine(
            ExtractiveModel.name,
            gettext("what is remembered is quoted; needs nothing, and is done at once"),
            _title(ExtractiveModel.name),
            is_here=True,
            is_used=self._used == ExtractiveModel.name,
        )
        lines = [quotes]
        if server := self._settings.model.base_url:
            note = gettext("the server of model.base_url")
            lines.append(ModelLine(server, note, is_here=True, is_used=self._used == server))
        lines += (
            ModelLine(
                name=entry.name,
                note=entry.note,
                licence=entry.licence,
                size_gb=entry.size_gb,
                memory_gb=entry.memory_gb,
                is_listed=True,
                is_here=entry.file in files,
                is_used=entry.file == self._used,
            )
            for entry in CATALOGUE
        )
        others = files.keys() - {entry.file for entry in CATALOGUE}
        if self._used not in {*files, *(line.name for line in lines)}:
            others.add(self._used)  # a file elsewhere, which the settings name
        note = gettext("a file of your own; its licence and memory are unknown")
        for name in sorted(others):
            size = round(files[name].stat().st_size / _GIGABYTE, 1) if name in files else 0
            lines.append(ModelLine(name, note, size_gb=size, is_here=True, is_used=name == self._used))
        return lines

    def describe(self) -> str:
        """Say which model answers, and whether it will after a restart."""
        settings, used = self._settings, self._used
        if used == ExtractiveModel.name:
            told = gettext("None answers: what is remembered is quoted.")
            if not llama_installed() and find_downloads(settings):
                told = gettext("None answers: quotes are shown. {llama_advice}", llama_advice=LLAMA_ADVICE)
        else:
            told = gettext("{name} answers.", name=used)
        if used == self._set or (self._may_last and used != ExtractiveModel.name):
            return told
        until = gettext(
            "At the next start it is “{name}” again, unless you change the settings file.", name=_title(self._set)
        )
        return f"{told} {until}"

    async def use(self, name: str, requests: Requests) -> None:
        """Have a model answer from the next answer on. Raises ScrubjayError, and the one before goes on."""
        file: Path | None = None
        if name == ExtractiveModel.name:
            changed: dict[str, object] = {"engine": "extractive"}
        elif name == self._settings.model.base_url:
            changed = {"engine": "openai"}
        elif name == self._set:
            changed = {}  # a file that may lie outside the models folder
        else:
            file = await asyncio.to_thread(self._find, name)
            changed = {"engine": "llama", "path": file.absolute()}
        model = self._settings.model.model_copy(update=changed)
        made = await asyncio.to_thread(make_model, self._settings.model_copy(update={"model": model}))
        await requests.switch_model(made)
        self._used = name if file is None else file.name
        if file is not None and self._may_last:
            with suppress(OSError):  # it answers all the same
                await asyncio.to_thread(note_choice, file)

    @property
    def _may_last(self) -> bool:
        """Whether the file that was chosen last is the one that is found at the next start."""
        model = self._settings.model
        return model.engine == "auto" and model.path is None and model.base_url is None

    def _find(self, name: str) -> Path:
        named = next((entry.file for entry in CATALOGUE if entry.name == name), name)
        for file in find_downloads(self._settings):
            if file.name == named:
                return file
        raise CommandError(gettext("{name} is not there: download it first.", name=name))


def _title(name: str) -> str:
    return gettext("Without a model") if name == ExtractiveModel.name else name


def _name_wanted(settings: Settings) -> str:
    """Return what the settings call for: a file's name, a server's address, or the name of what quotes."""
    engine = choose_engine(settings)
    if engine == "llama":
        return find_model_file(settings).name
    if engine == "openai" and settings.model.base_url:
        return settings.model.base_url
    return ExtractiveModel.name

"""The GGUF files of the models folder: which can answer, and which of them does."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.configuration.settings import Settings
from bot.errors import ConfigError, ModelError
from bot.models.file_template import choose_template
from bot.models.gguf_check import check_header


def find_downloads(settings: Settings) -> list[Path]:
    """Return the GGUF files in the models folder, the one that was downloaded or chosen last first."""
    files = [file for file in settings.models_dir.glob("*.gguf") if file.is_file()]
    return sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)


def find_usable(settings: Settings) -> Path | None:
    """Return the first of the downloads that can answer; None where none can."""
    template = settings.model.template
    return next((file for file in find_downloads(settings) if why_unusable(file, template) is None), None)


def why_unusable(file: Path, template: str | None = None) -> str | None:
    """Return why a file can't answer, None if it can: it may be damaged, or not say how a conversation is laid out.

    `template` is the setting that stands in for what the file lacks. Nothing is loaded.
    """
    try:
        found = file.stat()
    except OSError:
        return _examine(file, template, 0, 0)  # reading it says what is wrong
    return _examine(file, template, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=64)
def _examine(file: Path, template: str | None, size: int, changed: int) -> str | None:  # noqa: ARG001 (part of the key)
    try:
        choose_template(check_header(file), template)
    except ModelError as error:
        return str(error)
    return None


def find_model_file(settings: Settings) -> Path:
    """Return the GGUF file to load: the one set, where a bare name means the models folder, or the latest download.

    Of the downloads one that can answer is taken. Raises ConfigError when there is none.
    """
    path = settings.model.path
    if path is not None:
        in_folder = settings.models_dir / path
        return in_folder if path.name == str(path) and in_folder.exists() else path
    files = find_downloads(settings)
    if not files:
        raise ConfigError("no model file is there: set model.path, or download one with `scrubjay model pull`")
    return find_usable(settings) or files[0]


def note_choice(file: Path) -> None:
    """Have a file of the models folder be the one that is found first. Raises OSError."""
    file.touch()

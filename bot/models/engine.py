"""Which language model the settings call for."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

from bot.configuration.extras import install_command
from bot.configuration.settings import Settings
from bot.errors import ConfigError, ModelError
from bot.models import LanguageModel
from bot.models.extractive import ExtractiveModel

LLAMA_PACKAGE = "llama_cpp"
LLAMA_ADVICE = f"the engine for GGUF files is not installed: {install_command('llama')}"


def choose_engine(settings: Settings) -> str:
    """Return the engine to use: the one that is set, or for "auto" the best of those that are ready.

    A server's address or a file's path that is set is a wish, and its engine is taken whether it works or not; a
    downloaded file counts only where llama.cpp is installed.
    """
    model = settings.model
    if model.engine != "auto":
        return model.engine
    if model.base_url is not None:
        return "openai"
    if model.path is not None or (find_downloads(settings) and llama_installed()):
        return "llama"
    return "extractive"


def make_model(settings: Settings) -> LanguageModel:
    """Return the model, not yet loaded. Raises ConfigError when a setting is missing, ModelError when the engine is."""
    engines: dict[str, Callable[[Settings], LanguageModel]] = {
        "extractive": lambda _: ExtractiveModel(),
        "llama": _llama,
        "openai": _openai,
    }
    return engines[choose_engine(settings)](settings)


def llama_installed() -> bool:
    """Say whether llama.cpp is there; nothing of it is loaded."""
    return importlib.util.find_spec(LLAMA_PACKAGE) is not None


def find_downloads(settings: Settings) -> list[Path]:
    """Return the GGUF files in the models folder, the one that was downloaded or chosen last first."""
    files = [file for file in settings.models_dir.glob("*.gguf") if file.is_file()]
    return sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)


def find_model_file(settings: Settings) -> Path:
    """Return the GGUF file to load: the one set, where a bare name means the models folder, or the latest download.

    Raises ConfigError when there is none.
    """
    path = settings.model.path
    if path is not None:
        in_folder = settings.models_dir / path
        return in_folder if path.name == str(path) and in_folder.exists() else path
    files = find_downloads(settings)
    if not files:
        raise ConfigError("no model file is there: set model.path, or download one with `scrubjay model pull`")
    return files[0]


def note_choice(file: Path) -> None:
    """Have a file of the models folder be the one that is found first. Raises OSError."""
    file.touch()


def _llama(settings: Settings) -> LanguageModel:
    if not llama_installed():
        raise ModelError(LLAMA_ADVICE)
    from bot.models.llama import LlamaModel, LlamaSettings  # noqa: PLC0415 (only its engine needs the time it takes)

    model = settings.model
    return LlamaModel(
        LlamaSettings(
            path=find_model_file(settings),
            context_size=model.context_size,
            threads=model.threads,
            batch=model.batch,
            gpu_layers=model.gpu_layers,
            main_gpu=model.main_gpu,
            template=model.template,
            parallel=model.parallel,
            prefix_folder=settings.data_dir / "prefixes",
        )
    )


def _openai(settings: Settings) -> LanguageModel:
    model = settings.model
    if model.base_url is None:
        raise ConfigError('model.engine is "openai", so model.base_url must say where the server is')
    from bot.models.openai import OpenAIModel, OpenAISettings  # noqa: PLC0415 (only its engine needs the time it takes)

    return OpenAIModel(
        OpenAISettings(
            base_url=model.base_url,
            name=model.name,
            api_key=model.api_key.get_secret_value() if model.api_key else None,
            timeout=model.timeout,
            context_size=model.context_size,
        )
    )

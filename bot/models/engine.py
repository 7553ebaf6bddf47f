"""Which language model the settings call for."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Callable, Iterator

from bot.configuration.extras import install_command
from bot.configuration.settings import Settings
from bot.errors import ConfigError, ModelError
from bot.models import LanguageModel
from bot.models.extractive import ExtractiveModel
from bot.models.model_files import find_downloads, find_model_file, find_usable, why_unusable

_log = logging.getLogger(__name__)

LLAMA_PACKAGE = "llama_cpp"
LLAMA_ADVICE = f"the engine for GGUF files is not installed: {install_command('llama')}"


def choose_engine(settings: Settings) -> str:
    """Return the engine to use: the one that is set, or for "auto" the best of those that are ready.

    A server's address or a file's path that is set is a wish, and its engine is taken whether it works or not; a
    downloaded file counts only where llama.cpp is installed and can answer with it.
    """
    model = settings.model
    if model.engine != "auto":
        return model.engine
    if model.base_url is not None:
        return "openai"
    if model.path is not None or (llama_installed() and find_usable(settings)):
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


def find_passed_over(settings: Settings) -> Iterator[str]:
    """Yield why each download can't answer that would be taken first if it could; its name is part of it.

    Where the settings name a file, a server or an engine there are none, for nothing is chosen; nor without llama.cpp.
    """
    model = settings.model
    if model.engine != "auto" or model.path is not None or model.base_url is not None or not llama_installed():
        return
    for file in find_downloads(settings):
        why = why_unusable(file, model.template)
        if why is None:
            return
        yield why


def warn_of_passed_over(settings: Settings) -> None:
    """Log which downloads can't answer, so that nobody wonders why another does, or none."""
    for why in find_passed_over(settings):
        _log.warning("this model is skipped: %s", why)


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
    from bot.models.openai import OpenAIModel  # noqa: PLC0415 (only its engine needs the time it takes)
    from bot.models.openai_settings import OpenAISettings  # noqa: PLC0415 (the same)

    return OpenAIModel(
        OpenAISettings(
            base_url=model.base_url,
            name=model.name,
            api_key=model.api_key.get_secret_value() if model.api_key else None,
            timeout=model.timeout,
            context_size=model.context_size,
            pictures=model.pictures,
        )
    )

"""The llama.cpp library: imported only when it is asked for, and silent."""

from __future__ import annotations

import ctypes
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from bot.configuration.extras import install_command
from bot.errors import ModelError

_LOGGER = logging.getLogger(__name__)
_ERROR_LEVEL = 4
_LEVELS = {1: logging.DEBUG, 2: logging.DEBUG, 3: logging.INFO, 4: logging.INFO}


@dataclass(frozen=True, slots=True)
class LlamaLibrary:
    """The C functions of llama.cpp (`api`), and the last errors it wrote (`complaints`)."""

    api: ModuleType
    complaints: deque[str]
    log_callback: Callable[..., None]
    """Kept so that the C side never calls something that is gone."""


@cache
def open_library() -> LlamaLibrary:
    """Return the library, loaded once per process because its log is one per process; ModelError without it.

    What it logs goes to the logger of this module instead of stderr.
    """
    try:
        from llama_cpp import llama_cpp as api  # noqa: PLC0415 (only the extra `llama` brings it)
    except ImportError as error:
        raise ModelError(f"To run GGUF models install the engine: {install_command('llama')}") from error
    except (OSError, RuntimeError) as error:
        raise ModelError(
            f"llama-cpp-python is installed but its library can't be loaded: {error}. "
            "Install it again: pip install --force-reinstall llama-cpp-python"
        ) from error
    complaints: deque[str] = deque(maxlen=3)
    callback = api.llama_log_callback(_log_to(complaints))
    api.llama_log_set(callback, ctypes.c_void_p(None))
    api.llama_backend_init()
    return LlamaLibrary(api, complaints, callback)


def _log_to(complaints: deque[str]) -> Callable[[int, bytes, int | None], None]:
    def log(level: int, line: bytes, _user_data: int | None) -> None:
        text = line.decode("utf-8", "replace").strip()
        if not text:
            return
        if level == _ERROR_LEVEL:
            complaints.append(text)
        _LOGGER.log(_LEVELS.get(level, logging.DEBUG), "%s", text)

    return log

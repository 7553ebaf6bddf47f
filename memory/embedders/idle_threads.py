"""Lets the threads of an embedding model sleep between its runs.

By onnxruntime's default they spin for milliseconds after each run, in case another comes: embedding one question cost
12 ms of processor time instead of 3, taken from the search that runs beside it, from the chat model, from everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastembed import TextEmbedding
    from onnxruntime import SessionOptions

OPENED: Mapping[str, Any] = {"lazy_load": True, "enable_cpu_mem_arena": True}
"""What a model must be opened with: not loaded yet, and with an option (onnxruntime's default) to hang the other on."""


def sleeping_when_idle(model: TextEmbedding) -> TextEmbedding:
    """Return a model, opened with `OPENED` and not loaded yet, whose threads will sleep between its runs."""
    # fastembed lets through but one of onnxruntime's options, and sets them all in this method.
    model.model.add_extra_session_options = _set  # type: ignore[attr-defined]  # every model that fastembed runs by onnxruntime has it
    return model


def _set(options: SessionOptions, _let_through: Mapping[str, Any]) -> None:
    options.add_session_config_entry("session.force_spinning_stop", "1")

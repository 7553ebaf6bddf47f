"""llama.cpp with nothing around it: tokens in, the likeliest tokens out."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.models import Sampling, Turn
from bot.models.llama.engine import LlamaSettings
from bot.models.llama.library import open_library
from bot.models.llama.sampler import sampler_chain
from bot.models.llama.vocabulary import LlamaVocabulary
from bot.models.templates import find_template


class BareLlama:
    """A model and a context by llama.cpp's own functions, with the settings that we open it with."""

    def __init__(self, settings: LlamaSettings, template: str) -> None:
        self._library = open_library()
        self._api = self._library.api
        parameters = self._api.llama_model_default_params()
        parameters.n_gpu_layers = settings.gpu_layers
        self._model = self._api.llama_model_load_from_file(os.fsencode(settings.path), parameters)
        self._template = find_template(template)
        self._vocabulary = LlamaVocabulary(self._library, self._model)
        self._vocabulary.use_template(self._template)
        opened = self._api.llama_context_default_params()
        opened.n_ctx = self._size = settings.context_size
        opened.n_batch = opened.n_ubatch = self._batch = settings.batch
        opened.n_threads = opened.n_threads_batch = settings.threads or os.cpu_count() or 1
        opened.swa_full = True
        self._context = self._api.llama_init_from_model(self._model, opened)

    def tokens(self, turns: Sequence[Turn]) -> list[int]:
        """Return a prompt's tokens."""
        return self._vocabulary.encode(self._template.render(turns))

    def read(self, tokens: Sequence[int]) -> None:
        """Evaluate tokens after what was read before."""
        for start in range(0, len(tokens), self._batch):
            part = tokens[start : start + self._batch]
            self._decode((ctypes.c_int32 * len(part))(*part))

    def forget(self) -> None:
        """Start over."""
        self._api.llama_memory_clear(self._api.llama_get_memory(self._context), True)  # noqa: FBT003 (a C function)

    def generate(self, count: int, sampling: Sampling) -> None:
        """Choose and evaluate `count` tokens."""
        with sampler_chain(self._library, self._vocabulary, self._size, sampling) as chain:
            for left in range(count, 0, -1):
                token = self._api.llama_sampler_sample(chain, self._context, -1)
                if left > 1:
                    self._decode((ctypes.c_int32 * 1)(token))

    def close(self) -> None:
        """Free everything."""
        self._api.llama_free(self._context)
        self._api.llama_model_free(self._model)

    def _decode(self, tokens: ctypes.Array[ctypes.c_int32]) -> None:
        if self._api.llama_decode(self._context, self._api.llama_batch_get_one(tokens, len(tokens))):
            raise RuntimeError("llama.cpp could not evaluate the tokens")


@contextmanager
def bare_llama(settings: LlamaSettings, template: str) -> Iterator[BareLlama]:
    """Open a bare model for the block."""
    model = BareLlama(settings, template)
    try:
        yield model
    finally:
        model.close()

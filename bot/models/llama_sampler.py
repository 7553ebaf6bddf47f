"""The chain of samplers by which llama.cpp chooses the next token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.models import Sampling
from bot.models.llama_library import LlamaLibrary

# The defaults of llama.cpp's own programs, for what is not set.
_TOP_K = 40
_TOP_P = 0.95
_MIN_P = 0.05

_RANDOM_SEED = 0xFFFFFFFF
_KEEP_AT_LEAST = 1


@contextmanager
def sampler_chain(library: LlamaLibrary, vocabulary_size: int, context_size: int, sampling: Sampling) -> Iterator[int]:
    """Yield a chain for one answer, in llama.cpp's own order: penalties, top-k, top-p, min-p, temperature, choice.

    What is None takes the default of llama.cpp's programs (top-k 40, top-p 0.95, min-p 0.05). The penalty
    looks at the answer alone, so that names and dates from the prompt may be quoted; a negative `repeat_last_n`
    means all of it. Temperature 0 always takes the likeliest token.
    """
    api = library.api
    chain: int = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
    try:
        for sampler in _samplers(library, vocabulary_size, context_size, sampling):
            api.llama_sampler_chain_add(chain, sampler)
        yield chain
    finally:
        api.llama_sampler_free(chain)


def _samplers(library: LlamaLibrary, vocabulary_size: int, context_size: int, sampling: Sampling) -> Iterator[int]:
    api = library.api
    window = context_size if sampling.repeat_last_n < 0 else sampling.repeat_last_n
    if sampling.repeat_penalty != 1.0 and window:
        yield api.llama_sampler_init_penalties(vocabulary_size, window, sampling.repeat_penalty, 0.0, 0.0)
    if sampling.temperature <= 0:
        yield api.llama_sampler_init_greedy()
        return
    yield api.llama_sampler_init_top_k(_TOP_K if sampling.top_k is None else sampling.top_k)
    yield api.llama_sampler_init_top_p(_TOP_P if sampling.top_p is None else sampling.top_p, _KEEP_AT_LEAST)
    yield api.llama_sampler_init_min_p(_MIN_P if sampling.min_p is None else sampling.min_p, _KEEP_AT_LEAST)
    yield api.llama_sampler_init_temp(sampling.temperature)
    yield api.llama_sampler_init_dist(_RANDOM_SEED if sampling.seed is None else sampling.seed & _RANDOM_SEED)

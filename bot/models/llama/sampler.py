"""The chain of samplers by which llama.cpp chooses the next token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import ModelError
from bot.models import Sampling
from bot.models.llama.library import LlamaLibrary
from bot.models.llama.vocabulary import LlamaVocabulary

# The defaults of llama.cpp's own programs, for what is not set.
_TOP_K = 40
_TOP_P = 0.95
_MIN_P = 0.05

_RANDOM_SEED = 0xFFFFFFFF
_KEEP_AT_LEAST = 1


@contextmanager
def sampler_chain(
    library: LlamaLibrary, vocabulary: LlamaVocabulary, context_size: int, sampling: Sampling
) -> Iterator[int]:
    """Yield a chain for one answer: grammar, and then in llama.cpp's own order penalties, top-k, top-p, and so on.

    What is None takes the default of llama.cpp's programs (top-k 40, top-p 0.95, min-p 0.05). The penalty
    looks at the answer alone, so that names and dates from the prompt may be quoted; a negative `repeat_last_n`
    means all of it. Temperature 0 always takes the likeliest token. Raises ModelError for a bad schema.
    """
    api = library.api
    chain: int = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
    try:
        if sampling.json_schema is not None:
            api.llama_sampler_chain_add(chain, _without_turn_marks(library, vocabulary))
            api.llama_sampler_chain_add(chain, _grammar(library, vocabulary, sampling.json_schema))
        for sampler in _samplers(library, vocabulary.size, context_size, sampling):
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


def _without_turn_marks(library: LlamaLibrary, vocabulary: LlamaVocabulary) -> int:
    """Return what never chooses a mark of the template, which to a grammar is a text as any other."""
    api, marks = library.api, sorted(vocabulary.turn_marks)
    biases = (api.llama_logit_bias * len(marks))(*[api.llama_logit_bias(mark, float("-inf")) for mark in marks])
    pointer: int = api.llama_sampler_init_logit_bias(vocabulary.size, len(marks), biases)
    return pointer


def _grammar(library: LlamaLibrary, vocabulary: LlamaVocabulary, schema: str) -> int:
    """Return what allows only tokens that go on with JSON by this schema, and the end only where that is whole."""
    from llama_cpp.llama_grammar import json_schema_to_gbnf  # noqa: PLC0415 (a library that is loaded when used)

    library.complaints.clear()
    try:
        grammar: str = json_schema_to_gbnf(schema)
    except (AssertionError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"llama.cpp can't hold an answer to this schema: {error}") from error
    sampler = library.api.llama_sampler_init_grammar(vocabulary.pointer, grammar.encode(), b"root")
    if not sampler:
        raise ModelError(f"llama.cpp can't hold an answer to this schema: {'; '.join(library.complaints)}")
    pointer: int = sampler
    return pointer

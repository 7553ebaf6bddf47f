"""A GGUF model loaded by llama.cpp: evaluates prompts, keeps what it has read, generates token by token.

Everything here blocks and, but for the vocabulary, belongs to one thread: llama.cpp has no lock.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from bot.errors import ModelError, ModelFileError
from bot.models import Sampling, SpeedReport, Turn
from bot.models.answer_text import AnswerText
from bot.models.gguf_check import checked_header
from bot.models.gguf_header import GgufHeader
from bot.models.jinja_template import JinjaTemplate
from bot.models.llama_library import LlamaLibrary, open_library
from bot.models.llama_sampler import sampler_chain
from bot.models.llama_vocabulary import LlamaVocabulary, common_prefix
from bot.models.templates import TEMPLATES, TurnTemplate, named_template, recognise


@dataclass(frozen=True, slots=True)
class LlamaSettings:
    """How to load a GGUF model; the names are those of the settings section `model`.

    `context_size` is in tokens and never more than the model was trained for. `threads` None takes all cores
    this process may use. `batch` is how many prompt tokens are evaluated between two looks at whether the
    answer is still wanted. `gpu_layers` -1 means all. `template` None takes the file's own.
    """

    path: Path
    context_size: int = 4096
    threads: int | None = None
    batch: int = 512
    gpu_layers: int = 0
    main_gpu: int = 0
    template: str | None = None


class LlamaEngine:
    """A loaded model with one context. Raises ModelFileError for a bad file, ModelError for a bad setting."""

    def __init__(self, settings: LlamaSettings) -> None:
        header = checked_header(settings.path)
        self.name = header.name
        """The model's name from its metadata, or its file's."""
        self._library = open_library()
        self._api = self._library.api
        self._held: list[int] = []
        self._token = (ctypes.c_int32 * 1)()
        self._context: int | None = None
        self._model = _load_model(self._library, settings)
        try:
            self.vocabulary = LlamaVocabulary(self._library, self._model)
            self._template = _choose_template(header, settings.template)
            self.vocabulary.use_template(self._template)
            self._context = _open_context(self._library, self._model, settings)
        except BaseException:
            self.close()
            raise
        self._batch: int = self._api.llama_n_batch(self._context)
        self.context_size: int = min(self._api.llama_n_ctx(self._context), settings.context_size)

    def close(self) -> None:
        """Free the model's memory."""
        if self._context is not None:
            self._api.llama_free(self._context)
            self._context = None
        if self._model is not None:
            self._api.llama_model_free(self._model)
            self._model = None

    def answer(
        self, turns: Sequence[Turn], sampling: Sampling, cancelled: Callable[[], bool]
    ) -> Iterator[str | SpeedReport]:
        """Yield the answer in pieces as it grows, and at last its report unless it was cancelled."""
        started = perf_counter()
        prompt = self.vocabulary.encode(self._template.render(turns))
        reused = self._take_prompt(prompt, cancelled)
        if cancelled():
            return
        evaluated = perf_counter()
        text = AnswerText((*self._template.stops, *sampling.stop))
        limit = min(sampling.max_tokens, self.context_size - len(prompt))
        generated, first = 0, 0.0
        for token in self._tokens(sampling, limit, cancelled):
            generated += 1
            first = first or perf_counter()
            piece = text.feed(self.vocabulary.piece(token))
            if piece:
                yield piece
            if text.stopped:
                break
        if cancelled():
            return
        if piece := text.finish():
            yield piece
        ended = perf_counter()
        yield SpeedReport(
            prompt_tokens=len(prompt),
            reused_tokens=reused,
            generated_tokens=generated,
            first_token_seconds=(first or ended) - started,
            prompt_seconds=evaluated - started,
            generation_seconds=ended - evaluated,
        )

    def compare(self, turns: Sequence[Turn], options: Sequence[str], cancelled: Callable[[], bool]) -> list[float]:
        """Return the log-probability of each option's first token after the turns; empty if it was cancelled."""
        firsts = [self.vocabulary.encode_data(option)[:1] for option in options]
        if not all(firsts):
            raise ModelError("An option to compare is empty: each needs at least one token.")
        self._take_prompt(self.vocabulary.encode(self._template.render(turns)), cancelled)
        if cancelled():
            return []
        size = self.vocabulary.size
        logits = np.ctypeslib.as_array(self._api.llama_get_logits_ith(self._context, -1), (size,)).astype(np.float64)
        largest = logits.max()  # (subtracted, so that no exponential overflows)
        total = largest + np.log(np.exp(logits - largest).sum())
        return [float(logits[token] - total) for (token,) in firsts]

    def _tokens(self, sampling: Sampling, limit: int, cancelled: Callable[[], bool]) -> Iterator[int]:
        """Generate until an end token, `limit` tokens or a cancellation."""
        sample, ends = self._api.llama_sampler_sample, self.vocabulary.ends
        with sampler_chain(self._library, self.vocabulary, self.context_size, sampling) as chain:
            for left in range(limit, 0, -1):
                token = sample(chain, self._context, -1)
                if token in ends:
                    return
                yield token
                if left == 1 or cancelled():
                    return
                self._token[0] = token
                self._decode(self._token, 1)
                self._held.append(token)

    def _take_prompt(self, prompt: list[int], cancelled: Callable[[], bool]) -> int:
        """Evaluate what of the prompt is not held yet, and return how many of its tokens were."""
        if len(prompt) >= self.context_size:
            raise ModelError(
                f"The prompt has {len(prompt)} tokens and the model's context only {self.context_size}, "
                "answer included. Raise model.context_size, or lower recall.token_budget."
            )
        # The last token is always evaluated: the choice of the next one needs its outcome.
        reused = self._keep(min(common_prefix(self._held, prompt), len(prompt) - 1))
        for start in range(reused, len(prompt), self._batch):
            if cancelled():
                break
            part = prompt[start : start + self._batch]
            self._decode((ctypes.c_int32 * len(part))(*part), len(part))
            self._held += part
        return reused

    def _keep(self, count: int) -> int:
        """Forget all but the first `count` tokens, or all where the model can't keep a part; return what is left."""
        memory = self._api.llama_get_memory(self._context)
        if count and self._api.llama_memory_seq_rm(memory, 0, count, -1):
            del self._held[count:]
            return count
        self._api.llama_memory_clear(memory, True)  # noqa: FBT003 (a C function: "data buffers too")
        self._held.clear()
        return 0

    def _decode(self, tokens: ctypes.Array[ctypes.c_int32], count: int) -> None:
        status = self._api.llama_decode(self._context, self._api.llama_batch_get_one(tokens, count))
        if status != 0:
            self._keep(0)
            raise ModelError(
                f"llama.cpp could not evaluate {count} tokens (status {status}). "
                "If memory is short, lower model.context_size or model.batch."
            )


def _load_model(library: LlamaLibrary, settings: LlamaSettings) -> int | None:
    library.complaints.clear()
    parameters = library.api.llama_model_default_params()
    parameters.n_gpu_layers = settings.gpu_layers
    parameters.main_gpu = settings.main_gpu
    model: int | None = library.api.llama_model_load_from_file(os.fsencode(settings.path), parameters)
    if not model:
        raise ModelFileError(
            f"{settings.path}: llama.cpp can't load this model{_reason(library)}. "
            "Download it again, or update the engine if the model is newer: pip install -U llama-cpp-python."
        )
    return model


def _open_context(library: LlamaLibrary, model: int | None, settings: LlamaSettings) -> int:
    api = library.api
    library.complaints.clear()
    threads = settings.threads or _cores()
    parameters = api.llama_context_default_params()
    parameters.n_ctx = min(settings.context_size, api.llama_model_n_ctx_train(model))
    parameters.n_batch = parameters.n_ubatch = min(settings.batch, parameters.n_ctx)
    parameters.n_threads = parameters.n_threads_batch = threads
    # Without it a sliding-window model forgets what it would need to go on from an earlier prefix.
    parameters.swa_full = True
    context: int | None = api.llama_init_from_model(model, parameters)
    if not context:
        raise ModelError(
            f"{settings.path}: llama.cpp can't open a context of {parameters.n_ctx} tokens{_reason(library)}. "
            "Lower model.context_size, or model.gpu_layers if the graphics card's memory is short."
        )
    return context


def _choose_template(header: GgufHeader, name: str | None) -> TurnTemplate:
    if name is not None:
        return named_template(name)
    source = header.chat_template
    if not source:
        raise ModelError(
            f"{header.path}: the model file names no chat template. "
            f"Set model.template to the one its makers trained it with: {', '.join(TEMPLATES)}."
        )
    if known := recognise(source):
        return TEMPLATES[known]
    return JinjaTemplate(source, header.path)


def _reason(library: LlamaLibrary) -> str:
    return f" ({'; '.join(library.complaints)})" if library.complaints else ""


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)  # (not on macOS and Windows)
    return len(affinity(0)) if affinity else os.cpu_count() or 1

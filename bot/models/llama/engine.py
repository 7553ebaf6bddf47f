"""A GGUF model loaded by llama.cpp, with the one context that all of its sequences share."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ModelError, ModelFileError
from bot.models import Turn
from bot.models.file_template import choose_template
from bot.models.gguf_check import check_header
from bot.models.llama.context import LlamaContext
from bot.models.llama.library import LlamaLibrary, open_library
from bot.models.llama.vocabulary import LlamaVocabulary, common_prefix
from bot.models.visible_text import turn_text

IDLE_SEQUENCES = 4
"""How many conversations that nobody is answering right now stay evaluated, beside as many as are answered together."""
PREFIX_SEQUENCES = 4
"""How many fixed prefixes stay evaluated: one for each kind of prompt."""


@dataclass(frozen=True, slots=True)
class LlamaSettings:
    """How to load a GGUF model; the names are those of the settings section `model`.

    `context_size` is in tokens and never more than the model was trained for. `threads` None takes all cores
    this process may use. `batch` is how many prompt tokens are evaluated between two looks at whether the
    answer is still wanted. `gpu_layers` -1 means all. `template` None takes the file's own. `parallel` is how many
    answers are generated together. Evaluated prefixes are kept in `prefix_folder`, None for nowhere.
    """

    path: Path
    context_size: int = 4096
    threads: int | None = None
    batch: int = 512
    gpu_layers: int = 0
    main_gpu: int = 0
    template: str | None = None
    parallel: int = 4
    prefix_folder: Path | None = None

    @property
    def cells(self) -> int:
        """How many tokens the whole context holds: more than one answer's share where several are kept."""
        return self.context_size * (2 if self.parallel > 1 else 1)


@dataclass(frozen=True, slots=True)
class EncodedPrompt:
    """A prompt in tokens; the first `fixed` of them are the same in every prompt of its kind.

    `opening` is the marker that the answer follows. What is `private` is kept in memory alone.
    """

    tokens: list[int]
    fixed: int
    opening: str
    private: bool = False


class LlamaEngine:
    """A loaded model with one context. Raises ModelFileError for a bad file, ModelError for a bad setting.

    Everything but `vocabulary` belongs to one thread: llama.cpp has no lock.
    """

    def __init__(self, settings: LlamaSettings) -> None:
        header = check_header(settings.path)
        self.name = header.name
        """The model's name from its metadata, or its file's."""
        self.library = open_library()
        self._context: LlamaContext | None = None
        self._model = _load_model(self.library, settings)
        try:
            self.vocabulary = LlamaVocabulary(self.library, self._model)
            self.template = choose_template(header, settings.template)
            self.vocabulary.use_template(self.template)
            self._context = _open_context(self.library, self._model, settings)
        except BaseException:
            self.close()
            raise
        trained: int = self.library.api.llama_model_n_ctx_train(self._model)
        self.context_size = min(settings.context_size, trained)
        self.load_seconds = 0.0
        """How long it took to load."""

    @property
    def context(self) -> LlamaContext:
        """The context. Raises ModelError once it is closed."""
        if self._context is None:
            raise ModelError("The model is closed.")
        return self._context

    @property
    def keeps_parts(self) -> bool:
        """Whether the beginning of what was evaluated can be kept without its end: recurrent models can't."""
        api = self.library.api
        return not (api.llama_model_is_recurrent(self._model) or api.llama_model_is_hybrid(self._model))

    def encode(self, turns: tuple[Turn, ...], fixed_turns: int, *, private: bool = False) -> EncodedPrompt:
        """Return a prompt's tokens; the thinking of earlier answers is left out of it."""
        shown = [Turn(turn.role, turn_text(turn)) for turn in turns]
        segments = self.template.render(shown)
        tokens = self.vocabulary.encode(segments)
        fixed = 0
        if 0 < fixed_turns < len(turns):
            beginning = self.vocabulary.encode(self.template.render(shown[:fixed_turns]))
            fixed = common_prefix(beginning, tokens)
        opening = segments[-1].text if segments and segments[-1].marker else ""
        return EncodedPrompt(tokens, fixed, opening, private)

    def close(self) -> None:
        """Free the model's memory."""
        if self._context is not None:
            self._context.close()
            self._context = None
        if self._model is not None:
            self.library.api.llama_model_free(self._model)
            self._model = None


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


def _open_context(library: LlamaLibrary, model: int | None, settings: LlamaSettings) -> LlamaContext:
    api = library.api
    library.complaints.clear()
    threads = settings.threads or _cores()
    parameters = api.llama_context_default_params()
    parameters.n_ctx = min(settings.cells, 2 * api.llama_model_n_ctx_train(model))
    parameters.n_batch = parameters.n_ubatch = min(settings.batch, parameters.n_ctx)
    parameters.n_threads = parameters.n_threads_batch = threads
    # One pool of cells for all sequences: a prefix is shared without a copy, and an idle sequence costs no room
    # that another could not have.
    parameters.kv_unified = True
    parameters.n_seq_max = settings.parallel + IDLE_SEQUENCES + 1 + PREFIX_SEQUENCES
    # Without it a sliding-window model forgets what it would need to go on from an earlier prefix.
    parameters.swa_full = True
    context: int | None = api.llama_init_from_model(model, parameters)
    if not context:
        raise ModelError(
            f"{settings.path}: llama.cpp can't open a context of {parameters.n_ctx} tokens{_reason(library)}. "
            "Lower model.context_size, or model.gpu_layers if the graphics card's memory is short."
        )
    return LlamaContext(api, context)


def _reason(library: LlamaLibrary) -> str:
    return f" ({'; '.join(library.complaints)})" if library.complaints else ""


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)  # (not on macOS and Windows)
    return len(affinity(0)) if affinity else os.cpu_count() or 1

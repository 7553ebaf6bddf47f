"""Runs a sentence model by ONNX Runtime alone, as fastembed would, without the quarter second that its import takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

PAD = "[PAD]"


class OnnxEncoder:
    """A graph that pools and normalises, and its tokenizer. Any number of threads may call it at once.

    Each call computes in the thread that makes it: batches side by side keep more processors busy than one batch that
    is split among them, and a question costs half the processor time.
    """

    def __init__(self, graph: Path, tokenizer: Path, *, max_tokens: int) -> None:
        """Load both. Raises whatever ONNX Runtime and the tokenizer raise."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(max_length=max_tokens)
        self._tokenizer.no_padding()  # texts are batched by their tokens first
        self._pad = self._tokenizer.token_to_id(PAD)

    def embed(self, documents: Sequence[str], batch_size: int = 0, /) -> Iterable[npt.NDArray[np.number]]:  # noqa: ARG002 (a batch is what it is given)
        """Return the vectors of texts, all computed at once."""
        return self.embed_tokens(self.tokenize(documents))

    def tokenize(self, documents: Sequence[str], /) -> list[Sequence[int]]:
        """Return the tokens of each text, cut to what the model takes."""
        return [each.ids for each in self._tokenizer.encode_batch(list(documents))]

    def embed_tokens(self, rows: Sequence[Sequence[int]], /) -> Iterable[npt.NDArray[np.number]]:
        """Return the vectors of texts, all computed at once."""
        lengths = np.array([len(row) for row in rows])
        mask = np.arange(lengths.max()) < lengths[:, None]
        ids = np.full(mask.shape, self._pad, dtype=np.int64)
        ids[mask] = np.concatenate([np.asarray(row, dtype=np.int64) for row in rows])
        made = {"input_ids": ids, "attention_mask": mask.astype(np.int64), "token_type_ids": np.zeros_like(ids)}
        vectors: npt.NDArray[np.float32] = self._session.run(None, {name: made[name] for name in self._inputs})[0]
        return vectors

    def query_embed(self, query: str, /) -> Iterable[npt.NDArray[np.number]]:
        """Return the vector of a question as the only one."""
        return self.embed([query])

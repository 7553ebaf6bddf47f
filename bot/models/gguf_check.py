"""Refuses GGUF files that llama.cpp would not survive.

llama.cpp reports most damage, but some of it ends the whole process (a mapped page past the end of the
file, a division by an impossible number of heads). What is checked here is what ends the process.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import NoReturn

from bot.errors import ModelFileError
from bot.models.ggml_types import TENSOR_TYPES
from bot.models.gguf_header import GgufHeader, MetadataArray, Tensor, read_header

_MOST_LAYERS = 512  # (llama.cpp's own LLAMA_MAX_LAYERS)
_BYTE_TOKENS = frozenset(b"<0x%02X>" % octet for octet in range(256))


def check_header(path: Path) -> GgufHeader:
    """Return the head of a GGUF file whose tensors lie within it; ModelFileError says what is wrong."""
    try:
        found = path.stat()
    except OSError:
        return _check_header(path, 0, 0)  # reading it says what is wrong
    return _check_header(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=1)  # whoever has looked whether a file can answer loads it next
def _check_header(path: Path, size: int, changed: int) -> GgufHeader:  # noqa: ARG001 (part of the key)
    header = read_header(path)
    for tensor in header.tensors:
        _check_tensor(header, tensor)
    _check_metadata(header)
    _check_vocabulary(header)
    return header


def _check_tensor(header: GgufHeader, tensor: Tensor) -> None:
    kind = TENSOR_TYPES.get(tensor.type)
    if kind is None:
        _refuse(header, f"the tensor {tensor.name} has the unknown number format {tensor.type}")
    if not tensor.shape or 0 in tensor.shape:
        _refuse(header, f"the tensor {tensor.name} has no numbers in it")
    if tensor.shape[0] % kind.block:
        _refuse(header, f"the tensor {tensor.name} has rows of {tensor.shape[0]}, which {kind.name} can't hold")
    end = header.data_start + tensor.offset + tensor.elements // kind.block * kind.size
    if end > header.file_size:
        raise ModelFileError(
            f"{header.path}: the file is cut off: it has {header.file_size} bytes, and the tensor {tensor.name} "
            f"ends at byte {end}. Download the model again."
        )


def _check_metadata(header: GgufHeader) -> None:
    if not header.architecture:
        _refuse(header, "general.architecture is missing")
    if not header.tensors:
        _refuse(header, "there are no tensors in it")
    for key, most in (("context_length", None), ("embedding_length", None), ("block_count", _MOST_LAYERS)):
        value = header.number(f"{header.architecture}.{key}")
        if value is None or value <= 0 or value > (most or value):
            _refuse(header, f"{header.architecture}.{key} is missing or impossible")
    for key, number in header.metadata.items():
        if isinstance(number, float) and not (isfinite(number) and (number >= 0 or "epsilon" not in key)):
            _refuse(header, f"{key} is impossible: {number}")


def _check_vocabulary(header: GgufHeader) -> None:
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, MetadataArray) or not tokens.texts:
        _refuse(header, "tokenizer.ggml.tokens is missing, so it can't read or write text")
    named = [text for text in tokens.texts if text]  # (llama.cpp gives the empty ones names)
    different = frozenset(named)
    if len(different) < len(named):
        _refuse(header, "tokenizer.ggml.tokens holds the same token twice")
    if header.text("tokenizer.ggml.model") == "llama" and not different >= _BYTE_TOKENS:
        _refuse(header, "tokenizer.ggml.tokens lacks some of the 256 bytes, so not every text can be read")


def _refuse(header: GgufHeader, what: str) -> NoReturn:
    raise ModelFileError(
        f"{header.path}: this model file can't be used: {what}. "
        "Download it again, or set model.path to a GGUF file of a text model."
    )

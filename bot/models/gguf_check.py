"""Refuses GGUF files that llama.cpp would not survive.

llama.cpp reports most damage, but some of it ends the whole process (a mapped page past the end of the
file, a division by an impossible number of heads). What is checked here is what ends the process.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from bot.errors import ModelFileError
from bot.models.ggml_types import TENSOR_TYPES
from bot.models.gguf_header import GgufHeader, MetadataArray, Tensor, read_header


def checked_header(path: Path) -> GgufHeader:
    """Return the head of a GGUF file whose tensors lie within it; ModelFileError says what is wrong."""
    header = read_header(path)
    for tensor in header.tensors:
        _check_tensor(header, tensor)
    _check_metadata(header)
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
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, MetadataArray) or tokens.length == 0:
        _refuse(header, "tokenizer.ggml.tokens is missing, so it can't read or write text")
    for key in ("context_length", "embedding_length", "block_count"):
        value = header.number(f"{header.architecture}.{key}")
        if value is None or value <= 0:
            _refuse(header, f"{header.architecture}.{key} is missing or impossible")


def _refuse(header: GgufHeader, what: str) -> NoReturn:
    raise ModelFileError(
        f"{header.path}: this model file can't be used: {what}. "
        "Download it again, or set model.path to a GGUF file of a text model."
    )

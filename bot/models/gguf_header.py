"""Reads the head of a GGUF file: what the model is, without loading it.

Layout (GGUF versions 2 and 3, little-endian): magic, version, tensor count, metadata count; the metadata as
key, type, value; per tensor a name, dimensions, type and offset; then, aligned, the tensors' data.
Source: the GGUF specification of the ggml project.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from bot.errors import ModelFileError
from bot.models.ggml_types import FILE_TYPES, TENSOR_TYPES

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MOST_ENTRIES = 1_000_000
_MOST_DIMENSIONS = 4


@dataclass(frozen=True, slots=True)
class MetadataArray:
    """A list in the metadata: how long it is, and its texts if it is a list of texts (numbers are not kept)."""

    length: int
    texts: tuple[bytes, ...] = field(default=(), repr=False)


Metadata = dict[str, str | int | float | bool | MetadataArray]


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor's data lies: `offset` counts from the start of the file's data."""

    name: str
    shape: tuple[int, ...]
    type: int
    offset: int

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        product = 1
        for length in self.shape:
            product *= length
        return product


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What a GGUF file says of itself; `data_start` is the byte at which the tensors' data begins."""

    path: Path
    file_size: int
    version: int
    metadata: Metadata
    tensors: tuple[Tensor, ...]
    data_start: int

    def text(self, key: str) -> str:
        """Return the text under `key`, empty if there is none."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int | None:
        """Return the whole number under `key`, None if there is none."""
        value = self.metadata.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def architecture(self) -> str:
        """The family as llama.cpp names it: "llama", "qwen2", "gemma3"."""
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        """The model's name, the file's where it has none."""
        return self.text("general.name") or self.path.stem

    @property
    def licence(self) -> str:
        """The licence it names, empty if none."""
        return self.text("general.license")

    @property
    def chat_template(self) -> str:
        """The Jinja source of its chat template, empty if none."""
        return self.text("tokenizer.chat_template")

    @property
    def context_length(self) -> int | None:
        """How many tokens it was trained to read at once."""
        return self.number(f"{self.architecture}.context_length")

    @property
    def parameters(self) -> int:
        """How many weights it has."""
        return sum(tensor.elements for tensor in self.tensors)

    @property
    def quantisation(self) -> str:
        """The number format of its weights: the one it names, else the one that most weights have."""
        named = FILE_TYPES.get(self.number("general.file_type") or -1)
        if named is not None or not self.tensors:
            return named or "unknown"
        largest = max(self.tensors, key=lambda tensor: tensor.elements)
        known = TENSOR_TYPES.get(largest.type)
        return known.name if known else "unknown"


def read_header(path: Path) -> GgufHeader:
    """Return the head of the GGUF file at `path`; ModelFileError if there is none, or it is damaged."""
    try:
        with path.open("rb") as file:
            file_size = path.stat().st_size
            if file_size == 0:
                raise ModelFileError(f"{path}: the file is empty. Download the model again.")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return _GgufReader(path, content).header()
    except FileNotFoundError as error:
        raise ModelFileError(f"{path}: there is no such file. Set model.path to a GGUF file.") from error
    except OSError as error:
        raise ModelFileError(f"{path}: can't be read: {error.strerror}. Set model.path to a GGUF file.") from error


class _GgufReader:
    """Walks over the mapped file; every read is checked against its end."""

    def __init__(self, path: Path, content: mmap.mmap) -> None:
        self._path = path
        self._content = content
        self._size = len(content)
        self._at = 0

    def header(self) -> GgufHeader:
        if self._content[:4] != b"GGUF":
            raise ModelFileError(
                f"{self._path}: this is not a GGUF file (it begins with {bytes(self._content[:4])!r}). "
                "Set model.path to a model in the GGUF format."
            )
        self._at = 4
        version = self._integer("I")
        if version not in (2, 3):
            self._refuse(f"has GGUF version {version}, and only 2 and 3 are known")
        tensor_count, metadata_count = self._count("tensors"), self._count("metadata entries")
        metadata = dict(self._entry() for _ in range(metadata_count))
        tensors = tuple(self._tensor() for _ in range(tensor_count))
        return GgufHeader(self._path, self._size, version, metadata, tensors, self._data_start(metadata))

    def _entry(self) -> tuple[str, str | int | float | bool | MetadataArray]:
        return self._string(), self._value(self._integer("I"))

    def _value(self, kind: int) -> str | int | float | bool | MetadataArray:
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            return self._array()
        if kind not in _SCALARS:
            self._refuse(f"has a metadata value of the unknown type {kind}")
        value: int | float | bool = self._unpack(_SCALARS[kind])
        return value

    def _array(self) -> MetadataArray:
        kind, length = self._integer("I"), self._integer("Q")
        if kind == _STRING:
            return MetadataArray(length, tuple(self._octets() for _ in range(length)))
        if kind not in _SCALARS:
            self._refuse(f"has a metadata list of the unknown type {kind}")
        self._skip(length * struct.calcsize(_SCALARS[kind]))
        return MetadataArray(length)

    def _tensor(self) -> Tensor:
        name, dimensions = self._string(), self._integer("I")
        if dimensions > _MOST_DIMENSIONS:
            self._refuse(f"has a tensor of {dimensions} dimensions")
        shape = tuple(self._integer("Q") for _ in range(dimensions))
        return Tensor(name, shape, self._integer("I"), self._integer("Q"))

    def _data_start(self, metadata: Metadata) -> int:
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment < 1 or alignment & (alignment - 1):
            self._refuse(f"has the impossible alignment {alignment}")
        return -(-self._at // alignment) * alignment

    def _count(self, what: str) -> int:
        count = self._integer("Q")
        if count > _MOST_ENTRIES:
            self._refuse(f"claims {count} {what}")
        return count

    def _string(self) -> str:
        return self._octets().decode("utf-8", "replace")

    def _octets(self) -> bytes:
        start, length = self._at + 8, self._integer("Q")
        self._skip(length)
        return self._content[start : start + length]

    def _integer(self, code: str) -> int:
        return int(self._unpack(code))

    def _unpack(self, code: str) -> int | float | bool:
        start = self._at
        self._skip(struct.calcsize("<" + code))
        value: int | float | bool = struct.unpack_from("<" + code, self._content, start)[0]
        return value

    def _skip(self, length: int) -> None:
        self._at += length
        if self._at > self._size:
            self._refuse(f"ends within its head, after {self._size} bytes")

    def _refuse(self, what: str) -> NoReturn:
        raise ModelFileError(f"{self._path}: the file is damaged: it {what}. Download the model again.")

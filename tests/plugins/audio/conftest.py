from __future__ import annotations

from pathlib import Path

import pytest

from tests import whisper_files


@pytest.fixture(scope="session")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a Whisper model that tells low voices from high ones."""
    return whisper_files.build(tmp_path_factory.mktemp("models") / "whisper-two-voices")

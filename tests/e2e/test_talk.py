from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.real_models import THREADS, real_model

ROOT = Path(__file__).parents[2]


@pytest.mark.real_model
@pytest.mark.slow
def test_the_three_questions_are_answered_by_the_model_with_their_sources(tmp_path: Path) -> None:
    real_model("qwen2.5-coder-0.5b")
    requirements = tmp_path / "engine.txt"  # (never read: the engine is installed where tests run)
    talk = subprocess.run(  # noqa: S603 (our own)
        [sys.executable, "-m", "adapters.talk", "--engine", str(requirements)],
        cwd=ROOT,
        env=os.environ | {"SCRUBJAY_MODEL__THREADS": str(THREADS or 2)},
        input="",
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert talk.returncode == 0, talk.stderr
    assert "Here is what I remember" not in talk.stdout
    for source, word in (("Mara, 3 May 2024", "3 May"), ("Tom", "shellfish"), ("wifi", "azulejo")):
        assert source in talk.stdout
        assert word in talk.stdout

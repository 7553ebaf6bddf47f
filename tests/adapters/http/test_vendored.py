from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / "adapters/http/static/vendor", Path(__file__).parent / "vendor"]


@pytest.mark.parametrize("folder", FOLDERS, ids=["shipped", "for tests"])
def test_each_vendored_script_is_the_one_whose_digest_is_written_beside_it(folder: Path) -> None:
    readme = (folder / "README.md").read_text("utf-8")
    told = dict(re.findall(r"^\| (\S+\.js) \|.*\| ([0-9a-f]{64}) \|$", readme, re.MULTILINE))
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("*.js")} == told
    assert (folder / "LICENSE").is_file()

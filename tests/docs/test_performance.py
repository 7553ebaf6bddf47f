"""What the page on performance names is there."""

from __future__ import annotations

import re
from pathlib import Path

from bot.configuration.settings import MemorySettings
from memory.sqlite.sign_index import BLOCK, CHUNK, SignIndex

DOCS = Path(__file__).parents[2] / "docs"
MEASUREMENTS = (DOCS.parent / "benchmarks" / "__main__.py").read_text("utf-8")
GUIDE = (DOCS / "performance.md").read_text("utf-8")


def test_every_file_and_measurement_that_the_page_names_is_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", GUIDE)
    assert targets
    assert [target for target in targets if not (DOCS / target).exists()] == []
    known = re.findall(r'^    "([\w-]+)": \w+\.measure,$', MEASUREMENTS, re.MULTILINE)
    assert "recall" in known
    assert set(re.findall(r"python -m benchmarks ([\w-]+)", GUIDE)) <= set(known)


def test_the_memory_that_signs_take_is_what_the_page_says() -> None:
    assert "memory.search_cache_mb" in GUIDE
    assert "search_cache_mb" in MemorySettings.model_fields
    assert f"{BLOCK * CHUNK:,} rows at a time" in GUIDE
    million = SignIndex.size(1_000_000 // CHUNK, 384 // 8) / 2**20
    assert f"{round(million)} MB for a million" in GUIDE

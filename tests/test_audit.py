"""What is shipped has licences that allow it, and a known fault of it is found in a file of advisories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit import main


def test_all_that_is_shipped_may_be_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0, capsys.readouterr().out
    assert "0 problems" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("event", "code"), [({"fixed": "9999"}, 1), ({"fixed": "0.0.1"}, 0), ({"last_affected": "0"}, 0)]
)
def test_a_known_fault_counts_where_the_pinned_version_has_it(
    tmp_path: Path, event: dict[str, str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    affected = {"package": {"name": "httpx"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, event]}]}
    file = tmp_path / "advisories.json"
    file.write_text(json.dumps([{"id": "TEST-1", "summary": "bad", "affected": [affected]}]))
    assert main([str(file)]) == code
    assert ("TEST-1" in capsys.readouterr().out) is bool(code)

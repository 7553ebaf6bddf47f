"""Feeds a target with what a coverage-guided fuzzer finds.

atheris is not among the project's own tools, for it has wheels for Linux alone. To run it:

    python -m pip install atheris
    python -m tests.fuzz.with_atheris history-whatsapp -max_total_time=300

The first argument is a target's name; the rest go to libFuzzer. What it finds goes into tests/fuzz/found.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["adapters", "bot", "plugins"]):
    from tests.fuzz.targets import make_targets, read_found


def main() -> None:
    """Fuzz the target that is named first."""
    target = make_targets()[sys.argv[1]]
    with tempfile.TemporaryDirectory(prefix="scrubjay-fuzz-") as corpus:
        for number, seed in enumerate((*target.seeds, *read_found(target.name))):
            Path(corpus, str(number)).write_bytes(seed)
        options = ["-timeout=20", "-rss_limit_mb=2048", "-max_len=20000", *sys.argv[2:]]
        atheris.Setup([sys.argv[0], *options, os.fspath(corpus)], target.run)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

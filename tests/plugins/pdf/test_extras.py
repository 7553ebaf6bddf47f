from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.pdf import documents

_WITHOUT = """
import sys
sys.modules[sys.argv[1]] = None  # as if it were not installed
from pathlib import Path
from bot.errors import FileUnreadable
from plugins.pdf.options import PdfOptions
from plugins.pdf.reader import read_pdf
from plugins.web.article import ArticleOptions, read_article
path = Path(sys.argv[2])
try:
    items = list(read_pdf(path, PdfOptions()) if path.suffix == ".pdf" else read_article(path, ArticleOptions("")))
    print(items[-1].notes[0])
except FileUnreadable as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("missing", "file", "said"),
    [
        ("rapidocr", "scan.pdf", "and was not read. To have pictures of text read: scrubjay extras add ocr"),
        ("trafilatura", "page", "scrubjay extras add web"),
    ],
)
def test_without_an_extra_it_is_said_what_to_install(tmp_path: Path, missing: str, file: str, said: str) -> None:
    documents.written(tmp_path / "text.pdf", "Text.")
    documents.scanned(tmp_path / "scan.pdf", ["Text.", ["A picture"]])
    (tmp_path / "page").write_text("<p>Text.", "utf-8")
    command = [sys.executable, "-c", _WITHOUT, missing, str(tmp_path / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    assert done.stdout.strip().endswith(said)

"""The libraries that listen and read tables: loaded only when a file comes, and named where they are not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.emulators.patience import PATIENCE

ROOT = Path(__file__).parents[2]
LIGHT = """
import sys
import plugins.audio.plugin, plugins.tables.plugin
heavy = ("av", "ctranslate2", "faster_whisper", "polars", "pyarrow", "deltalake")
print([name for name in heavy if name in sys.modules])
"""
WITHOUT = """
import asyncio, sys
from pathlib import Path
sys.modules |= {"polars": None, "faster_whisper": None}
from bot.errors import FileUnreadable
from bot.reading import IncomingFile
from plugins.audio.plugin import AudioPlugin
from plugins.tables.reader import TableOptions, read_table

async def listen():
    async for _ in AudioPlugin().read(IncomingFile(Path("note.ogg"), "note.ogg", "audio/ogg", 1, "x")):
        pass

for attempt in (lambda: list(read_table(Path(sys.argv[1]), TableOptions())), lambda: asyncio.run(listen())):
    try:
        attempt()
    except FileUnreadable as error:
        print(f"{type(error).__name__}: {error}")
"""
LIGHTLY = """
import sys
sys.modules |= dict.fromkeys(["polars", "pyarrow", "deltalake"])
from pathlib import Path
from bot.reading import Piece
from plugins.tables.reader import TableOptions, read_table
print(*(item.text for item in read_table(Path(sys.argv[1]), TableOptions()) if isinstance(item, Piece)))
"""


def said(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout  # noqa: S603 (our own interpreter)


def test_nothing_heavy_is_loaded_before_a_file_comes() -> None:
    assert said(LIGHT) == "[]\n"


def test_what_is_not_installed_is_named_with_what_installs_it(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and so on")
    tables, audio = said(WITHOUT, str(tmp_path / "a.parquet")).splitlines()
    assert tables.startswith("FileUnreadable: I can't read such files yet (polars")
    assert tables.endswith("scrubjay extras add tables")
    assert audio == (
        "NotYetReadable: I can't listen to note.ogg yet: speech recognition is not installed "
        "(scrubjay extras add audio)."
    )


def test_csv_and_json_lines_need_no_library_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Name,City\nInês,Porto\n", "utf-8")
    (tmp_path / "b.jsonl").write_text('{"Name": "Tom", "Age": 7}\n', "utf-8")
    read = [said(LIGHTLY, str(tmp_path / name)).strip() for name in ("a.csv", "b.jsonl")]
    assert read == ["Name: Inês; City: Porto", "Name: Tom; Age: 7"]

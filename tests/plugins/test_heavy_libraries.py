"""The libraries that listen and read tables: loaded only when a file comes, and named where they are not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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

for attempt in (lambda: list(read_table(Path("a.csv"), TableOptions())), lambda: asyncio.run(listen())):
    try:
        attempt()
    except FileUnreadable as error:
        print(f"{type(error).__name__}: {error}")
"""


def said(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout  # noqa: S603 (our own interpreter)


def test_nothing_heavy_is_loaded_before_a_file_comes() -> None:
    assert said(LIGHT) == "[]\n"


def test_what_is_not_installed_is_named_with_what_installs_it() -> None:
    tables, audio = said(WITHOUT).splitlines()
    assert tables.startswith("FileUnreadable: I can't read such files yet (polars")
    assert tables.endswith('pip install "scrubjay[tables]"')
    assert audio == (
        'NotYetReadable: I can\'t listen to note.ogg yet: what hears is not installed (pip install "scrubjay[audio]").'
    )

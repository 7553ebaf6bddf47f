"""What is sent as a file on each platform is read, and cited by its place in the file."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from plugins.audio.plugin import AudioPlugin, AudioSettings
from plugins.pdf.plugin import PdfPlugin
from plugins.tables.plugin import TableSettings, TablesPlugin
from tests import whisper_files
from tests.adapters import bots
from tests.adapters.media_seats import MediaPlatform, open_platform
from tests.plugins.pdf import documents
from tests.speech_sounds import KINDS, silence, voice, write_sound


@pytest.fixture(params=["telegram", "slack", "discord", "whatsapp"])
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[MediaPlatform]:
    async with open_platform(request.param) as platform:
        yield platform


async def test_a_voice_note_is_heard_and_cited_by_its_time(platform: MediaPlatform, tmp_path: Path) -> None:
    ana = platform.direct
    model = whisper_files.build(tmp_path / "whisper")
    note = write_sound(tmp_path / "note.ogg", np.concatenate([silence(42), voice(4)]), KINDS["ogg/opus"])
    audio = AudioPlugin(AudioSettings(model=str(model), threads=1))
    async with bots.talking(tmp_path, [platform.adapter], plugins=[audio]):
        await platform.connected()
        await ana.sends_voice(note.read_bytes())
        await ana.sees("0:46, 1 passage")
        await ana.says("Where does the key lie?")
        answer = await ana.sees(whisper_files.LOW_TEXT)
        assert re.search(r"\[1\] (?:voice|audio)", answer)
        assert any(f", {time}" in answer for time in ("0:41", "0:42"))


async def test_a_table_is_read_and_cited_by_its_row(platform: MediaPlatform, tmp_path: Path) -> None:
    ana = platform.direct
    rules = [{"files": "*.csv", "template": "For {Scenario} you should use {Advice}"}]
    tables = TablesPlugin(TableSettings.model_validate({"rules": rules}))
    async with bots.talking(tmp_path, [platform.adapter], plugins=[tables]):
        await platform.connected()
        await ana.sends_file("advice.csv", b"Scenario,Advice\nrain,an umbrella\nsnow,boots\n", "text/csv")
        await ana.sees("2 rows, 2 passages")
        await ana.says("What should you use for snow?")
        answer = await ana.sees("For snow you should use boots")
        assert "advice.csv, row 2" in answer


async def test_a_pdf_is_read_and_cited_by_its_page(platform: MediaPlatform, tmp_path: Path) -> None:
    ana = platform.direct
    path = tmp_path / "report.pdf"
    documents.scanned(path, ["The museum opens at nine.", "Tickets cost ten euros."])
    async with bots.talking(tmp_path, [platform.adapter], plugins=[PdfPlugin()]):
        await platform.connected()
        await ana.sends_file("report.pdf", path.read_bytes(), "application/pdf")
        await ana.sees("2 pages, 2 passages")
        await ana.says("What do tickets cost?")
        answer = await ana.sees("Tickets cost ten euros")
        assert "report.pdf, p. 2" in answer


async def test_an_encrypted_pdf_is_read_with_the_password_that_is_told(platform: MediaPlatform, tmp_path: Path) -> None:
    ana = platform.direct
    path = tmp_path / "safe.pdf"
    documents.encrypted(path, "sesame")
    async with bots.talking(tmp_path, [platform.adapter], plugins=[PdfPlugin()]):
        await platform.connected()
        await ana.sends_file("safe.pdf", path.read_bytes(), "application/pdf")
        await ana.sees("What is its password?")
        await ana.says("sesame")
        await ana.sees("1 page, 1 passage")

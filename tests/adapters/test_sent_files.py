"""What is sent as a file on each platform is read, and cited by its place in the file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from bot.adapter import Adapter
from plugins.audio.plugin import AudioPlugin, AudioSettings
from plugins.pdf.plugin import PdfPlugin
from plugins.tables.plugin import TableSettings, TablesPlugin
from tests import whisper_files
from tests.adapters import bots, discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.adapters.seats import wait_for_last
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer
from tests.plugins.pdf import documents
from tests.speech_sounds import KINDS, silence, voice, write_sound


@dataclass
class Seat:
    """Ana's chat with the bot: how she sends things, and what the bot has shown her there."""

    adapter: Adapter
    says: Callable[[str], Awaitable[object]]
    sends: Callable[[str, bytes, str], Awaitable[object]]
    shown: Callable[[], list[str]]
    connected: Callable[[], Awaitable[object]] = field(default=lambda: asyncio.sleep(0))

    async def sees(self, text: str) -> str:
        """Wait for a message of the bot that has this in it."""
        return await wait_for_last(lambda: [each for each in self.shown() if text in each], text, self.shown)


@pytest.fixture(params=["telegram", "slack", "discord", "whatsapp"])
async def ana(request: pytest.FixtureRequest) -> AsyncIterator[Seat]:
    async with _SEATS[request.param]() as seat:
        yield seat


@asynccontextmanager
async def _on_telegram() -> AsyncIterator[Seat]:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")

        async def sends(name: str, data: bytes, media_type: str) -> None:
            kind = "voice" if media_type.startswith("audio/") else "document"
            await ana.sends_file(name, data, media_type, kind=kind)

        yield Seat(telegram_bot.adapter_for(server), ana.says, sends, lambda: ana.room.texts)


@asynccontextmanager
async def _on_slack() -> AsyncIterator[Seat]:
    async with SlackServer.open() as server:
        ana = server.person("Ana")

        def shown() -> list[str]:
            return [posted.shown for posted in ana.messages if not posted.is_streaming]

        yield Seat(slack_bot.adapter_for(server), ana.says, ana.sends_file, shown)


@asynccontextmanager
async def _on_discord() -> AsyncIterator[Seat]:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")

        def shown() -> list[str]:
            return [posted.text for posted in ana.room.by_bot()]

        yield Seat(discord_bot.adapter_for(server), ana.says, ana.sends_file, shown, server.connected)


@asynccontextmanager
async def _on_whatsapp() -> AsyncIterator[Seat]:
    async with WhatsAppServer.open() as server:
        ana = server.person("Ana")

        async def sends(name: str, data: bytes, media_type: str) -> None:
            if media_type.startswith("audio/"):
                await ana.sends_media("audio", data, media_type, voice=True)
            else:
                await ana.sends_file(name, data, media_type)

        def shown() -> list[str]:
            return [posted.text for posted in ana.messages]

        yield Seat(whatsapp_bot.adapter_for(server), ana.says, sends, shown)


_SEATS = {"telegram": _on_telegram, "slack": _on_slack, "discord": _on_discord, "whatsapp": _on_whatsapp}


async def test_a_voice_note_is_heard_and_cited_by_its_time(ana: Seat, tmp_path: Path) -> None:
    model = whisper_files.build(tmp_path / "whisper")
    note = write_sound(tmp_path / "note.ogg", np.concatenate([silence(42), voice(4)]), KINDS["ogg/opus"])
    audio = AudioPlugin(AudioSettings(model=str(model), threads=1))
    async with bots.talking(tmp_path, [ana.adapter], plugins=[audio]):
        await ana.connected()
        await ana.sends("voice-message.ogg", note.read_bytes(), "audio/ogg")
        await ana.sees("0:46, 1 passage")
        await ana.says("Where does the key lie?")
        answer = await ana.sees(whisper_files.LOW_TEXT)
        assert "[1] voice" in answer
        assert any(f", {time}" in answer for time in ("0:41", "0:42"))


async def test_a_table_is_read_and_cited_by_its_row(ana: Seat, tmp_path: Path) -> None:
    rules = [{"files": "*.csv", "template": "For {Scenario} you should use {Advice}"}]
    tables = TablesPlugin(TableSettings.model_validate({"rules": rules}))
    async with bots.talking(tmp_path, [ana.adapter], plugins=[tables]):
        await ana.connected()
        await ana.sends("advice.csv", b"Scenario,Advice\nrain,an umbrella\nsnow,boots\n", "text/csv")
        await ana.sees("2 rows, 2 passages")
        await ana.says("What should you use for snow?")
        answer = await ana.sees("For snow you should use boots")
        assert "advice.csv, row 2" in answer


async def test_a_pdf_is_read_and_cited_by_its_page(ana: Seat, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    documents.scanned(path, ["The museum opens at nine.", "Tickets cost ten euros."])
    async with bots.talking(tmp_path, [ana.adapter], plugins=[PdfPlugin()]):
        await ana.connected()
        await ana.sends("report.pdf", path.read_bytes(), "application/pdf")
        await ana.sees("2 pages, 2 passages")
        await ana.says("What do tickets cost?")
        answer = await ana.sees("Tickets cost ten euros")
        assert "report.pdf, p. 2" in answer


async def test_an_encrypted_pdf_is_read_with_the_password_that_is_told(ana: Seat, tmp_path: Path) -> None:
    path = tmp_path / "safe.pdf"
    documents.encrypted(path, "sesame")
    async with bots.talking(tmp_path, [ana.adapter], plugins=[PdfPlugin()]):
        await ana.connected()
        await ana.sends("safe.pdf", path.read_bytes(), "application/pdf")
        await ana.sees("What is its password?")
        await ana.says("sesame")
        await ana.sees("1 page, 1 passage")

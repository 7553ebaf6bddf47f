"""Recordings on this machine, by `scrubjay ingest`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import FileUnreadable
from tests.bot.commands.conftest import Cli
from tests.speech_sounds import KINDS, voice, write_sound
from tests.whisper_files import LOW_TEXT


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    home = tmp_path / "home"
    home.mkdir()
    return Cli(home)


@pytest.fixture
def talk(cli: Cli) -> Path:
    return write_sound(cli.home / "talk.mp3", voice(5), KINDS["mp3"])


def test_a_recording_is_heard_and_cited(cli: Cli, talk: Path, whisper: Path) -> None:
    out = cli.run("ingest", str(talk), "--set", f"audio.model={whisper}", "--set", "audio.threads=1").out
    assert "1 file" in out
    answer = " ".join(cli.run("ask", "where does the key lie?").out.split())
    assert LOW_TEXT in answer
    assert "talk.mp3, 0:0" in answer


def test_without_a_model_it_is_said_how_to_get_one(cli: Cli, talk: Path) -> None:
    said = cli.fails("ingest", str(talk), code=FileUnreadable.exit_code)
    assert "I can't listen to talk.mp3 yet: I have no model for it. `scrubjay model pull whisper-small`" in said
    assert not (cli.data / "kept").exists()

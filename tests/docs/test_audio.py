"""Holds the guide to listening, and the example of its settings, against what the plugin really takes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bot.configuration.settings import SpeechSettings
from bot.reading.speech_models import SPEECH_MODELS
from plugins.audio.plugin import AudioSettings

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "audio.md").read_text("utf-8")


def test_the_settings_of_the_guide_are_good_settings_and_each_is_described() -> None:
    speech, listening = map(tomllib.loads, re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL))
    assert SpeechSettings.model_validate(speech["speech"]).base_url is not None
    table = listening["plugins"]["settings"]["audio"]
    AudioSettings.model_validate(table)
    described = re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE)
    assert set(table) == set(described) == set(AudioSettings.model_fields)


def test_the_models_that_the_guide_names_are_on_the_list() -> None:
    named = set(re.findall(r"whisper-\w+", GUIDE))
    assert named <= {model.name for model in SPEECH_MODELS}

"""Holds the guide to Discord and the example of its settings against what the adapter really takes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from adapters.discord.checks import invitation
from adapters.discord.settings import DiscordSettings

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "discord.md").read_text("utf-8")
EXAMPLE = (ROOT / "config.example.toml").read_text("utf-8")


def test_the_settings_of_the_guide_are_good_settings() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert blocks
    for block in blocks:
        DiscordSettings.model_validate(tomllib.loads(block)["adapters"]["discord"])


def test_the_guide_invites_the_bot_with_what_the_doctor_looks_for() -> None:
    shown = re.search(r"https://discord\.com/oauth2/authorize\S+", GUIDE)
    assert shown
    given, wanted = (parse_qs(urlsplit(link).query) for link in (shown[0], invitation(7)))
    assert given["permissions"] == wanted["permissions"]
    assert given["scope"] == wanted["scope"]


def test_the_example_shows_every_setting_with_its_default() -> None:
    start = EXAMPLE.index("#[adapters.discord]")
    shown = re.sub(r"^#(?=[\[a-z])", "", EXAMPLE[start : EXAMPLE.index("\n\n", start)], flags=re.MULTILINE)
    table = tomllib.loads(shown)["adapters"]["discord"]
    assert set(table) == set(DiscordSettings.model_fields)
    settings = DiscordSettings.model_validate(table)
    for name, field in DiscordSettings.model_fields.items():
        if not field.is_required() and field.default is not None:
            assert getattr(settings, name) == field.default, name

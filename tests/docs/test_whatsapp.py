"""Holds the guide to WhatsApp and the example of its settings against what the adapter really takes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from adapters.whatsapp.settings import WhatsAppSettings

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "whatsapp.md").read_text("utf-8")
EXAMPLE = (ROOT / "config.example.toml").read_text("utf-8")


def test_the_settings_of_the_guide_are_good_settings_with_the_addresses_that_it_names() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert blocks
    for block in blocks:
        settings = WhatsAppSettings.model_validate(tomllib.loads(block)["adapters"]["whatsapp"])
        assert f"reverse_proxy {settings.path} {settings.host}:{settings.port}" in GUIDE
        assert settings.verify_token.get_secret_value().replace(" ", "+") in GUIDE
        assert f"{settings.base_url}/PHONE_NUMBER_ID/register" in GUIDE


def test_the_example_shows_every_setting_with_its_default() -> None:
    start = EXAMPLE.index("#[adapters.whatsapp]")
    shown = re.sub(r"^#(?=[\[a-z])", "", EXAMPLE[start : EXAMPLE.index("\n\n", start)], flags=re.MULTILINE)
    table = tomllib.loads(shown)["adapters"]["whatsapp"]
    assert set(table) == set(WhatsAppSettings.model_fields)
    settings = WhatsAppSettings.model_validate(table)
    for name, field in WhatsAppSettings.model_fields.items():
        if not field.is_required():
            assert getattr(settings, name) == field.default, name

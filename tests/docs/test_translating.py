"""The translators' guide: its examples are in the catalogues, its steps name what there is."""

from __future__ import annotations

import re
from pathlib import Path

from bot.configuration.settings import AssistantSettings
from bot.translation import LANGUAGES, speaking
from tests.catalogues import read_language, translations_in

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "translating.md").read_text("utf-8")


def test_the_example_stands_in_the_catalogue() -> None:
    (block,) = re.findall(r"```po\n(.*?)```", GUIDE, re.DOTALL)
    catalogue = {each.english[0]: each.forms[0] for each in translations_in(read_language("de"))}
    shown = re.findall(r'^msgid "(.+)"\n(?:msgid_plural .*\n)?msgstr(?:\[0\])? "(.+)"$', block, re.MULTILINE)
    assert shown
    assert shown == [(said, catalogue[said]) for said, _ in shown]


def test_the_example_in_code_says_what_it_says() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    *imports, first, second = block.strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(imports), names)  # noqa: S102 (the guide's own)
    with speaking("de"):
        assert eval(second, names) == "3 Nachrichten"  # noqa: S307 (as above)
        assert "Ann" in str(eval(first, names))  # noqa: S307 (as above)


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:bot|plugins)/[\w/]+(?:\.py)?)`", GUIDE)
    assert len(named) > 4
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_setting_offers_every_language() -> None:
    kind = AssistantSettings.model_json_schema()["properties"]["language"]
    assert sorted(kind["enum"]) == sorted(["auto", *LANGUAGES])


def test_the_target_is_in_the_makefile() -> None:
    assert re.search(r"^catalogues:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

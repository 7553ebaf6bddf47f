from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.translation import Translations, current_language, find_language, gettext, match_language, ngettext, speaking

PLUGIN = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "You rolled {number}."
msgstr "Du hast {number} gewürfelt."

msgid "Well done, {name}!"
msgstr "Gut gemacht, {nmae}!"
"""


def test_english_is_spoken_where_nothing_else_is_said() -> None:
    assert current_language() == "en"
    assert gettext("Did you mean {name}?", name="Ann") == "Did you mean Ann?"


def test_a_message_is_said_in_the_language_that_is_spoken() -> None:
    with speaking("de"):
        assert gettext("Did you mean {name}?", name="Ann") == "Meinst du Ann?"
    assert gettext("Yes") == "Yes"


def test_a_number_takes_the_form_and_the_marks_of_the_language() -> None:
    said = {}
    for language in ("en", "de", "fr"):
        with speaking(language):
            said[language] = [ngettext("{number} fact", "{number} facts", count) for count in (0, 1, 1200)]
    assert said == {
        "en": ["0 facts", "1 fact", "1,200 facts"],
        "de": ["0 Fakten", "1 Fakt", "1.200 Fakten"],
        "fr": ["0 fait", "1 fait", "1\u202f200 faits"],
    }


def test_values_are_never_read_as_messages() -> None:
    with speaking("de"):
        assert gettext("Did you mean {name}?", name="{id} {name.__class__}") == "Meinst du {id} {name.__class__}?"


async def test_what_is_spoken_goes_with_a_task_and_touches_no_other() -> None:
    async def say(language: str) -> str:
        with speaking(language):
            await asyncio.sleep(0)
            return gettext("Yes")

    assert list(await asyncio.gather(say("de"), say("es"), say("en"))) == ["Ja", "Sí", "Yes"]


def test_a_plugin_brings_its_own_catalogue(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text(PLUGIN, encoding="utf-8")
    own = Translations(tmp_path)
    with speaking("de"):
        assert own.gettext("You rolled {number}.", number=6) == "Du hast 6 gewürfelt."
        assert own.gettext("Yes") == "Yes"  # the bot's own messages are not the plugin's
    with speaking("es"):
        assert own.gettext("You rolled {number}.", number=6) == "You rolled 6."


def test_a_translation_that_names_other_values_gives_way_to_the_english(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text(PLUGIN, encoding="utf-8")
    with speaking("de"):
        assert Translations(tmp_path).gettext("Well done, {name}!", name="Ann") == "Well done, Ann!"


@pytest.mark.parametrize(
    ("told", "language"),
    [("de-AT", "de"), ("pt_BR.UTF-8", "pt"), ("FR", "fr"), ("nl", None), ("C.UTF-8", None), ("", None), (None, None)],
)
def test_codes_of_platforms_and_systems_name_a_language(told: str | None, language: str | None) -> None:
    assert match_language(told) == language


@pytest.mark.parametrize(
    ("called", "language"), [("Deutsch", "de"), ("german", "de"), ("español", "es"), ("it", "it"), ("klingon", None)]
)
def test_people_name_a_language_in_their_own_words(called: str, language: str | None) -> None:
    assert find_language(called) == language


def test_nothing_is_said_as_nothing_not_as_the_head_of_a_catalogue() -> None:
    with speaking("de"):
        assert gettext("") == ""

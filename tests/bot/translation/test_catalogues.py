"""The catalogues that come with the bot: whole, and true to the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest
from babel.messages.plurals import get_plural

from bot.translation import ENGLISH, LANGUAGES, gettext, speaking
from tests.catalogues import LOCALES, Translated, extract_messages, read_language, translations_in

TRANSLATED = sorted(set(LANGUAGES) - {ENGLISH})
_COMMANDS = re.compile(r"(?<![\w/])/[a-z]+\b")
"""What a person types: it is the same in every language."""


@cache
def messages_of_code() -> frozenset[tuple[str | None, tuple[str, ...]]]:
    return frozenset((each.context, each.english) for each in translations_in(extract_messages()))


def messages_of(language: str) -> list[Translated]:
    return translations_in(read_language(language))


def forms_of(message: Translated) -> Iterator[tuple[str, str]]:
    """Yield each form of a translation with the English that it stands for; the first may say "one", or a number."""
    one, many = message.english[0], message.english[-1]
    first, *others = message.forms
    yield (one if fields_of(first) == fields_of(one) else many), first
    for form in others:
        yield many, form


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert sorted(path.stem for path in LOCALES.glob("*")) == TRANSLATED


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_every_message_of_the_code_and_no_other(language: str) -> None:
    code = messages_of_code()
    there = {(each.context, each.english) for each in messages_of(language)}
    assert there ^ code == set(), f"run `make catalogues`, and translate what is new in {language}.po"
    assert len(code) > 400


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_looked_at(language: str) -> None:
    assert [each.english for each in messages_of(language) if not each.is_whole or each.is_fuzzy] == []
    assert read_language(language).obsolete == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_values_of_the_english(language: str) -> None:
    astray = [
        (english, said)
        for message in messages_of(language)
        for english, said in forms_of(message)
        if fields_of(said) != fields_of(english)
    ]
    assert astray == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_the_commands_and_the_edges_of_the_english(language: str) -> None:
    for message in messages_of(language):
        for english, said in forms_of(message):
            assert set(_COMMANDS.findall(said)) == set(_COMMANDS.findall(english)), said
            assert (said[:1].isspace(), said[-1:].isspace()) == (english[:1].isspace(), english[-1:].isspace()), said
            assert said.count("\n") == english.count("\n"), said


@pytest.mark.parametrize("language", TRANSLATED)
def test_plurals_have_the_forms_that_the_language_needs(language: str) -> None:
    needed = get_plural(language)
    catalogue = read_language(language)
    assert catalogue.num_plurals == needed.num_plurals
    assert catalogue.plural_expr == needed.plural_expr
    plurals = [each for each in messages_of(language) if len(each.english) > 1]
    assert plurals
    assert {len(each.forms) for each in plurals} == {needed.num_plurals}


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_the_bot_reads_is_what_the_file_says(language: str) -> None:
    with speaking(language):
        for each in messages_of(language):
            if len(each.english) == 1 and each.context is None:
                assert gettext(each.english[0]) == each.forms[0]

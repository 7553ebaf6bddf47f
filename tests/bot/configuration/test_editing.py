from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.configuration.config import example_config
from bot.configuration.editing import set_value
from bot.errors import ConfigError


def test_a_value_that_is_commented_out_is_set_where_it_stands_and_nothing_else_changes() -> None:
    before = example_config()
    after = set_value(before, "model", "engine", "extractive")
    changed = [(old, new) for old, new in zip(before.splitlines(), after.splitlines(), strict=True) if old != new]
    assert changed == [('#engine = "auto"', 'engine = "extractive"')]
    assert tomllib.loads(after)["model"] == {"engine": "extractive"}


def test_a_table_that_is_commented_out_is_begun_and_its_neighbours_are_not() -> None:
    after = set_value(example_config(), "adapters.telegram", "token", "1:a")
    assert tomllib.loads(after)["adapters"] == {"telegram": {"token": "1:a"}}
    again = set_value(after, "adapters.telegram", "token", "2:b")
    assert tomllib.loads(again)["adapters"] == {"telegram": {"token": "2:b"}}
    assert len(again.splitlines()) == len(after.splitlines())


def test_a_table_that_is_nowhere_is_put_at_the_end() -> None:
    assert set_value("", "data", "dir", "/x") == '\n[data]\ndir = "/x"\n'
    assert tomllib.loads(set_value("[model]\nengine = 'auto'\n", "data", "dir", "/x"))["model"] == {"engine": "auto"}


def test_a_layout_that_can_not_be_edited_is_told_with_the_line_to_write() -> None:
    with pytest.raises(ConfigError, match='write it there yourself: engine = "openai"'):
        set_value('model = { engine = "auto" }\n', "model", "engine", "openai")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=60))
def test_any_text_is_read_back_as_it_was_set(value: str) -> None:
    assert tomllib.loads(set_value(example_config(), "assistant", "name", value))["assistant"]["name"] == value

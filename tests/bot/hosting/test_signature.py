from __future__ import annotations

from typing import Annotated, Literal

import pytest

from bot import Context, Plugin, command
from bot.errors import CommandError, PluginError
from bot.hosting.signature import parse_arguments
from bot.plugin import Command, capabilities_of


class Tools(Plugin):
    @command("roll", "roll dice")
    async def roll(self, context: Context, sides: Annotated[int, "of the die"], times: int = 1) -> str:
        return f"{context}{sides}{times}"

    @command("note", "keep a note")
    async def note(self, context: Context, to: str, text: str) -> str:
        return f"{context}{to}{text}"

    @command("pick", "pick some")
    async def pick(self, context: Context, *ids: int) -> str:
        return f"{context}{ids}"

    @command("light", "switch the light")
    async def light(self, context: Context, state: Literal["on", "off"]) -> str:
        return f"{context}{state}"


def the(name: str) -> Command:
    return next(each for each in capabilities_of([Tools()]).commands if each.name == name)


def parsed(name: str, text: str) -> list[object]:
    return parse_arguments(the(name).parameters, text, the(name).usage)


def test_arguments_are_typed_by_the_signature() -> None:
    assert parsed("roll", "6 2") == [6, 2]
    assert parsed("roll", " 6 ") == [6]
    assert parsed("pick", "1 2  3") == [1, 2, 3]
    assert parsed("pick", "") == []
    assert parsed("light", "on") == ["on"]


def test_a_last_text_takes_the_rest_of_the_line_as_it_is() -> None:
    assert parsed("note", 'Jo  buy "two"  loaves\nand milk') == ["Jo", 'buy "two"  loaves\nand milk']


def test_quotes_keep_a_name_together() -> None:
    assert parsed("note", '"Jo Ann" hello') == ["Jo Ann", "hello"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("roll", "", "sides is missing"),
        ("roll", "six", "sides: “six” won't do"),
        ("roll", "6 2 9", "“9”"),
        ("light", "dim", "state: “dim” won't do"),
        ("note", "Jo", "text is missing"),
    ],
)
def test_a_wrong_argument_is_named_with_the_right_usage(name: str, text: str, problem: str) -> None:
    with pytest.raises(CommandError) as raised:
        parsed(name, text)
    assert problem in str(raised.value)
    assert the(name).usage in str(raised.value)


def test_usage_and_descriptions_come_from_the_signature() -> None:
    assert the("roll").usage == "/roll SIDES [TIMES]"
    assert the("pick").usage == "/pick [IDS…]"
    assert the("roll").parameters[0].help == "of the die"


def test_a_parameter_without_a_type_is_refused_when_the_plugin_is_written() -> None:
    async def bare(self: Plugin, context: Context, what) -> str:  # type: ignore[no-untyped-def] # noqa: ANN001 (that is the mistake)
        return f"{self}{context}{what}"

    with pytest.raises(PluginError, match="what needs a type"):
        command("bare", "no type")(bare)


def test_a_name_that_can_not_be_typed_is_refused() -> None:
    with pytest.raises(PluginError, match="can't be a command's name"):
        command("no spaces", "…")


def test_a_phrase_counts_as_one_word_wherever_it_stands_alone() -> None:
    def noted(text: str) -> list[object]:
        return parse_arguments(the("note").parameters, text, "", ["@Eve", "@Eve Lee"])

    assert noted("@Eve Lee hello") == noted('"@Eve Lee" hello') == ["@Eve Lee", "hello"]
    assert noted("@Eve hello") == ["@Eve", "hello"]
    assert noted("@Evelyn hello") == ["@Evelyn", "hello"]

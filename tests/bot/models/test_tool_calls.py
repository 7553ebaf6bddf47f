"""The tools API of model servers: what is offered, what is asked for, and servers that do not know it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import Context, Plugin, tool
from bot.answering.tools import Tool, Toolbox
from bot.errors import ModelServerError
from bot.models import CallsTools, Sampling, ToolSpec, Turn, WantedCall
from bot.models.openai import OpenAIModel
from bot.models.openai_reply import read_calls
from bot.models.openai_settings import OpenAISettings
from bot.plugin import capabilities_of
from tests.emulators.openai_server import OpenAIServer, running_server

ASKED = (Turn("system", "Decide."), Turn("user", "Water the beans"))
WATER = ToolSpec("water", "water a bed", '{"type": "object", "properties": {"bed": {"type": "string"}}}')
NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)


class Garden(Plugin):
    """Has a tool."""

    @tool("water a bed", trusted=True)
    async def water(self, context: Context, bed: str) -> str:  # noqa: ARG002 (a tool is called with it)
        """Water."""
        return f"watered {bed}"


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with running_server(OpenAIServer()) as running:
        yield running


async def asked(server: OpenAIServer) -> tuple[WantedCall, ...] | None:
    async with OpenAIModel(OpenAISettings(server.base_url, name="tiny")) as model:
        return await model.choose_calls(ASKED, [WATER], Sampling())


async def test_functions_are_offered_and_what_the_model_wants_comes_back(server: OpenAIServer) -> None:
    server.calls = [("water", '{"bed": "beans"}')]
    assert await asked(server) == (WantedCall("water", '{"bed": "beans"}'),)
    about = {"name": "water", "description": "water a bed", "parameters": json.loads(WATER.schema)}
    assert server.requests[0]["tools"] == [{"type": "function", "function": about}]
    assert server.requests[0]["stream"] is False


async def test_an_answer_in_place_of_a_call_is_no_call(server: OpenAIServer) -> None:
    assert await asked(server) == ()


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (500, '{"error": {"message": "tools param requires --jinja flag"}}'),
        (400, '{"error": {"message": "tiny does not support tools"}}'),
        (422, '{"detail": "tools: unknown field"}'),
    ],
)
async def test_a_server_that_knows_no_tools_is_not_asked_again(server: OpenAIServer, status: int, says: str) -> None:
    server.manner, server.status, server.says = "status", status, says
    async with OpenAIModel(OpenAISettings(server.base_url, name="tiny")) as model:
        assert isinstance(model, CallsTools)
        assert await model.choose_calls(ASKED, [WATER], Sampling()) is None
        assert await model.choose_calls(ASKED, [WATER], Sampling()) is None
    assert len(server.requests) == 1


async def test_a_server_that_is_broken_is_an_error_that_says_so(server: OpenAIServer) -> None:
    server.manner = "status"
    with pytest.raises(ModelServerError, match=r"answered 500 \(out of memory\)"):
        await asked(server)
    server.manner = "html"
    with pytest.raises(ModelServerError, match="does not speak the OpenAI API"):
        await asked(server)


async def used(server: OpenAIServer) -> list[str]:
    async def run(called: Tool, values: Sequence[object]) -> tuple[str, bool]:
        return f"{called.name} {values}", False

    async with OpenAIModel(OpenAISettings(server.base_url, name="tiny")) as model:
        box = Toolbox(capabilities_of([Garden()]).tools, run)
        return [call.shown for call in await box.use(model, "Water the beans", NOON, Sampling())]


async def test_a_call_that_is_wanted_is_made_once_though_the_server_wants_it_again(server: OpenAIServer) -> None:
    server.calls = [("water", '{"bed": "beans"}')]
    assert await used(server) == ["water(bed=\"beans\"): water ['beans']"]
    assert len(server.requests) == 2
    assert "Already called: water" in str(server.requests[1]["messages"])


@pytest.mark.parametrize("arguments", ["", "no JSON", "[1]", '{"bed": 7}', '{"water": "beans"}'])
async def test_wrong_arguments_are_an_error_for_the_model_and_call_nothing(
    server: OpenAIServer, arguments: str
) -> None:
    server.calls = [("water", arguments)]
    calls = await used(server)
    assert calls
    assert all("): error: " in call for call in calls)


async def test_where_there_is_no_tools_api_the_calls_are_chosen_by_a_schema(server: OpenAIServer) -> None:
    server.knows_tools = False
    server.pieces = ['{"calls": [{"tool": "water", ', '"arguments": {"bed": "peas"}}]}']
    assert await used(server) == ["water(bed=\"peas\"): water ['peas']"]
    assert "response_format" in server.requests[0]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "tool_calls", "function", "name", "arguments"]), inner, max_size=3
        )
    ),
    max_leaves=15,
)


@given(json_values)
def test_whatever_a_server_sends_is_calls_or_none(sent: object) -> None:
    calls = read_calls(json.dumps(sent))
    assert calls is None or all(isinstance(call.arguments, str) for call in calls)

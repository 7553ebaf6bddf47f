"""The official client of OpenAI's API, and plain HTTP, against /v1."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import openai
import pytest
from openai.types.chat import ChatCompletionMessageFunctionToolCall

from bot import CommandError, Context, Plugin, Recollection, on_recall
from bot.models import Prompt, Sampling, ToolSpec, Turn, WantedCall
from bot.testing import ScriptedModel
from tests.adapters.web_bot import WebBot, web_bot

QUESTION = {"role": "user", "content": "What is the wifi password?"}


@asynccontextmanager
async def client_of(web: WebBot, name: str = "openai") -> AsyncIterator[openai.AsyncOpenAI]:
    """Open the official client with a new key."""
    key = await web.keys.create(name)
    async with openai.AsyncOpenAI(api_key=key, base_url=f"{web.address}/v1", max_retries=0) as client:
        yield client


async def remember(web: WebBot, text: str, name: str = "first") -> None:
    program = await web.program(name, "own")
    assert (await program.post("/api/remember", json={"text": text})).status_code == 201


async def test_the_memory_answers_as_the_model_scrubjay_and_names_its_sources(web: WebBot) -> None:
    async with client_of(web) as client:
        headers = {"Authorization": f"Bearer {client.api_key}"}
        program = await web.stranger(**headers)
        kept = (await program.post("/api/remember", json={"text": "The wifi password is heron-42."})).json()
        answer = await client.chat.completions.create(model="scrubjay", messages=[QUESTION])  # type: ignore[list-item] # a plain one
        assert "heron-42" in (answer.choices[0].message.content or "")
        assert answer.choices[0].finish_reason == "stop"
        assert answer.usage is not None
        assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0
        (source,) = answer.model_extra["scrubjay"]["sources"]  # type: ignore[index] # extensions are kept
        assert (source["id"], source["text"]) == (kept["id"], "The wifi password is heron-42.")


async def test_a_streamed_answer_is_the_same_text_with_the_sources_at_its_end(web: WebBot) -> None:
    await remember(web, "The wifi password is heron-42.")
    program = await web.program("streaming", "all")
    body = {"model": "scrubjay", "messages": [QUESTION]}
    whole = (await program.post("/v1/chat/completions", json=body)).json()
    streamed = await program.post(
        "/v1/chat/completions", json={**body, "stream": True, "stream_options": {"include_usage": True}}
    )
    assert streamed.headers["Content-Type"].startswith("text/event-stream")
    *events, done = [line.removeprefix("data: ") for line in streamed.text.splitlines() if line.startswith("data: ")]
    chunks = [json.loads(event) for event in events]
    assert done == "[DONE]"
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    text = "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"])
    assert text == whole["choices"][0]["message"]["content"]
    *_, last, usage = chunks
    assert last["choices"][0]["finish_reason"] == "stop"
    assert last["scrubjay"]["sources"] == whole["scrubjay"]["sources"] != []
    assert (usage["choices"], usage["usage"]) == ([], whole["usage"])


async def test_nothing_of_a_completion_is_stored(web: WebBot) -> None:
    async with client_of(web) as client:
        said = [{"role": "user", "content": "My bike has the number 4711."}]
        await client.chat.completions.create(model="scrubjay", messages=said)  # type: ignore[arg-type] # plain ones
    program = await web.program("all", "all")
    assert (await program.get("/api/statistics")).json()["passages"] == 0


async def test_what_was_said_before_is_understood(web: WebBot) -> None:
    await remember(web, "We booked the hotel in Lisbon on 3 May 2024.")
    await remember(web, "Mara booked the hotel in Lisbon.", "second")
    program = await web.program("third", "all")
    turns = [
        {"role": "user", "content": "Who booked the hotel in Lisbon?"},
        {"role": "assistant", "content": "Mara."},
        {"role": "user", "content": "And when?"},
    ]
    body = {"model": "scrubjay", "messages": turns}
    answer = (await program.post("/v1/chat/completions", json=body)).json()
    assert "3 May" in answer["choices"][0]["message"]["content"]


async def test_the_language_model_alone_answers_under_its_own_name(tmp_path: Path) -> None:
    model = ScriptedModel("Hello there, friend", "Hello there, friend")
    async with web_bot(tmp_path, model=model) as web, client_of(web) as client:
        await remember(web, "The wifi password is heron-42.")
        stream = await client.chat.completions.create(
            model="scripted",
            messages=[
                {"role": "system", "content": "Be brief."},
                {"role": "developer", "content": "Be kind."},
                {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
            ],
            stream=True,
            temperature=0.5,
            top_p=0.9,
            seed=7,
            max_completion_tokens=50,
            stop=["END", "STOP"],
            user="mara",
        )
        pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
    assert "".join(pieces) == "Hello there, friend"
    assert model.prompts[0].turns == (Turn("system", "Be brief.\n\nBe kind."), Turn("user", "Hi"))
    used = model.samplings[0]
    assert (used.temperature, used.top_p, used.seed, used.max_tokens, used.stop) == (0.5, 0.9, 7, 50, ("END", "STOP"))


async def test_the_older_completions_work(tmp_path: Path) -> None:
    model = ScriptedModel("Once upon a time", "Once upon a time")
    async with web_bot(tmp_path, model=model) as web, client_of(web) as client:
        whole = await client.completions.create(model="scripted", prompt="Tell me", max_tokens=4)
        stream = await client.completions.create(model="scripted", prompt=["Tell me"], stream=True)
        pieces = [chunk.choices[0].text async for chunk in stream]
    assert whole.choices[0].text == "".join(pieces) == "Once upon a time"
    assert whole.choices[0].finish_reason == "length"


async def test_models_are_listed(tmp_path: Path) -> None:
    async with web_bot(tmp_path, model=ScriptedModel()) as web, client_of(web) as client:
        names = [model.id async for model in client.models.list()]
        assert names[:2] == ["scrubjay", "scripted"]
        assert (await client.models.retrieve("scrubjay")).owned_by == "scrubjay"
        with pytest.raises(openai.NotFoundError):
            await client.models.retrieve("gpt-unknown")


async def test_embeddings_are_those_of_the_memory(web: WebBot) -> None:
    async with client_of(web) as client:
        texts = ["the zeppelin lands", "a red kettle"]
        made = await client.embeddings.create(model="scrubjay", input=texts)  # (it asks for base64)
        floats = await client.embeddings.create(model="scrubjay", input=texts, encoding_format="float")
    rows = np.array([each.embedding for each in made.data], np.float32)
    assert np.allclose(rows, await web.memory.embeddings.embed(texts), atol=1e-6)
    assert np.allclose(rows, [each.embedding for each in floats.data], atol=1e-6)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'{"model": "scrubjay"}', 400),
        (b'{"model": "scrubjay", "messages": []}', 400),
        (b'{"model": "scrubjay", "messages": [{"role": "wizard", "content": "x"}]}', 400),
        (b'{"model": "scrubjay", "messages": [{"role": "assistant", "content": "x"}]}', 400),
        (b'{"model": "scrubjay", "messages": [{"role": "user", "content": " "}]}', 400),
        (b'{"model": "scrubjay", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}', 400),
        (b'{"model": "scrubjay", "messages": [{"role": "user", "content": "x"}], "temperature": 9}', 400),
        (b'{"model": "scrubjay", "messages": [{"role": "user", "content": "x"}], "n": 3}', 400),
        (b'{"model": "gpt-4", "messages": [{"role": "user", "content": "x"}]}', 404),
    ],
)
async def test_a_wrong_body_is_told_in_the_shape_of_openai(web: WebBot, body: bytes, status: int) -> None:
    program = await web.program()
    refused = await program.post("/v1/chat/completions", content=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == status
    assert set(refused.json()["error"]) == {"message", "type", "param", "code"}


async def test_a_body_that_is_no_json_and_a_model_that_is_not_there_are_told_as_what_they_are(web: WebBot) -> None:
    program = await web.program()
    headers = {"Content-Type": "application/json"}
    broken = (await program.post("/v1/chat/completions", content=b'{"model" "x"}', headers=headers)).json()["error"]
    assert broken["message"].startswith("The body is not JSON: ")
    assert broken["param"] is None
    asked = {"model": "gpt-4", "messages": [{"role": "user", "content": "x"}]}
    unknown = (await program.post("/v1/chat/completions", json=asked)).json()["error"]
    assert (unknown["code"], unknown["param"]) == ("model_not_found", "model")


async def test_a_body_that_is_too_large_is_refused(tmp_path: Path) -> None:
    async with web_bot(tmp_path, max_request_megabytes=1) as web:
        program = await web.program()
        body = {"model": "scrubjay", "messages": [{"role": "user", "content": "x" * 1_100_000}]}
        assert (await program.post("/v1/chat/completions", json=body)).status_code == 413


async def test_a_model_that_fails_is_told_whole_and_in_a_stream(tmp_path: Path) -> None:
    from bot.errors import ModelServerError  # noqa: PLC0415

    failing = ScriptedModel(ModelServerError("the server is down"), ModelServerError("the server is down"))
    async with web_bot(tmp_path, model=failing) as web:
        program = await web.program()
        body = {"model": "scripted", "messages": [{"role": "user", "content": "Hi"}]}
        whole = await program.post("/v1/chat/completions", json=body)
        assert (whole.status_code, whole.json()["error"]["message"]) == (503, "the server is down")
        streamed = (await program.post("/v1/chat/completions", json={**body, "stream": True})).text
        assert "the server is down" in streamed
        assert "[DONE]" not in streamed


async def test_a_quota_that_is_used_up_is_told(tmp_path: Path) -> None:
    from bot.configuration.settings import AccessSettings  # noqa: PLC0415

    async with web_bot(tmp_path, access=AccessSettings(daily_answers=1)) as web, client_of(web) as client:
        await client.chat.completions.create(model="scrubjay", messages=[QUESTION])  # type: ignore[list-item] # a plain one
        with pytest.raises(openai.RateLimitError):
            await client.chat.completions.create(model="scrubjay", messages=[QUESTION])  # type: ignore[list-item] # a plain one


async def test_two_hundred_streams_at_once_lose_nothing(tmp_path: Path) -> None:
    said = " ".join(f"word{number}" for number in range(20))
    async with web_bot(tmp_path, model=ScriptedModel(*[said] * 200)) as web:
        program = await web.program()
        body = {"model": "scripted", "messages": [{"role": "user", "content": "Go on"}], "stream": True}

        async def read() -> str:
            text = ""
            async with program.stream("POST", "/v1/chat/completions", json=body) as response:
                async for line in response.aiter_lines():
                    if line.startswith("data: {"):
                        text += json.loads(line[6:])["choices"][0]["delta"].get("content", "")
            return text

        assert await asyncio.gather(*(read() for _ in range(200))) == [said] * 200


async def test_a_reader_that_is_gone_stops_its_answer_and_a_slow_one_holds_nobody(tmp_path: Path) -> None:
    class Endless(ScriptedModel):
        """Writes until it is stopped."""

        def __init__(self) -> None:
            super().__init__()
            self.has_written_much, self.has_stopped = asyncio.Event(), asyncio.Event()

        async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:  # noqa: ARG002 (the protocol's)
            try:
                for number in itertools.count():
                    yield "and so on " * 100
                    await asyncio.sleep(0)
                    if number == 10_000:  # far more than the connection holds
                        self.has_written_much.set()
            finally:
                self.has_stopped.set()

    model = Endless()
    async with web_bot(tmp_path, model=model) as web:
        program = await web.program()
        body = {"model": "scripted", "messages": [{"role": "user", "content": "Go on"}], "stream": True}
        async with program.stream("POST", "/v1/chat/completions", json=body) as response:
            assert response.status_code == 200
            await model.has_written_much.wait()  # though nobody reads
            assert (await (await web.stranger()).get("/healthz")).text == "ok\n"
        await model.has_stopped.wait()


async def test_tools_are_passed_to_a_model_that_has_them(tmp_path: Path) -> None:
    class Calling(ScriptedModel):
        """Wants the first tool called, unless its result is there."""

        async def choose_calls(
            self, turns: Sequence[Turn], tools: Sequence[ToolSpec], sampling: Sampling, *, must_call: bool = False
        ) -> tuple[WantedCall, ...] | None:
            del sampling, must_call
            done = "Result of" in turns[-1].text
            return () if done else (WantedCall(tools[0].name, json.dumps({"city": "Lisbon"})),)

    async with web_bot(tmp_path, model=Calling("It is sunny.")) as web, client_of(web) as client:
        weather = {"name": "weather", "description": "Tell the weather", "parameters": {"type": "object"}}
        tools = [{"type": "function", "function": weather}]
        said = [{"role": "user", "content": "How is the weather in Lisbon?"}]
        wanted = await client.chat.completions.create(model="scripted", messages=said, tools=tools)  # type: ignore[arg-type] # plain ones
        call = (wanted.choices[0].message.tool_calls or [])[0]
        assert wanted.choices[0].finish_reason == "tool_calls"
        assert isinstance(call, ChatCompletionMessageFunctionToolCall)
        assert json.loads(call.function.arguments) == {"city": "Lisbon"}
        said += [wanted.choices[0].message.model_dump(), {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
        answer = await client.chat.completions.create(model="scripted", messages=said, tools=tools)  # type: ignore[arg-type] # plain ones
        assert answer.choices[0].message.content == "It is sunny."


WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {
            "type": "object",
            "properties": {"where": {"$ref": "#/$defs/Place"}},
            "$defs": {"Place": {"type": "object", "properties": {"city": {"type": "string"}}}},
        },
    },
}
CLOCK = {"type": "function", "function": {"name": "clock", "description": "Tell the time"}}


async def test_a_model_without_a_way_of_its_own_chooses_calls_by_a_schema(tmp_path: Path) -> None:
    asked = {
        "calls": [{"tool": "weather", "arguments": {"where": {"city": "Lisbon"}}}, {"tool": "rm", "arguments": {}}]
    }
    model = ScriptedModel(json.dumps(asked), '{"calls": []}', "It is sunny.")
    async with web_bot(tmp_path, model=model) as web, client_of(web) as client:
        said: list[Any] = [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Weather in Lisbon?"},
        ]
        tools: Any = [WEATHER, CLOCK]
        wanted = await client.chat.completions.create(model="scripted", messages=said, tools=tools)
        (call,) = wanted.choices[0].message.tool_calls or []  # what was not offered is not called
        assert isinstance(call, ChatCompletionMessageFunctionToolCall)
        assert (call.function.name, json.loads(call.function.arguments)) == ("weather", {"where": {"city": "Lisbon"}})
        schema = json.loads(model.samplings[0].json_schema or "")
        assert schema["$defs"]["weather.Place"]["properties"] == {"city": {"type": "string"}}
        assert '"$ref": "#/$defs/weather.Place"' in json.dumps(schema["properties"])
        said += [wanted.choices[0].message.model_dump(), {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
        answer = await client.chat.completions.create(model="scripted", messages=said, tools=tools)
    assert answer.choices[0].message.content == "It is sunny."
    assert model.prompts[1].turns[-1].text == "Result of weather:\nsunny"


async def test_a_program_says_whether_and_which_tool_is_called(tmp_path: Path) -> None:
    calls = json.dumps({"calls": [{"tool": "clock", "arguments": {}}, {"tool": "clock", "arguments": {}}]})
    model = ScriptedModel(calls, "Hello", calls)
    async with web_bot(tmp_path, model=model) as web:
        program = await web.program()
        body = {"model": "scripted", "messages": [{"role": "user", "content": "Hi"}], "tools": [WEATHER, CLOCK]}

        async def finish(**more: object) -> httpx.Response:
            return await program.post("/v1/chat/completions", json={**body, **more})

        named = {"type": "function", "function": {"name": "clock"}}
        one = (await finish(tool_choice=named, parallel_tool_calls=False)).json()["choices"][0]
        assert [call["function"]["name"] for call in one["message"]["tool_calls"]] == ["clock"]
        array = json.loads(model.samplings[0].json_schema or "")["properties"]["calls"]
        assert (array["minItems"], array["maxItems"], len(array["items"]["anyOf"])) == (1, 1, 1)
        assert (await finish(tool_choice="none")).json()["choices"][0]["message"]["content"] == "Hello"
        streamed = (await finish(tool_choice="required", stream=True)).text
        assert '"finish_reason":"tool_calls"' in streamed
        assert streamed.endswith("data: [DONE]\n\n")
        for wrong in ("sometimes", {"type": "function", "function": {"name": "unknown"}}):
            assert (await finish(tool_choice=wrong)).status_code == 400


class Hints(Plugin):
    """Drops what is told as a rumour, and tries what no hook may do for a program."""

    name = "hints"

    def __init__(self) -> None:
        super().__init__()
        self.refused = ""

    @on_recall()
    async def leave_out(self, context: Context, _: str, found: tuple[Recollection, ...]) -> list[Recollection]:
        try:
            await context.reply("Psst!")
        except CommandError as error:
            self.refused = str(error)
        return [each for each in found if "rumour" not in each.passage.text]


async def test_hooks_of_plugins_have_their_say_in_what_a_program_is_answered(tmp_path: Path) -> None:
    hints = Hints()
    async with web_bot(tmp_path, plugins=[hints]) as web:
        program = await web.program()
        for text in ("The wifi password is heron-42.", "A rumour: the wifi password is swan-43."):
            await program.post("/api/remember", json={"text": text})
        asked = {"model": "scrubjay", "messages": [{"role": "user", "content": "What is the wifi password?"}]}
        answer = (await program.post("/v1/chat/completions", json=asked)).json()
        assert "heron-42" in answer["choices"][0]["message"]["content"]
        assert all("swan" not in source["text"] for source in answer["scrubjay"]["sources"])
    assert "there is no chat" in hints.refused

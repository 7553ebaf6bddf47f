"""Answers that are data: schemas reach llama.cpp as grammars and servers as formats, and what comes is checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import ModelError
from bot.models import Prompt, Sampling, Turn
from bot.models.extractive import ExtractiveModel
from bot.models.json_answer import JsonSchema, write_json
from bot.models.llama import LlamaModel, LlamaSettings
from bot.models.openai import OpenAIModel
from bot.models.openai_settings import OpenAISettings
from bot.testing import ScriptedModel
from tests.emulators.openai_server import OpenAIServer, running_server

ASKED = (Turn("user", "Which bird hides acorns?"),)
SCHEMA: JsonSchema = {
    "type": "object",
    "properties": {"bird": {"enum": ["jay", "crow"]}, "sure": {"type": "boolean"}},
    "required": ["bird", "sure"],
    "additionalProperties": False,
}
GREEDY = Sampling(temperature=0, repeat_penalty=1, max_tokens=200)


@pytest.mark.parametrize("seed", range(4))
async def test_a_model_of_random_weights_still_writes_what_the_schema_says(tiny_gguf: Path, seed: int) -> None:
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1)) as model:
        written = await write_json(model, ASKED, SCHEMA, Sampling(temperature=1, seed=seed))
    assert written.keys() == {"bird", "sure"}
    assert written["bird"] in {"jay", "crow"}
    assert isinstance(written["sure"], bool)


async def test_an_answer_after_one_by_a_schema_is_free_again(tiny_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1)) as model:
        before = [piece async for piece in model.stream(Prompt(ASKED, ""), GREEDY)]
        await write_json(model, ASKED, SCHEMA, GREEDY)
        after = [piece async for piece in model.stream(Prompt(ASKED, ""), GREEDY)]
    assert "".join(after) == "".join(before)


async def test_a_schema_that_is_no_grammar_is_an_error_that_says_so(tiny_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1)) as model:
        with pytest.raises(ModelError, match="can't hold an answer to this schema"):
            await write_json(model, ASKED, {"$ref": "#/$defs/nowhere"}, GREEDY)
        assert (await write_json(model, ASKED, SCHEMA, GREEDY))["bird"] in {"jay", "crow"}


async def test_a_server_is_asked_for_the_format_and_its_fences_are_seen_through() -> None:
    async with running_server(OpenAIServer(pieces=["```json\n", '{"bird": ', '"jay", "sure": true}\n```'])) as server:
        async with OpenAIModel(OpenAISettings(server.base_url)) as model:
            assert await write_json(model, ASKED, SCHEMA, GREEDY) == {"bird": "jay", "sure": True}
        asked = server.requests[0]["response_format"]
        assert asked == {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": json.loads(json.dumps(SCHEMA)), "strict": False},
        }


@pytest.mark.parametrize("said", ["", "I think it is the jay.", '{"bird": "jay"', "[1, 2]", "}{"])
async def test_what_is_no_object_is_an_error_with_what_was_said(said: str) -> None:
    with pytest.raises(ModelError, match="was to write"):
        await write_json(ScriptedModel(said), ASKED, SCHEMA, GREEDY)


async def test_the_extractive_model_writes_nothing_by_a_schema() -> None:
    with pytest.raises(ModelError, match="can't write by a schema"):
        await write_json(ExtractiveModel(), ASKED, SCHEMA, GREEDY)

"""Pictures for a model on a server: whether it takes them, and how they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from bot.answering.writer import Writer
from bot.errors import ModelServerError
from bot.models import Picture, Sampling
from bot.models.extractive import ExtractiveModel
from bot.models.openai import OpenAIModel
from bot.models.openai_listing import sees_pictures
from bot.models.openai_settings import OpenAISettings
from bot.models.switching import SwitchableModel
from tests import picture_files
from tests.emulators.openai_server import OpenAIServer, pictures_in, running_server

PICTURE = Picture("image/png", picture_files.png())


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with running_server(OpenAIServer(sees=True, descriptions=["A grey square."])) as running:
        yield running


async def sees(server: OpenAIServer, *, pictures: bool | None = None) -> bool:
    async with SwitchableModel(OpenAIModel(OpenAISettings(server.base_url, pictures=pictures))) as model:
        return await Writer(model, Sampling()).sees_pictures()


async def test_a_server_that_says_so_is_given_pictures(server: OpenAIServer) -> None:
    assert await sees(server)
    assert not await sees(server, pictures=False)


async def test_a_server_that_says_nothing_is_given_pictures_only_where_that_is_set(server: OpenAIServer) -> None:
    server.tells = False
    assert not await sees(server)
    assert await sees(server, pictures=True)


async def test_a_picture_is_sent_before_the_words_that_belong_to_it(server: OpenAIServer) -> None:
    async with SwitchableModel(OpenAIModel(OpenAISettings(server.base_url))) as model:
        said = await Writer(model, Sampling()).describe("Describe it.", PICTURE, "my <|im_end|> toy", max_tokens=30)
    assert said == "A grey square."
    (request,) = server.requests
    assert pictures_in(request) == [PICTURE.data]
    system, user = cast("list[dict[str, Any]]", request["messages"])
    assert system == {"role": "system", "content": "Describe it."}
    assert [part["type"] for part in user["content"]] == ["image_url", "text"]
    assert "<|im_end|>" not in user["content"][1]["text"]


async def test_a_refused_picture_is_an_error_that_says_what_the_server_said(server: OpenAIServer) -> None:
    server.sees = False
    async with OpenAIModel(OpenAISettings(server.base_url, name="tiny")) as model:
        with pytest.raises(ModelServerError, match="image input is not supported"):
            await Writer(model, Sampling()).describe("Describe it.", PICTURE, "", max_tokens=30)


async def test_a_model_of_this_machine_sees_nothing() -> None:
    writer = Writer(SwitchableModel(ExtractiveModel()), Sampling())
    assert not writer.may_see_pictures
    assert not await writer.sees_pictures()


@pytest.mark.parametrize(
    ("listing", "can"),
    [
        ('{"data": [{"id": "m"}], "models": [{"name": "m", "capabilities": ["completion", "multimodal"]}]}', True),
        ('{"data": [{"id": "m"}], "models": [{"name": "m", "capabilities": ["completion"]}]}', False),
        ('{"data": [{"id": "m", "architecture": {"input_modalities": ["text", "image"]}}]}', True),
        ('{"data": [{"id": "other", "architecture": {"input_modalities": ["text", "image"]}}, {"id": "m"}]}', False),
        ('{"data": [{"id": "m", "capabilities": {"vision": true}}]}', True),
        ('{"data": [{"id": "m", "capabilities": {"vision": false}}]}', False),
        ('{"data": [{"id": "m", "architecture": null, "capabilities": 3}, 7, null], "models": "none"}', False),
        ("[1]", False),
        ("<html>", False),
    ],
)
def test_what_servers_tell_of_their_models_is_understood(listing: str, can: object) -> None:
    assert sees_pictures(listing, "m") is can

from __future__ import annotations

import pytest

from bot.errors import ModelError
from bot.models import Prompt, Sampling
from bot.models.extractive import ExtractiveModel


async def test_the_engine_that_only_quotes_writes_nothing_and_says_what_would() -> None:
    async with ExtractiveModel() as model:
        with pytest.raises(ModelError, match="scrubjay model list"):
            model.stream(Prompt(turns=(), question="hello"), Sampling())


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("one two three", 4), ("東京", 3)])
def test_tokens_are_estimated_from_words(text: str, tokens: int) -> None:
    assert ExtractiveModel().count(text) == tokens

"""What real models tell of labelled chats. `make models` fetches them; without them these tests are skipped."""

from __future__ import annotations

import re

import pytest

from bot.models.llama import LlamaModel
from tests.plugins.catchup.scoring import read_chats, score_catchup
from tests.real_models import real_settings, sample

pytestmark = pytest.mark.real_model


@pytest.mark.slow
async def test_each_point_has_sources_and_half_of_what_matters_is_told() -> None:
    chats = sample(read_chats(), 1)
    async with LlamaModel(real_settings("qwen2.5-coder-1.5b")) as model:
        scores = await score_catchup(model, chats)
    assert len(scores) == len(chats)
    for name, told in scores.items():
        assert told.digest is not None, name
        assert all(re.search(r"(\[\d+\])+$", line) for line in told.digest.text.splitlines())
    assert sum(each.told for each in scores.values()) >= sum(each.wanted for each in scores.values()) / 2

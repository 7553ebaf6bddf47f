"""What real models keep of labelled messages. `make models` fetches them; without them these tests are skipped."""

from __future__ import annotations

import pytest

from bot.models.llama import LlamaModel
from tests.plugins.facts.scoring import SETS, score_facts
from tests.real_models import ALONE, need_time, real_settings

pytestmark = pytest.mark.real_model


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sets", "recall"),
    [
        ("qwen2.5-coder-1.5b", SETS, 0.8),
        ("qwen2.5-coder-0.5b", ("trial", "kept back"), 0.4),  # of chatter it keeps too much
    ],
)
async def test_nine_in_ten_facts_that_are_kept_are_right(name: str, sets: tuple[str, ...], recall: float) -> None:
    if name == "qwen2.5-coder-1.5b":
        need_time()
    sets = sets if ALONE else sets[-1:]
    async with LlamaModel(real_settings(name)) as model:
        scores = [await score_facts(model, which) for which in sets]
    wrong, missed = [each.wrong for each in scores], [each.missed for each in scores]
    assert sum(each.right for each in scores) >= 0.9 * sum(each.kept for each in scores), wrong
    assert sum(each.found for each in scores) >= recall * sum(each.wanted for each in scores), missed

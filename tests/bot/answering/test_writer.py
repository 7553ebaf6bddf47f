"""The model as plugins use it: examples as a fixed prefix, material that fits, and no link that it was not given."""

from __future__ import annotations

from bot.answering.untrusted_text import CUT_NOTE
from bot.answering.writer import Writer
from bot.models import Sampling
from bot.testing import ScriptedModel

EXAMPLES = (("a red apple", "apple"), ("a blue sky", "sky"))


async def test_examples_stand_as_turns_that_an_engine_keeps_evaluated() -> None:
    model = ScriptedModel("moon", "sun")
    writer = Writer(model, Sampling())
    assert await writer.write("Name the thing.", "a full moon", max_tokens=5, examples=EXAMPLES) == "moon"
    await writer.write("Name the thing.", "a low sun", max_tokens=5, examples=EXAMPLES)
    first, second = model.prompts
    assert [turn.role for turn in first.turns] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert first.fixed == 5
    assert first.turns[: first.fixed] == second.turns[: second.fixed]


async def test_material_beside_examples_is_cut_to_what_fits() -> None:
    model = ScriptedModel("moon", context_size=200)
    await Writer(model, Sampling()).write("Name it.", "moon " * 500, max_tokens=5, examples=EXAMPLES)
    (prompt,) = model.prompts
    assert prompt.turns[-1].text.endswith(CUT_NOTE)
    assert sum(model.count(turn.text) for turn in prompt.turns) < 200


async def test_a_link_that_the_material_does_not_hold_is_left_out_also_while_the_text_grows() -> None:
    model = ScriptedModel("See https://held.example/x and https://evil.example/?q=1755 there")
    shown: list[str] = []
    writer = Writer(model, Sampling())
    text = await writer.write("Sum up.", "It is at https://held.example/x.", max_tokens=50, grow=shown.append)
    assert text == "See https://held.example/x and […] there"
    assert not any("evil" in each for each in shown)

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.models.visible_text import VisibleText, remove_thinking

WHOLE = [
    ("On 3 May. [1]", "On 3 May. [1]"),
    ("<think>\nHm, the hotel.\n</think>\n\nOn 3 May. [1]", "On 3 May. [1]"),
    ("Hm, the hotel, or was it?</think>On 3 May.", "On 3 May."),
    ("On 3 May. <think>Or June?</think>Mara paid.", "On 3 May. Mara paid."),
    ("<Thinking>so</Thinking>yes", "yes"),
    ("<reasoning>a < b</reasoning>b", "b"),
    ("[THINK]a[/THINK]b", "b"),
    ("◁think▷a◁/think▷b", "b"),
    ("<|begin_of_thought|>a<|end_of_thought|><|begin_of_solution|>b<|end_of_solution|>", "b"),
    ("<think>never ends", ""),
    (
        "<|channel|>analysis<|message|>The hotel?<|end|><|start|>assistant<|channel|>final<|message|>3 May.<|return|>",
        "3 May.",
    ),
    ("<|channel|>final<|message|>On 3 May.", "On 3 May."),
    ("<|channel|>analysis<|message|>a<|channel|>commentary to=x<|message|>b<|channel|>final<|message|>c", "c"),
    ("<|start|>assistant<|message|>On 3 May.<|end|>", "On 3 May."),
    ("<|channel|>analysis<|message|>and no end", ""),
    ("analysisThe user asks of the hotel.assistantfinalOn 3 May.", "On 3 May."),
    ("analysis of the sales", "analysis of the sales"),
    ("anal", "anal"),
    ("On 3 May.<|im_end|>\n<|im_start|>user\nAnd who paid?", "On 3 May."),
    ("On 3 May.</s>", "On 3 May."),
    ("On 3 May.<|eot_id|>assistant", "On 3 May."),
    ("On 3 May.<end_of_turn>", "On 3 May."),
    ("<|im_start|>assistant\nOn 3 May.<|im_end|>", "On 3 May."),
    ("<|start_header_id|>assistant<|end_header_id|>\n\nOn 3 May.", "On 3 May."),
    ("<|assistant|>\nOn 3 May.", "On 3 May."),
    ("1 < 2 and <b>bold</b> [INFO] <|", "1 < 2 and <b>bold</b> [INFO] <|"),
]


@pytest.mark.parametrize(("said", "answer"), WHOLE)
def test_only_the_answer_is_left_of_what_a_model_says(said: str, answer: str) -> None:
    assert remove_thinking(said) == answer


@pytest.mark.parametrize(("said", "answer"), WHOLE)
@pytest.mark.parametrize("size", [1, 2, 7])
def test_cutting_it_into_pieces_changes_nothing(said: str, answer: str, size: int) -> None:
    visible = VisibleText(hold=True)
    pieces = [visible.feed(said[at : at + size]) for at in range(0, len(said), size)]
    assert "".join([*pieces, visible.finish()]).rstrip() == answer


def test_thinking_that_the_template_opened_is_never_shown() -> None:
    visible = VisibleText(thinking=True)
    assert [visible.feed(piece) for piece in ("Hm, the ", "hotel.</thi", "nk>\n\nOn ", "3 May.")] == [
        "",
        "",
        "On ",
        "3 May.",
    ]


def test_an_answer_is_given_out_as_it_comes() -> None:
    visible = VisibleText()
    assert [visible.feed(piece) for piece in ("On ", "3 <", "th", "e")] == ["On ", "3 ", "", "<the"]


def test_a_thinking_closed_after_it_was_shown_is_removed_from_the_whole() -> None:
    visible = VisibleText()
    shown = visible.feed("Hm, the hotel. ") + visible.feed("</think>On 3 May.") + visible.finish()
    assert remove_thinking(shown) == "On 3 May."
    assert visible.closed_unopened


def test_nothing_is_given_out_after_a_leaked_stop_token() -> None:
    visible = VisibleText()
    assert visible.feed("On 3 May.<|im_end|>more") == "On 3 May."
    assert visible.stopped
    assert visible.feed("still more") + visible.finish() == ""


MARKS = st.sampled_from(
    [
        *(
            "<think>",
            "</think>",
            "<|channel|>",
            "analysis",
            "final",
            "<|message|>",
            "<|end|>",
            "<|start|>",
            "assistant",
        ),
        *("</s>", "<|im_start|>", "[THINK]", "[/THINK]", "analysisA", "assistantfinal", *"<|>aÉİ \n"),
    ]
)


@given(st.lists(MARKS, max_size=12).map("".join), st.lists(st.integers(0, 80), max_size=6))
@example("a</think>b", [1])
@example("analysis", [8])
@example("<|im_start|>assistant", [12, 14])
def test_any_cutting_leaves_the_same_answer(said: str, cuts: list[int]) -> None:
    visible = VisibleText(hold=True)
    edges = sorted({0, len(said), *(cut for cut in cuts if cut < len(said))})
    pieces = [visible.feed(said[start:end]) for start, end in pairwise(edges)]
    assert "".join([*pieces, visible.finish()]).rstrip() == remove_thinking(said)


@given(st.lists(MARKS, max_size=12).map("".join), st.integers(1, 9))
def test_what_was_shown_too_early_is_removed_from_the_whole(said: str, size: int) -> None:
    visible = VisibleText()
    pieces = [visible.feed(said[at : at + size]) for at in range(0, len(said), size)]
    shown = remove_thinking("".join([*pieces, visible.finish()]))
    assert not any(mark in shown for mark in ("<think>", "</think>", "[THINK]"))

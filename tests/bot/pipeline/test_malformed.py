"""Text that is not valid Unicode, wherever it stands in an event."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.pipeline.malformed import repair, repair_text

LONE, WHOLE = "\ud83d", "\U0001f600"
HALVES = "\ud83d\ude00"


@dataclass(frozen=True)
class Inner:
    text: str
    count: int = 1


@dataclass(frozen=True)
class Outer:
    title: str
    inner: Inner
    parts: tuple[str, ...] = ()
    notes: dict[str, list[str]] = field(default_factory=dict)


SOUND = Outer("a", Inner("Olá 😀"), ("b", "東京"), {"c": ["d"]})


def test_halves_are_joined_and_a_half_alone_is_replaced() -> None:
    assert repair_text(HALVES) == WHOLE
    assert repair_text(f"a{LONE}b") == "a\ufffdb"


def test_what_is_wrong_is_repaired_wherever_it_stands() -> None:
    wrong = Outer(LONE, Inner(HALVES, 7), ("b", LONE), {LONE: ["d", LONE]})
    assert repair(wrong) == Outer("\ufffd", Inner(WHOLE, 7), ("b", "\ufffd"), {"\ufffd": ["d", "\ufffd"]})
    assert repair(replace(SOUND, inner=Inner(LONE))) == replace(SOUND, inner=Inner("\ufffd"))


def test_keys_that_become_the_same_leave_none_that_is_wrong() -> None:
    assert list(repair({"\ufffd": 1, LONE: 2})) == ["\ufffd"]
    assert list(repair({"a": 0, LONE: 1, "\udc00": 2})) == ["a", "\ufffd"]


def test_what_is_right_is_returned_as_it_is() -> None:
    assert repair(SOUND) is SOUND
    assert repair(Outer) is Outer
    assert repair(None) is None

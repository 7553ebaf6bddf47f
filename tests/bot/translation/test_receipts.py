"""A receipt names in the reader's language where forgotten words may be left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.translation import LANGUAGES, describe_receipt_notes, speaking
from memory.receipts import Check, Receipt

MEMORY = Path(__file__).parents[3] / "memory"
NAMED = re.compile(r"'((?:a|the|something) [a-z .]+?)'")
"""How both engines name, in SQL, the rows in which words may be left."""


def left_in(place: str) -> str:
    (note,) = describe_receipt_notes(Receipt(checked=Check(1, 0, 1, 1, 1, (place,))))
    return note


def places() -> set[str]:
    code = "".join(MEMORY.joinpath(engine, "traces.py").read_text("utf-8") for engine in ("sqlite", "postgres"))
    said = set(NAMED.findall(code))
    return {f"{each}12" if each.endswith(" ") else each for each in said}


def test_the_code_names_the_places_that_are_tried_here() -> None:
    assert {"the reply no. 12", "something kept by the plugin 12", "the buttons of a reply"} < places()


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
@pytest.mark.parametrize("place", sorted({*places(), "the full-text index", "the file /tmp/12"}))
def test_every_place_is_named_in_the_readers_language(place: str, language: str) -> None:
    with speaking(language):
        note = left_in(place)
    assert place not in note
    assert ("12" in note) == ("12" in place)


def test_a_place_that_nobody_knows_is_named_as_it_is() -> None:
    with speaking("de"):
        assert "a new kind of shelf" in left_in("a new kind of shelf")

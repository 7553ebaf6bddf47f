"""Patterns over classes of tokens, written with their names."""

from __future__ import annotations

import pytest

from memory.timeline.token_classes import TokenClass, compile_pattern


def test_names_stand_for_classes_and_blanks_only_set_apart() -> None:
    pattern = compile_pattern("(?P<which>[LAST NEXT]) WEEKDAY STOP?")
    letters = f"{TokenClass.NEXT}{TokenClass.WEEKDAY}{TokenClass.STOP}"
    found = pattern.fullmatch(letters)
    assert found is not None
    assert found["which"] == TokenClass.NEXT
    assert pattern.fullmatch(letters[1:]) is None


def test_signs_stand_for_themselves_alone() -> None:
    assert compile_pattern("STOP").fullmatch(TokenClass.OTHER) is None
    assert compile_pattern("[TO DASH UNTIL]").fullmatch(TokenClass.UNIT) is None


def test_every_class_has_a_letter_of_its_own() -> None:
    assert len(TokenClass) == len(TokenClass.__members__)
    assert {len(each) for each in TokenClass} == {1}


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="FORTNIGHT"):
        compile_pattern("LAST FORTNIGHT")

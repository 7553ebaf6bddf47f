from __future__ import annotations

import pytest

from memory.search.names import find_named, without_names

AUTHORS = ["Mara Költő", "Caroline", "Jon", "Joan", "田中", "Jo", "Ed Ray", "Pia de Wit", "X", "Lukas"]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("what does Mara's sister do?", {"Mara Költő"}),
        ("what did caro buy?", {"Caroline"}),
        ("what did Carolin buy?", {"Caroline"}),
        ("did jon call?", {"Jon"}),
        ("what did Lucas buy?", {"Lukas"}),
        ("what did 田中 say?", {"田中"}),
        ("what does Jo like?", {"Jo"}),
        ("when is ed coming?", {"Ed Ray"}),
        ("the letter de X", set()),
        ("who paid for the cake?", set()),
        ("can we car-pool?", set()),
        ("", set()),
    ],
)
def test_a_question_names_authors_by_a_part_of_their_name_or_nearly(question: str, named: set[str]) -> None:
    assert frozenset[str]().union(*find_named(question, AUTHORS).values()) == named


def test_a_question_is_left_without_the_names_unless_it_is_nothing_else() -> None:
    assert without_names("What is Mara\u2019s wifi password, Mara?", {"mara"}) == "What is wifi password,"
    assert without_names("Mara?", {"mara"}) == "Mara?"

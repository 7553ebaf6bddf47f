"""Links are cut before what only their page understands, and only where that is long."""

from __future__ import annotations

from memory.search.links import cut_link_tails

LINK = "https://shop.example/boots"


def test_a_long_query_or_fragment_goes_and_the_rest_of_the_text_stays() -> None:
    assert cut_link_tails(f"see {LINK}?session=0123456789 there") == f"see {LINK} there"
    assert cut_link_tails(f"see {LINK}#section-0123456789") == f"see {LINK}"


def test_a_mark_can_say_that_something_is_missing() -> None:
    assert cut_link_tails(f"{LINK}?session=0123456789", "…") == f"{LINK}…"


def test_a_short_query_stays_and_so_does_what_is_not_a_link() -> None:
    for text in (f"{LINK}?size=42", "really?0123456789012345", f"{LINK}/0123456789012345"):
        assert cut_link_tails(text) == text

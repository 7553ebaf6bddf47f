from __future__ import annotations

import pytest

from adapters.http.languages import preferred_language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-CH, de;q=0.9, en;q=0.5", "de"),
        ("nl, fr;q=0.4, en;q=0.8", "en"),
        ("en;q=0, it", "it"),
        ("pt-BR", "pt"),
        ("nl", None),
        ("*", None),
        ("", None),
        ("de;q=much", None),
        ("de;level=1;q=0.1, es", "de"),
    ],
)
def test_a_browser_is_served_the_language_that_it_prefers(accepted: str, language: str | None) -> None:
    assert preferred_language(accepted) == language

from __future__ import annotations

import pytest

from bot.reading.durations import format_duration


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (42.9, "0:42"), (60, "1:00"), (3599.99, "59:59"), (3723, "1:02:03")]
)
def test_a_time_is_shown_as_players_show_it(seconds: float, shown: str) -> None:
    assert format_duration(seconds) == shown

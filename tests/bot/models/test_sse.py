from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.sse import EventStreamParser, EventTooLongError

LINE_ENDS = st.sampled_from(["\n", "\r\n"])
ONE_LINE = st.text().filter(lambda text: "\n" not in text and "\r" not in text)


def read(*received: bytes) -> list[str]:
    events = EventStreamParser()
    fed = list(chain.from_iterable(events.feed(part) for part in received))
    return fed + list(events.finish())


def test_comments_names_and_ids_are_dropped() -> None:
    assert read(b": hello\nevent: x\nid: 3\nretry: 9\ndata: one\n\n:\n\ndata:two\n\n") == ["one", "two"]


def test_several_data_lines_are_one_event() -> None:
    assert read(b"data: a\ndata: b\n\n") == ["a\nb"]


def test_a_last_event_without_an_empty_line_is_read() -> None:
    assert read(b"data: [DONE]") == ["[DONE]"]


def test_a_lone_carriage_return_ends_a_line() -> None:
    assert read(b"data: a\rdata: b\r\r\n") == ["a\nb"]


@given(st.lists(ONE_LINE, max_size=5), LINE_ENDS, st.integers(1, 7))
def test_events_survive_any_cutting(texts: list[str], end: str, size: int) -> None:
    sent = "".join(f"data: {text}{end}{end}" for text in texts).encode("utf-8", "replace")
    expected = [text.encode("utf-8", "replace").decode() for text in texts]
    assert read(*(sent[at : at + size] for at in range(0, len(sent), size))) == expected


def test_an_endless_line_is_given_up() -> None:
    with pytest.raises(EventTooLongError):
        read(*([b"x" * 100_000] * 20))

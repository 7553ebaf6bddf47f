from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.models.answer_text import AnswerText


def pieces(received: bytes, size: int, *stops: str) -> tuple[list[str], AnswerText]:
    text = AnswerText(stops)
    given_out = []
    for at in range(0, len(received), size):
        given_out.append(text.feed(received[at : at + size]))
        if text.stopped:
            break
    return [*given_out, text.finish()], text


def test_a_character_is_given_out_once_it_is_whole() -> None:
    text = AnswerText()
    assert [text.feed(bytes([octet])) for octet in "a🦜é".encode()] == ["a", "", "", "", "🦜", "", "é"]


def test_a_broken_character_at_the_end_is_dropped() -> None:
    assert "".join(pieces("ok 🦜".encode()[:-1], 2)[0]) == "ok "


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert "".join(pieces(b"a\xff\xfeb", 1)[0]) == "a\ufffd\ufffdb"


def test_the_beginning_of_a_stop_text_is_held_back_until_it_is_none() -> None:
    text = AnswerText(["<|end|>"])
    assert [text.feed(part) for part in (b"yes <", b"|e", b"nough")] == ["yes ", "", "<|enough"]
    assert not text.stopped


def test_nothing_is_given_out_from_a_stop_text_on() -> None:
    text = AnswerText(["STOP"])
    assert text.feed(b"one ST") == "one "
    assert text.feed(b"OP two") == ""
    assert text.stopped
    assert text.feed(b"three") == ""
    assert text.finish() == ""


def test_the_stop_that_is_complete_first_counts() -> None:
    assert pieces(b"a END b STOP", 100, "STOP", "END")[0] == ["a ", ""]
    assert pieces(b"a <END> b", 100, "<END> b", "END")[0] == ["a <", ""]


def test_a_held_beginning_is_given_out_when_the_answer_ends() -> None:
    assert pieces(b"1 < 2 <", 1, "<|end|>")[0][-1] == "<"


def test_white_space_before_the_first_word_is_dropped() -> None:
    assert "".join(pieces(b" \n Mara  booked", 1)[0]) == "Mara  booked"


@given(st.text(alphabet="ab<|e🦜 "), st.integers(1, 5), st.lists(st.text("ab<|e", min_size=1, max_size=4), max_size=3))
def test_any_cutting_gives_the_text_up_to_the_first_stop(said: str, size: int, stops: list[str]) -> None:
    said = said.lstrip()
    found = [(at + len(stop), at) for stop in stops if (at := said.find(stop)) >= 0]
    given_out, text = pieces(said.encode(), size, *stops)
    assert text.stopped == bool(found)
    assert "".join(given_out) == (said[: min(found)[1]] if found else said)

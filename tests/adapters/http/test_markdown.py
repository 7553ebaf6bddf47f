from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from adapters.http.markdown import find_addresses, render_markdown, render_plain

ALLOWED = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


class Tags(HTMLParser):
    """The elements and attributes of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@given(st.text() | st.lists(st.sampled_from("<>&\"'[]()!`*_~#|- \n1ahttps:/\\"), max_size=60).map("".join))
def test_nothing_but_plain_elements_comes_out_and_no_link_that_the_memory_does_not_hold(text: str) -> None:
    for tag, attributes in Tags(render_markdown(text, sources={1: "/source/7"}, known={"https://known.test/"})).found:
        assert tag in ALLOWED
        assert attributes.get("href") in (None, "/source/7", "https://known.test/")
        assert {*attributes} <= {"href", "rel", "target", "class", "aria-label", "start", "style"}
        if "style" in attributes:  # the alignment of a table's column; the page's policy leaves it without effect
            assert re.fullmatch(r"text-align:(left|center|right)", attributes["style"] or "")


@given(st.text())
def test_a_message_is_shown_as_it_was_written(text: str) -> None:
    class Text(HTMLParser):
        said = ""

        def handle_data(self, data: str) -> None:
            self.said += data

    parser = Text()
    parser.feed(render_plain(text))
    parser.close()
    assert parser.said.replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_html_and_pictures_are_text() -> None:
    html = render_markdown("<script>alert(1)</script>\n\n![a cat](https://evil.test/p.png)")
    assert "<script" not in html
    assert "<img" not in html
    assert "evil.test" not in html
    assert "a cat" in html


def test_a_link_that_the_memory_does_not_hold_is_told_but_leads_nowhere() -> None:
    html = render_markdown(
        "[look](https://evil.test/?q=1) and [docs](https://known.test/)", known={"https://known.test/"}
    )
    assert "look (https://evil.test/?q=1)" in html
    assert [attributes["href"] for _, attributes in Tags(html).found if "href" in attributes] == ["https://known.test/"]


def test_a_number_leads_to_its_source_and_another_stays_text() -> None:
    html = render_markdown("It was in May [1], or June [2].\n\n[2]: https://evil.test", sources={1: "/source/7"})
    assert '<a class="cite" href="/source/7" aria-label="Source 1">1</a>' in html
    assert "June [2]" in html
    assert 'href="https://evil.test"' not in html


def test_the_addresses_of_texts_end_before_the_sentence_does() -> None:
    assert find_addresses(["see https://a.test/x?y=1. Or (http://b.test)!"]) == {
        "https://a.test/x?y=1",
        "http://b.test",
    }

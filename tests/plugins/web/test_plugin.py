from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import FileUnreadable
from bot.hosting.running import RunningPlugins
from bot.pipeline.metrics import Metrics
from bot.reading import About, IncomingFile, Piece
from bot.reading.library import Library, documents_of
from bot.reading.reading import Reading
from bot.testing import Chat, chat
from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from plugins.pdf.plugin import PdfPlugin
from plugins.web.plugin import WebPlugin, WebSettings, links_in
from tests.plugins.pdf import documents
from tests.plugins.web.conftest import Site

ARTICLE = """<html lang="en"><head><title>Ferries change | Harbour News</title>
<meta name="author" content="Ada Smith"><meta property="article:published_time" content="2024-03-05">
<meta property="og:site_name" content="Harbour News"></head><body>
<nav><a href="/">Home</a> <a href="/all">All our stories</a></nav>
<article><h1>Ferries change</h1>
<p>The ferries will leave at seven from next week on, the harbour authority said on Monday to the press.</p>
<h2>Prices</h2><p>Tickets cost {price} euros, children pay half, and dogs travel for free with their masters.</p>
<table><tr><th>Line</th><th>Time</th></tr><tr><td>Island</td><td>7:00</td></tr></table></article>
<footer>Copyright, cookies and so on</footer></body></html>"""


def plugin() -> WebPlugin:
    return WebPlugin(WebSettings(allowed_hosts=["127.0.0.1"]))


async def read(tmp_path: Path, page: str) -> tuple[About, list[Piece]]:
    path = tmp_path / "harbour.example ferries"
    path.write_text(page, "utf-8")
    file = IncomingFile(path, path.name, "text/html", path.stat().st_size, "https://harbour.example/ferries")
    items = [item async for item in plugin().read_article(file)]
    return next(each for each in items if isinstance(each, About)), [each for each in items if isinstance(each, Piece)]


async def texts(ann: Chat) -> list[str]:
    kept = await ann.memory.passages.select(Scope.all(), Selection(kinds=("document",)), newest_first=False)
    return [each.text for each in kept]


async def test_an_article_is_read_with_its_title_author_date_and_headings(tmp_path: Path) -> None:
    about, pieces = await read(tmp_path, ARTICLE.format(price="ten"))
    assert (about.title, about.author) == ("Ferries change", "Ada Smith, Harbour News")
    assert about.created_at is not None
    assert about.created_at.date().isoformat() == "2024-03-05"
    assert [piece.headings for piece in pieces] == [("Ferries change",), ("Ferries change", "Prices")]
    assert pieces[1].text.endswith("Line | Time\nIsland | 7:00")
    assert {piece.link for piece in pieces} == {"https://harbour.example/ferries"}
    assert not [piece for piece in pieces if "Copyright" in piece.text or "All our stories" in piece.text]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("", "it has no article, or one that only a browser shows."),
        ("<html><body><div id=app></div><script>fill()</script></body></html>", "only a browser shows."),
        ("<html><body><form><input name=u><input type='password'></form></body></html>", "it asks for a login."),
        ("\x00\x01\x02 junk" * 100, "it has no article, or one that only a browser shows."),
        ("<div>" * 20_000, "it has no article, or one that only a browser shows."),
    ],
)
async def test_a_page_without_an_article_is_refused_in_a_sentence(tmp_path: Path, page: str, why: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        await read(tmp_path, page)
    assert str(caught.value).startswith("harbour.example ferries can't be read: ")
    assert str(caught.value).endswith(why)


async def test_a_link_is_read_when_somebody_asks_to_remember_it(tmp_path: Path, site: Site) -> None:
    address = site.page("/ferries", ARTICLE.format(price="ten"))
    async with chat(tmp_path, plugins=[plugin()]) as ann:
        (told,) = await ann.says(f"Please remember this: {address}.")
        assert told.startswith("I have read 127.0.0.1 ferries: ")
        await ann.says("What do tickets cost?")
        source = ann.last.sources[0]
        assert (source.author, source.link) == ("127.0.0.1 ferries", address)


@pytest.mark.parametrize(
    "text", ["{}", "Have you seen {} yet?", "Do you remember this? {} Is it the one?", "I wrote {} for you."]
)
async def test_a_link_alone_is_not_read(tmp_path: Path, site: Site, text: str) -> None:
    address = site.page("/ferries", ARTICLE.format(price="ten"))
    async with chat(tmp_path, plugins=[plugin()]) as ann:
        await ann.says(text.format(address))
        assert site.asked == []


async def test_reading_an_address_again_replaces_what_it_said(tmp_path: Path, site: Site) -> None:
    address = site.page("/ferries", ARTICLE.format(price="ten"))
    async with chat(tmp_path, plugins=[plugin()]) as ann:
        await ann.says(f"/read {address}")
        site.page("/ferries", ARTICLE.format(price="twelve"))
        await ann.says(f"/read {address}")
        kept = " ".join(await texts(ann))
        assert "twelve euros" in kept
        assert "ten euros" not in kept


async def test_a_pdf_at_an_address_is_read_as_one_and_linked_by_page(tmp_path: Path, site: Site) -> None:
    documents.scanned(tmp_path / "report.pdf", ["The museum opens at nine.", "Tickets cost ten euros."])
    address = site.page("/report.pdf", (tmp_path / "report.pdf").read_bytes(), "application/pdf")
    async with chat(tmp_path / "data", plugins=[plugin(), PdfPlugin()]) as ann:
        (told,) = await ann.says(f"/read {address}")
        assert told == "I have read report.pdf: 2 pages, 2 passages. Ask me about it."
        await ann.says("What do tickets cost?")
        source = ann.last.sources[0]
        assert (source.locator, source.link) == ("p. 2", f"{address}#page=2")


async def test_what_can_not_be_read_is_told_and_the_next_link_is_read(tmp_path: Path, site: Site) -> None:
    address = site.page("/ferries", ARTICLE.format(price="ten"))
    async with chat(tmp_path, plugins=[plugin()]) as ann:
        first, second = await ann.says(f"remember these {site.address}/gone {address}")
        assert first == f"{site.address}/gone can't be read: there is nothing at this address (404)."
        assert second.startswith("I have read 127.0.0.1 ferries")


async def test_without_a_setting_this_machine_is_not_asked(tmp_path: Path, site: Site) -> None:
    address = site.page("/ferries", ARTICLE.format(price="ten"))
    async with chat(tmp_path, plugins=[WebPlugin()]) as ann:
        assert await ann.says(f"/read {address}") == [f"{address} was not read: 127.0.0.1 is not a public address."]
        assert site.asked == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/read localhost", "localhost was not read: I only read http and https addresses."),
        (
            "/read nowhere.invalid/x",
            "https://nowhere.invalid/x can't be read: there is no host called nowhere.invalid.",
        ),
        ("/read file:///etc/passwd", "file:/etc/passwd was not read: I only read http and https addresses."),
    ],
)
async def test_what_is_no_address_of_the_web_is_told(tmp_path: Path, said: str, told: str) -> None:
    async with chat(tmp_path, plugins=[WebPlugin()]) as ann:
        assert await ann.says(said) == [told]


async def test_an_address_that_is_ingested_is_kept_under_it_and_followed(tmp_path: Path, site: Site) -> None:
    address = site.page("/ferries", ARTICLE.format(price="ten"))
    async with (
        Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory,
        RunningPlugins([plugin()], "", Metrics()) as plugins,
    ):
        owner = await memory.people.ensure("console", "owner", "Ann")
        place = await documents_of(memory, owner.id)
        library = Library(memory, Reading(memory, plugins), place, owner.id)
        first = await library.take_address(address)
        assert (first.name, first.change.document.source) == ("127.0.0.1 ferries", address)
        assert (await library.take_address(address)).duplicate
        site.page("/ferries", ARTICLE.format(price="twelve"))
        await library.take_address(address)
        (document,) = await memory.documents.summarize(Scope.of_conversation(place.id))
        assert document.document.source == address
        with pytest.raises(FileUnreadable, match="there is nothing at this address"):
            await library.take_address(f"{site.address}/gone")


def test_links_are_found_without_the_marks_of_the_sentence() -> None:
    text = "See (https://a.example/x), https://b.example/film_(1999). And <https://a.example/x>!"
    assert links_in(text) == ["https://a.example/x", "https://b.example/film_(1999)"]

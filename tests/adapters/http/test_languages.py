from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from adapters.http.app import STATIC
from adapters.http.languages import preferred_language
from adapters.http.pages.labels import SCRIPT_MESSAGES, script_messages
from bot.translation import ENGLISH, LANGUAGES, speaking
from tests.adapters.http.browsers import needs_browser, visiting
from tests.adapters.http.test_pages import tell
from tests.adapters.web_bot import WebBot


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


_TRANSLATED = re.compile(r'translate\(\s*"((?:[^"\\]|\\.)*)"')
_UNTRANSLATED = re.compile(r"announce\((?:[`\"']|\w+ \? [`\"'])|textContent = [`\"'][A-Z]")


def test_the_scripts_say_what_the_catalogues_know_and_nothing_else() -> None:
    said = [message for path in STATIC.glob("*.js") for message in _TRANSLATED.findall(path.read_text("utf-8"))]
    assert set(said) == set(SCRIPT_MESSAGES)
    assert [path.name for path in STATIC.glob("*.js") if _UNTRANSLATED.search(path.read_text("utf-8"))] == []


def test_scripts_are_given_what_they_say_in_the_language_of_the_page() -> None:
    assert script_messages() == {}
    for language in set(LANGUAGES) - {ENGLISH}:
        with speaking(language):
            assert set(script_messages()) == set(SCRIPT_MESSAGES)


@needs_browser
@pytest.mark.slow
async def test_pages_and_their_scripts_speak_the_language_of_the_browser(web: WebBot) -> None:
    await tell(web, "who books the hotel?", "booked the hotel")
    async with visiting(web, locale="de-DE") as visit:
        page = visit.page
        await expect(page.get_by_role("heading", name="Was möchtest du wissen?")).to_be_visible()
        await page.get_by_role("button", name="Zwischen Hell und Dunkel wechseln").click()
        await expect(page.locator("#announcements")).to_have_text("Dunkle Farben.")
        for path in ("/memory?q=hotel", "/memory/timeline", "/facts", "/documents", "/import", "/settings"):
            await visit.go(path)
            english = await page.evaluate(_ENGLISH_WORDS)
            assert english == [], path


_ENGLISH_WORDS = """() => {
  const common = /\\b(the|and|of|is|are|your|with|what|this|that|from|for)\\b/i;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest("q, .told, .summary, code")) continue;
    if (common.test(node.data)) found.push(node.data.trim());
  }
  return found;
}"""
"""Texts of the page with words that no other of the six languages has; what people have said is passed over."""

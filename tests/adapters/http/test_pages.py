"""The pages as people use them, in a real browser."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.testing.scripted_model import ScriptedModel
from memory import ConversationRecord, Entry, Scope
from tests.adapters.http.browsers import needs_browser, visiting
from tests.adapters.web_bot import WebBot, web_bot
from tests.emulators.patience import PATIENCE

pytestmark = [needs_browser, pytest.mark.slow]

PHONE = (390, 844)
START = datetime(2024, 5, 3, 9, tzinfo=UTC)
PLACES = [
    "/chat/new",
    "/memory",
    "/memory?q=hotel",
    "/memory/timeline",
    "/memory/day/2024-05-03",
    "/facts",
    "/documents",
    "/import",
    "/settings",
]
FIRST_PAINT_BYTES = 150_000


async def tell(web: WebBot, *texts: str, author: str = "Mara", title: str = "Lisbon trip") -> ConversationRecord:
    """Have the owner's memory hold a conversation, a message each minute."""
    owner = await web.memory.people.ensure("console", "owner", "You")
    place = await web.memory.conversations.ensure("whatsapp", title, title=title, kind="group", owner_id=owner.id)
    person = await web.memory.people.ensure("whatsapp", author, author)
    entries = [
        Entry(text, START + timedelta(minutes=number), author, person.id, event_id=f"e{number}")
        for number, text in enumerate(texts)
    ]
    await web.memory.passages.add(place, entries)
    return place


@pytest.fixture
async def told(web: WebBot) -> WebBot:
    """A bot that remembers a little."""
    said = ("who books the hotel?", "booked the hotel, Rua da Rosa, 12–16 June", "thanks!", "the beach is lovely")
    await tell(web, *said)
    return web


async def test_a_newcomer_gets_from_the_first_page_to_a_cited_answer(web: WebBot) -> None:
    async with visiting(web) as visit:
        page = visit.page
        await expect(page.get_by_role("heading", name="Nothing is remembered yet")).to_be_visible()
        await page.get_by_role("link", name="Import a chat history").click()
        await page.wait_for_url("**/import")  # its scripts are at work
        with as_file(files("bot.commands.evaluation") / "sample" / "WhatsApp Chat - Lisbon trip.zip") as sample:
            await page.set_input_files("#export", sample)
            await page.get_by_label("Who are you in it?").select_option("Mara")
        await page.get_by_role("button", name="Import", exact=True).click()
        await expect(page.get_by_text("Lisbon trip is remembered")).to_be_visible(timeout=120_000)
        await page.get_by_role("link", name="Ask about it").click()
        await page.wait_for_url("**/chat/*")
        await page.get_by_role("textbox", name="Message").fill("when did we book the hotel in Lisbon?")
        await page.keyboard.press("Enter")
        answer = page.locator("article.bot.done")
        await expect(answer).to_contain_text("3 May 2024")
        await answer.locator("a.source").first.click()
        await expect(page.locator(".line.sought")).to_contain_text("booked the hotel")
        await expect(page.locator(".line.sought")).to_be_in_viewport()
        assert await page.locator(".line").count() > 10


async def test_search_finds_as_one_types_and_what_is_forgotten_is_gone(told: WebBot) -> None:
    async with visiting(told) as visit:
        page = visit.page
        await visit.go("/memory")
        await page.get_by_role("searchbox").fill("booked")
        hit = page.locator(".hit").filter(has_text="Rua da Rosa")
        await expect(hit.locator("mark").first).to_have_text("booked")
        await expect(hit).to_contain_text("has your words")
        await hit.get_by_role("button", name="Forget").click()
        await expect(page.get_by_role("dialog")).to_contain_text("1 memory")
        await page.get_by_role("button", name="Forget for good").click()
        await expect(page.get_by_role("dialog")).to_contain_text("Forgotten")
        await page.get_by_role("button", name="Done").click()
        await expect(hit).to_have_count(0)
        await page.reload()
        await expect(page.locator("#results")).not_to_contain_text("Rua da Rosa")


async def test_filters_narrow_a_search_and_stand_in_the_address(told: WebBot) -> None:
    await tell(told, "the hotel has a pool", author="Jonas", title="Work")
    async with visiting(told) as visit:
        page = visit.page
        await visit.go("/memory?q=hotel")
        await expect(page.locator("#results")).to_contain_text("pool")
        await page.get_by_label("Person").select_option("Mara")
        await expect(page.locator("#results")).not_to_contain_text("pool")
        assert "person=Mara" in page.url
        await page.get_by_label("From").fill("2025-01-01")
        await expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()


async def test_a_message_is_edited_and_the_edit_undone(told: WebBot) -> None:
    async with visiting(told) as visit:
        page = visit.page
        await visit.go("/memory?q=beach")
        hit = page.locator(".hit").filter(has_text="lovely")
        await hit.get_by_role("button", name="Edit").click()
        await page.get_by_label("Text").fill("the beach is cold")
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator(".hit").filter(has_text="cold")).to_have_count(1)
        await page.get_by_role("button", name="Undo").click()
        await expect(page.locator(".hit").filter(has_text="lovely")).to_have_count(1)


async def test_facts_are_kept_replaced_and_taken_back(web: WebBot) -> None:
    async with visiting(web) as visit:
        page = visit.page
        await visit.go("/facts")
        for value in ("azulejo", "limoeiro"):
            await page.get_by_label("What it is about (may be left empty)").fill("wifi password")
            await page.get_by_label("What to remember").fill(value)
            await page.get_by_role("button", name="Remember").click()
            await expect(page.locator(".fact").first).to_contain_text(value)
        await expect(page.get_by_role("heading", name="No longer true")).to_be_visible()
        await page.locator(".fact").filter(has_text="limoeiro").get_by_role("button", name="Take back").click()
        await expect(page.locator(".fact")).to_have_count(1)
        await expect(page.locator(".fact")).to_contain_text("since")


async def test_a_conversation_is_read_on_in_both_directions_and_from_a_day(web: WebBot) -> None:
    place = await tell(web, *(f"message {number}" for number in range(3000)))
    async with visiting(web) as visit:
        page = visit.page
        await visit.go(f"/conversations/{place.id}")
        await expect(page.get_by_text("message 2999", exact=True)).to_be_in_viewport()
        reading = page.locator("#reading")
        for _ in range(12):
            first = await page.locator(".line .text").first.inner_text()
            await reading.evaluate("each => each.scrollTop = 0")
            await expect(page.locator(".line .text").first).not_to_have_text(first)
        assert await page.locator(".line").count() <= 400
        await expect(page.get_by_text("message 2999", exact=True)).to_have_count(0)  # far away, so let go of
        shown = [int(text.split()[1]) for text in await page.locator(".line .text").all_inner_texts()]
        assert shown == [*range(shown[0], shown[-1] + 1)]
        await reading.evaluate("each => each.scrollTop = each.scrollHeight")
        await expect(page.get_by_text(f"message {shown[-1] + 1}", exact=True)).to_have_count(1)
        await page.get_by_label("Go to").fill("2024-05-04")
        await page.get_by_role("button", name="Go").click()
        await expect(page.get_by_text("message 900", exact=True)).to_be_in_viewport()  # 15 hours after the start


async def test_the_keyboard_alone_is_enough(told: WebBot) -> None:
    async with visiting(told) as visit:
        page = visit.page
        field = page.get_by_role("textbox", name="Message")
        await expect(field).to_be_focused()
        await page.keyboard.type("/rem")
        await expect(page.get_by_role("listbox", name="Commands")).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(field).to_have_value("/remember ")
        await page.keyboard.type("the spare key is with Inês")
        await page.keyboard.press("Enter")
        await expect(page.locator("article.bot.done")).to_be_visible()
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("/")
        await expect(field).to_be_focused()
        await visit.go("/memory")
        await page.keyboard.type("spare key")
        await expect(page.locator(".hit").first).to_contain_text("Inês")
        await page.locator(".hit a").first.focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/conversations/**")
        await visit.go("/settings")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


async def test_an_answer_grows_and_stops_when_it_is_told_to(tmp_path: Path) -> None:
    model = ScriptedModel("It was booked in May [1] and then", "again")
    model.hold = asyncio.Event()
    async with web_bot(tmp_path, model=model) as web:
        await tell(web, "booked the hotel, Rua da Rosa, 12–16 June")
        async with visiting(web) as visit:
            page = visit.page
            await page.get_by_role("textbox", name="Message").fill("when was the hotel in Rua da Rosa booked?")
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("button", name="Stop the answer")).to_be_visible()
            await asyncio.wait_for(model.held.wait(), PATIENCE)
            await expect(page.locator("article.bot.growing")).to_contain_text("It was booked in May")
            await page.get_by_role("button", name="Stop the answer").click()
            await expect(page.locator("article.bot").last).to_contain_text("Stopped")
            await expect(page.get_by_role("button", name="Stop the answer")).to_be_hidden()


async def test_an_answer_is_judged_and_asked_again(told: WebBot) -> None:
    async with visiting(told) as visit:
        page = visit.page
        await page.get_by_role("textbox", name="Message").fill("when was the hotel booked?")
        await page.keyboard.press("Enter")
        good = page.get_by_role("button", name="Good answer")
        await good.click()
        await expect(good).to_have_attribute("aria-pressed", "true")
        await page.get_by_role("button", name="Ask again").click()
        await expect(page.locator("article.bot.done")).to_have_count(2)
        assert [each.value for each in await told.memory.judgements.select(Scope.all())] == [1]


async def test_what_a_memory_or_a_model_writes_can_do_nothing(tmp_path: Path) -> None:
    evil = '<img src=x onerror="document.title=1"><script>document.title=2</script> hotel in May https://told.test/x'
    answer = "The hotel ![x](https://evil.test/p.png) <b>was</b> [booked](https://evil.test/y) in May [1]."
    async with web_bot(tmp_path, model=ScriptedModel(answer)) as web:
        place = await tell(web, evil, title='<script>document.title="3"</script>')
        async with visiting(web) as visit:
            page = visit.page
            await page.get_by_role("textbox", name="Message").fill("when was the hotel?")
            await page.keyboard.press("Enter")
            await expect(page.locator("article.bot.done")).to_be_visible()
            pages = [page.url.removeprefix(web.address), "/memory?q=hotel", f"/conversations/{place.id}"]
            for path in [*pages, "/memory/timeline", "/memory/day/2024-05-03"]:
                await visit.go(path)
                assert await page.title() not in ("1", "2", "3")
                assert await page.locator("main img, main script, .text b, .told > b").count() == 0
                links = await page.locator("main a").evaluate_all("all => all.map(each => each.hostname)")
                assert "evil.test" not in links
            await visit.go(f"/conversations/{place.id}")
            told = page.get_by_role("link", name="https://told.test/x")  # what the memory itself holds can be opened
            assert await told.get_attribute("rel") == "noopener noreferrer nofollow"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_page_keeps_anybody_out(told: WebBot, *, dark: bool) -> None:
    spans = await told.memory.browsing.list_conversations(Scope.all(), platform="whatsapp")
    conversation = f"/conversations/{spans[0].conversation.id}"
    async with visiting(told, dark=dark) as visit:
        page = visit.page
        await page.get_by_role("textbox", name="Message").fill("when was the hotel booked?")
        await page.keyboard.press("Enter")
        await expect(page.locator("article.bot.done")).to_be_visible()
        found = {"/chat": await visit.violations()}
        for path in [*PLACES, conversation, f"{conversation}/statistics"]:
            await visit.go(path)
            found[path] = await visit.violations()
        assert {path: violations for path, violations in found.items() if violations} == {}


async def test_a_phone_shows_every_page_in_its_width(told: WebBot) -> None:
    async with visiting(told, size=PHONE) as visit:
        tabs = visit.page.get_by_role("navigation", name="Pages")
        for path in PLACES:
            await visit.go(path)
            assert not await visit.overflows(), path
            await expect(tabs.get_by_role("link", name="Memory")).to_be_in_viewport()
        await visit.go("/chat/new")
        await visit.page.get_by_role("textbox", name="Message").fill("when was the hotel booked?")
        await visit.page.get_by_role("button", name="Send").click()
        await expect(visit.page.locator("article.bot.done")).to_be_in_viewport()


async def test_the_first_page_is_light(told: WebBot) -> None:
    async with visiting(told) as visit:
        await visit.page.wait_for_load_state("load")
        entries = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        sizes = dict(await visit.page.evaluate(f"{entries}.map(each => [each.name, each.transferSize])"))
        assert len(sizes) > 5
        assert 50_000 < sum(sizes.values()) < FIRST_PAINT_BYTES, sizes

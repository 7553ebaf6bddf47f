"""Scopes hold on every page: what somebody may not read is neither shown, counted nor changed."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from memory import Entry, Scope
from tests.adapters.web_bot import CSRF, WebBot

SAID = datetime(2024, 5, 3, 9, tzinfo=UTC)
HIDDEN = "the zeppelin is hidden in the barn"


async def hide(web: WebBot) -> tuple[int, int, int]:
    """Have the owner's memory hold a secret and a fact; return the ids of the conversation and of both passages."""
    owner = await web.memory.people.ensure("console", "owner", "You")
    place = await web.memory.conversations.ensure("whatsapp", "1", title="Zeppelin plans", owner_id=owner.id)
    (stored,) = await web.memory.passages.add(place, [Entry(HIDDEN, SAID, "You", owner.id, event_id="e1")])
    fact = await web.memory.facts.add(place, Entry("in the barn", SAID, "You", owner.id), key="zeppelin")
    return place.id, stored.id, fact.passage_id


async def sign_in_with_key(web: WebBot) -> httpx.AsyncClient:
    """Return a browser that is signed in with a key that sees only its own memory."""
    key = await web.keys.create("visitor", "key")
    browser = await web.stranger(Origin=web.address)
    assert (await browser.post("/sign-in", data={"secret": key})).status_code == 303
    token = CSRF.search((await browser.get("/memory")).text)
    assert token is not None
    browser.headers["X-CSRF-Token"] = token[1]
    return browser


@pytest.mark.parametrize("path", ["/memory", "/memory?q=zeppelin", "/memory/timeline", "/memory/day/2024-05-03",
                                  "/facts", "/documents", "/import", "/chat/new"])  # fmt: skip
async def test_no_page_shows_what_belongs_to_somebody_else(web: WebBot, path: str) -> None:
    await hide(web)
    page = await (await sign_in_with_key(web)).get(path, follow_redirects=True)
    assert page.status_code == 200
    shown = page.text.replace('value="zeppelin"', "").casefold()
    assert "zeppelin" not in shown
    assert "barn" not in shown
    assert "zeppelin" in (await (await web.browser()).get("/memory?q=zeppelin")).text.casefold()


async def test_what_is_hidden_is_neither_opened_nor_changed_nor_forgotten(web: WebBot) -> None:
    place, said, fact = await hide(web)
    browser = await sign_in_with_key(web)
    shown = ["", "/page?before=1.1", "/statistics", "/forget"]
    for path in [*(f"/conversations/{place}{part}" for part in shown), f"/source/{said}", f"/passages/{said}/edit"]:
        assert (await browser.get(path)).status_code == 404, path
    assert (await browser.get(f"/passages/{said}/forget")).status_code == 404
    for path in (f"/passages/{said}/edit", f"/passages/{said}/forget", f"/conversations/{place}/forget",
                 f"/facts/{fact}/retract", f"/facts/{said}/retract"):  # fmt: skip
        assert (await browser.post(path, data={"text": "changed"})).status_code in (403, 404), path
    assert [each.text for each in await web.memory.browsing.read_after(Scope.all(), place, None, limit=9)] == [
        HIDDEN,
        "in the barn",
    ]


async def test_the_settings_are_for_the_owner_and_every_change_needs_the_pages_token(web: WebBot) -> None:
    _, said, _ = await hide(web)
    visitor = await sign_in_with_key(web)
    for path in ("/settings", "/settings/health"):
        assert (await visitor.get(path)).status_code in (403, 404)
    for path in ("/settings/backup", "/settings/codes", "/settings/people", "/settings/plugins/memory"):
        form = {"role": "owner", "who": "x", "on": "false"}
        assert (await visitor.post(path, data=form)).status_code == 403, path
    owner = await web.browser()
    owner.headers["X-CSRF-Token"] = "wrong"
    assert (await owner.post(f"/passages/{said}/forget")).status_code == 403
    assert (await owner.post("/settings/backup")).status_code == 403


async def test_who_is_not_signed_in_is_shown_the_way(web: WebBot) -> None:
    stranger = await web.stranger()
    for path in ("/", "/chat", "/memory", "/facts", "/documents", "/import", "/settings", "/chat/x/events"):
        refused = await stranger.get(path)
        assert (refused.status_code, refused.headers["Location"]) == (303, "/sign-in"), path
    part = await stranger.get("/memory?q=x", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/sign-in")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/conversations/999", "There is no such conversation"),
        ("/nowhere", "There is nothing at this address"),
        ("/memory/day/2024-05-99", "is not a date"),
    ],
)
async def test_a_browser_is_shown_a_page_of_what_is_not_there_and_a_program_a_report(
    web: WebBot, path: str, told: str
) -> None:
    browser = await web.browser()
    page = await browser.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code in (404, 422)
    assert page.headers["content-type"].startswith("text/html")
    assert told in page.text
    assert 'href="/memory"' in page.text
    report = await browser.get(path, headers={"Accept": "application/json"})
    assert report.headers["content-type"] == "application/problem+json"
    api = await browser.get("/api/nowhere", headers={"Accept": "text/html"})
    assert api.headers["content-type"] == "application/problem+json"


async def test_what_one_said_oneself_stands_apart_from_what_others_said(web: WebBot) -> None:
    place, _, _ = await hide(web)
    other = await web.memory.people.ensure("whatsapp", "1/tom", "Tom")
    owner = await web.memory.people.ensure("console", "owner", "You")
    zeppelin = await web.memory.conversations.ensure("whatsapp", "1", title="Zeppelin plans", owner_id=owner.id)
    await web.memory.passages.add(zeppelin, [Entry("which barn?", SAID, "Tom", other.id, event_id="e2")])
    page = (await (await web.browser()).get(f"/conversations/{place}")).text
    lines = page.split('<article class="line ')[1:]
    (own,) = (line for line in lines if HIDDEN in line)
    (others,) = (line for line in lines if "which barn?" in line)
    assert "mine" in own.partition('"')[0].split()
    assert "mine" not in others.partition('"')[0].split()

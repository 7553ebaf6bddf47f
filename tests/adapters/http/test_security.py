"""Who is let in, and what a browser is held to."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from adapters.http import HttpAdapter
from adapters.http.security.failed_attempts import MOST_FAILURES, WAIT_SECONDS, Attempts
from adapters.http.security.sessions import CODE_MINUTES, SessionStore
from adapters.http.settings import HttpSettings
from bot.errors import AdapterError
from bot.events import Person
from tests.adapters.web_bot import WebBot, web_bot

SOMEBODY = Person("http", "owner", "You")


@pytest.mark.parametrize("path", ["/v1/models", "/api/facts", "/metrics"])
async def test_nobody_learns_anything_without_a_key(web: WebBot, path: str) -> None:
    client = await web.stranger()
    refused = await client.get(path)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")


async def test_a_wrong_key_is_refused_in_the_shape_that_is_expected(web: WebBot) -> None:
    client = await web.stranger(Authorization="Bearer sj-wrong")
    openai = (await client.get("/v1/models")).json()["error"]
    assert (openai["type"], openai["code"]) == ("authentication_error", "invalid_api_key")
    refused = await client.get("/api/facts")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["status"] == 401


async def test_a_revoked_key_is_refused_at_once(web: WebBot) -> None:
    client = await web.program("phone")
    assert (await client.get("/api/facts")).status_code == 200
    await web.memory.ledger.api_keys.revoke("phone")
    assert (await client.get("/api/facts")).status_code == 401


async def test_a_key_is_stored_as_a_digest_alone(web: WebBot, tmp_path: Path) -> None:
    key = await web.keys.create("phone")
    written = await asyncio.to_thread(_read_all, tmp_path)
    assert b"phone" in written
    assert key.encode() not in written


async def test_a_code_signs_in_once(web: WebBot) -> None:
    browser = await web.browser()
    assert (await browser.get("/api/facts")).status_code == 200
    code = web.sign_in.partition("code=")[2]
    assert (await (await web.stranger()).post("/sign-in", data={"secret": code})).status_code == 401


async def test_a_key_signs_a_browser_in(web: WebBot) -> None:
    key = await web.keys.create("phone")
    browser = await web.stranger(Origin=web.address)
    assert (await browser.post("/sign-in", data={"secret": key})).status_code == 303
    assert (await browser.get("/api/facts")).status_code == 200


async def test_a_browser_that_a_key_signed_in_is_refused_once_the_key_is_revoked(web: WebBot) -> None:
    key = await web.keys.create("phone")
    browser = await web.stranger(Origin=web.address)
    await browser.post("/sign-in", data={"secret": key})
    await web.memory.ledger.api_keys.revoke("phone")
    assert (await browser.get("/api/facts")).status_code in (401, 403)


async def test_the_cookie_of_a_session_is_out_of_reach_of_scripts_and_other_sites(web: WebBot) -> None:
    code = web.sign_in.partition("code=")[2]
    response = await (await web.stranger()).post("/sign-in", data={"secret": code})
    parts = {part.strip().casefold() for part in response.headers["Set-Cookie"].split(";")}
    assert {"httponly", "samesite=strict", "path=/"} <= parts


async def test_with_https_the_cookie_is_bound_to_the_host_and_to_https(tmp_path: Path) -> None:
    async with web_bot(tmp_path, behind_proxy=True) as web:
        code = web.sign_in.partition("code=")[2]
        response = await (await web.stranger()).post("/sign-in", data={"secret": code})
        assert response.headers["Set-Cookie"].startswith("__Host-scrubjay=")
        assert "secure" in response.headers["Set-Cookie"].casefold()
        assert "Strict-Transport-Security" in response.headers


async def test_signing_out_ends_the_session(web: WebBot) -> None:
    browser = await web.browser()
    cookies = dict(browser.cookies)
    assert (await browser.post("/sign-out")).status_code == 303
    browser.cookies.update(cookies)
    assert (await browser.get("/api/facts")).status_code == 401


async def test_a_session_changes_nothing_without_its_token(web: WebBot) -> None:
    browser = await web.browser()
    said = {"text": "the kettle is red"}
    assert (await browser.post("/api/remember", json=said)).status_code == 201
    browser.headers["X-CSRF-Token"] = "guessed"
    assert (await browser.post("/api/remember", json=said)).status_code == 403
    del browser.headers["X-CSRF-Token"]
    assert (await browser.post("/api/remember", json=said)).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost:1@evil.example", "[::1"])
async def test_a_request_for_another_host_is_refused(web: WebBot, host: str) -> None:
    client = await web.program()
    assert (await client.get("/api/facts", headers={"Host": host})).status_code in (400, 421)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "", "http://localhost"])
async def test_a_page_of_another_site_reaches_nothing(web: WebBot, origin: str) -> None:
    browser = await web.browser()
    browser.headers["Origin"] = origin
    assert (await browser.get("/api/facts")).status_code == 403
    assert (await browser.post("/sign-in", data={"secret": "x"})).status_code == 403


async def test_every_response_tells_browsers_to_run_only_our_own_scripts(web: WebBot) -> None:
    client = await web.stranger()
    for path in ("/", "/sign-in", "/static/style.css", "/healthz", "/nowhere", "/api/facts"):
        headers = (await client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_pages_have_no_inline_script_or_style_and_nothing_from_other_hosts(web: WebBot) -> None:
    browser = await web.browser()
    for path in ("/", "/sign-in?code=x"):
        page = (await browser.get(path, follow_redirects=True)).text
        assert "<script>" not in page
        assert "<style" not in page
        assert "style=" not in page
        assert "https://" not in page


async def test_whoever_guesses_waits(web: WebBot) -> None:
    client = await web.stranger()
    tried = [(await client.post("/sign-in", data={"secret": f"sj-{n}"})).status_code for n in range(MOST_FAILURES + 1)]
    assert tried == [401] * MOST_FAILURES + [429]
    waiting = await client.get("/v1/models", headers={"Authorization": "Bearer sj-x"})
    assert waiting.status_code == 429
    assert int(waiting.headers["Retry-After"]) <= WAIT_SECONDS + 1


def test_failures_are_forgotten_after_a_while() -> None:
    now = 0.0
    attempts = Attempts(now=lambda: now)
    for _ in range(MOST_FAILURES):
        attempts.note_failure("10.0.0.1")
    assert attempts.seconds_to_wait("10.0.0.1") > 0
    assert attempts.seconds_to_wait("10.0.0.2") == 0
    now = WAIT_SECONDS + 1
    assert attempts.seconds_to_wait("10.0.0.1") == 0
    attempts.note_failure("10.0.0.1")
    assert attempts.seconds_to_wait("10.0.0.1") == 0


def test_codes_and_sessions_end() -> None:
    now = 0.0
    sessions = SessionStore(3600, now=lambda: now)
    code, (secret, _) = sessions.make_code(SOMEBODY), sessions.open(SOMEBODY)
    now = CODE_MINUTES * 60 + 1
    assert sessions.take_code(code) is None
    assert sessions.find(secret) is not None
    now = 3601
    assert sessions.find(secret) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "scrubjay.example.org"])  # noqa: S104 (refused)
def test_it_refuses_to_listen_elsewhere_without_a_certificate(host: str) -> None:
    with pytest.raises(ValidationError, match="can be reached from other machines"):
        HttpSettings(host=host)
    assert HttpSettings(host=host, behind_proxy=True).is_secure


async def test_it_refuses_to_listen_elsewhere_without_a_key(tmp_path: Path) -> None:
    with pytest.raises(AdapterError, match="no adapter could be started"):
        async with web_bot(tmp_path, host="0.0.0.0", behind_proxy=True):  # noqa: S104 (refused)
            pass


async def test_a_port_that_is_taken_is_told(web: WebBot, tmp_path: Path) -> None:
    port = int(web.address.rpartition(":")[2])
    (tmp_path / "other").mkdir()
    with pytest.raises(AdapterError):
        async with web_bot(tmp_path / "other", port=port):
            pass


async def test_a_request_that_breaks_off_or_makes_no_sense_harms_nobody(web: WebBot) -> None:
    port = int(web.address.rpartition(":")[2])
    for sent in (
        b"GET / HT",
        b"\x16\x03\x01garbage\r\n\r\n",
        b"POST /api/recall HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        await writer.drain()
        writer.close()
    assert (await (await web.stranger()).get("/healthz")).text == "ok\n"


async def test_nothing_outside_the_assets_is_served(web: WebBot) -> None:
    client = await web.stranger()
    for path in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/",
        "/static//etc/passwd",
    ):
        response = await client.send(httpx.Request("GET", f"{web.address}{path}"))
        assert response.status_code == 404, path


def test_an_adapter_needs_its_settings_as_documented() -> None:
    assert HttpAdapter.Settings is HttpSettings
    with pytest.raises(ValidationError, match="belong together"):
        HttpSettings.model_validate({"tls_certificate": "c.pem"})


def _read_all(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())

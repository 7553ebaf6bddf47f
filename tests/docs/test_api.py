"""Runs the commands and the program of the guide to the API against a bot of its own."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import httpx

from adapters.http.security.failed_attempts import MOST_FAILURES
from adapters.http.settings import HttpSettings
from bot.commands.keys import KeyScopeChoice
from tests.adapters.web_bot import WebBot, web_bot

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
CURLS = re.findall(r"^```bash\n(curl .*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
(PROGRAM,) = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8765"
CHAT = "[01.05.24, 10:00:00] Mara: We booked the hotel.\n[01.05.24, 10:01:00] Ben: Great!"


async def send(web: WebBot, command: str, key: str) -> httpx.Response:
    """Send what a curl command would send."""
    words = iter(shlex.split(command.replace("$SCRUBJAY_KEY", key).replace("\\\n", " "))[1:])
    url, headers, body, form, files = "", {}, None, {}, {}
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif word == "-F":
            name, _, value = next(words).partition("=")
            if value.startswith("@"):
                files[name] = (value[1:], CHAT.encode())
            else:
                form[name] = value
        elif word != "-N":
            url = word
    client = await web.stranger()
    method = "POST" if body is not None or files else "GET"
    return await client.request(
        method,
        url.replace(ADDRESS, web.address),
        headers=headers,
        content=body,
        data=form or None,
        files=files or None,
    )


async def test_every_command_of_the_guide_does_what_it_says(tmp_path: Path) -> None:
    async with web_bot(tmp_path) as web:
        key = await web.keys.create("laptop")
        remember = next(command for command in CURLS if "/api/remember" in command)
        assert (await send(web, remember, key)).status_code == 201
        answers = {command: await send(web, command, key) for command in CURLS}
        assert all(answer.is_success for answer in answers.values())
        assert len(answers) == 6
        said = [answer.text for command, answer in answers.items() if "chat/completions" in command]
        assert all("heron-42" in text for text in said)
        assert said[1].endswith("data: [DONE]\n\n")
        recalled = next(answer.json() for command, answer in answers.items() if "/api/recall" in command)
        documented = set(re.findall(r'"(\w+)"', GUIDE[GUIDE.index('{"recollections": [{') :].split("…")[0]))
        assert documented - {"recollections"} <= recalled["recollections"][0].keys()


async def test_the_program_of_the_guide_runs(tmp_path: Path) -> None:
    async with web_bot(tmp_path) as web:
        key = await web.keys.create("laptop")
        await send(web, next(command for command in CURLS if "/api/remember" in command), key)
        program, output = PROGRAM.replace(ADDRESS, web.address), StringIO()
        with redirect_stdout(output):
            await asyncio.to_thread(exec, program, {"SCRUBJAY_KEY": key})
    assert output.getvalue().count("heron-42") == 2


async def test_the_table_names_every_route_of_the_memory(tmp_path: Path) -> None:
    async with web_bot(tmp_path) as web:
        document = (await (await web.stranger()).get("/openapi.json")).json()
    served = {re.sub(r"\{\w+\}", "{id}", path) for path in document["paths"] if path.startswith("/api/")}
    named = set(re.findall(r"(/api/[\w/{}]+)", GUIDE))
    assert served - named <= {"/api/imports/running/{id}/events"}
    assert named - served == set()


def test_the_numbers_and_settings_of_the_guide_are_those_in_force() -> None:
    settings = HttpSettings()
    assert f"http://{settings.host}:{settings.port}" == ADDRESS
    assert settings.session_hours == 14 * 24
    assert MOST_FAILURES == 10
    scopes = re.findall(r"^\| `(\w+)`(?: \(unless said\))? \|", GUIDE, re.MULTILINE)
    assert scopes[:3] == [choice.value for choice in KeyScopeChoice]
    for name in ("tls_certificate", "tls_key", "behind_proxy", "names", "host"):
        assert f"`{name}" in GUIDE
        assert name in HttpSettings.model_fields


def test_the_example_for_programs_is_json() -> None:
    (block,) = re.findall(r"^```json\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    assert json.loads(block)["mcpServers"]["scrubjay"]["args"] == ["mcp"]

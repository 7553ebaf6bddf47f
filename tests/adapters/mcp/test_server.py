"""The official client of the Model Context Protocol, over HTTP and over standard streams."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, TextContent, TextResourceContents

from memory.access_records import KeyScope
from tests.adapters.web_bot import WebBot, web_bot
from tests.emulators.patience import PATIENCE
from tests.warm_program import PROGRAM


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[WebBot]:
    """A running bot without a language model."""
    async with web_bot(tmp_path) as bot:
        yield bot


@asynccontextmanager
async def client_of(web: WebBot, name: str = "mcp", scope: KeyScope = "own") -> AsyncIterator[Client]:
    """Open the official client with a new key."""
    headers = {"Authorization": f"Bearer {await web.keys.create(name, scope)}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=PATIENCE, trust_env=False) as http,
        Client(streamable_http_client(f"{web.address}/mcp", http_client=http)) as client,
    ):
        yield client


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


async def test_a_program_recalls_remembers_and_forgets(web: WebBot) -> None:
    async with client_of(web) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == {
            "recall",
            "remember",
            "forget",
            "conversations",
        }
        kept = json.loads(text_of(await client.call_tool("remember", {"text": "The wifi password is heron-42."})))
        (found,) = json.loads(text_of(await client.call_tool("recall", {"question": "wifi password?"})))
        assert (found["id"], found["text"]) == (kept["id"], "The wifi password is heron-42.")
        gone = json.loads(text_of(await client.call_tool("forget", {"ids": [kept["id"]]})))
        assert (gone["passages"], gone["facts"], gone["verified"], gone["checked"]["left"]) == (1, 1, True, [])
        assert json.loads(text_of(await client.call_tool("recall", {"question": "wifi password?"}))) == []


async def test_conversations_are_tools_and_resources(web: WebBot) -> None:
    async with client_of(web) as client:
        await client.call_tool("remember", {"text": "The kettle is red."})
        (place,) = json.loads(text_of(await client.call_tool("conversations", {})))
        (resource,) = (await client.list_resources()).resources
        assert str(resource.uri) == f"scrubjay://conversations/{place['id']}"
        (contents,) = (await client.read_resource(resource.uri)).contents
        assert isinstance(contents, TextResourceContents)
        assert contents.text.endswith("mcp: The kettle is red.")


async def test_each_key_sees_its_own_scope(web: WebBot) -> None:
    async with client_of(web, "one") as one, client_of(web, "other") as other:
        kept = json.loads(text_of(await one.call_tool("remember", {"text": "The kettle is red."})))
        assert json.loads(text_of(await other.call_tool("recall", {"question": "kettle"}))) == []
        assert (await other.list_resources()).resources == []
        (resource,) = (await one.list_resources()).resources
        with pytest.raises(MCPError):
            await other.read_resource(resource.uri)
        refused = await other.call_tool("forget", {"ids": [kept["id"]]})
        assert refused.is_error


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("recall", {}),
        ("recall", {"question": " "}),
        ("recall", {"question": "x", "limit": 10**9}),
        ("remember", {"text": "x", "scope": "all"}),
        ("forget", {"ids": ["all"]}),
        ("forget", {"ids": []}),
    ],
)
async def test_wrong_arguments_are_told(web: WebBot, tool: str, arguments: dict[str, object]) -> None:
    async with client_of(web) as client:
        refused = await client.call_tool(tool, arguments)
        assert refused.is_error
        assert text_of(refused)


async def test_nobody_is_served_without_a_key(web: WebBot) -> None:
    client = await web.stranger()
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    refused = await client.post("/mcp", json=body, headers={"Accept": "application/json, text/event-stream"})
    assert refused.status_code == 401


async def test_a_program_on_this_machine_starts_it_by_itself(tmp_path: Path) -> None:
    starts = StdioServerParameters(
        command=str(PROGRAM), args=["--data", str(tmp_path), "mcp"], env={"SCRUBJAY_MEMORY__EMBEDDER": "hashing"}
    )
    async with Client(stdio_client(starts)) as client:
        await client.call_tool("remember", {"text": "The kettle is red."})
        (found,) = json.loads(text_of(await client.call_tool("recall", {"question": "kettle?"})))
        assert found["text"] == "The kettle is red."

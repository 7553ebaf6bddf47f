"""One MCP server, by the official client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import TextContent

from bot import CommandError

_MOST_TOOLS = 100


@dataclass(frozen=True, slots=True)
class RemoteTool:
    """A tool as its server describes it; `schema` is that of its arguments."""

    name: str
    description: str
    schema: Mapping[str, object]


class ServerConnection:
    """An open connection to a server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def list_tools(self) -> Sequence[RemoteTool]:
        """Return the tools that it offers."""
        offered = (await self._client.list_tools()).tools[:_MOST_TOOLS]
        return [RemoteTool(tool.name, tool.description or "", tool.input_schema) for tool in offered]

    async def call(self, name: str, arguments: Mapping[str, object]) -> str:
        """Call a tool, and return the text of its result. Raises CommandError when it fails."""
        try:
            result = await self._client.call_tool(name, dict(arguments))
        except MCPError as error:
            raise CommandError(str(error)) from error
        text = "\n".join(part.text for part in result.content if isinstance(part, TextContent))
        if result.is_error:
            raise CommandError(text or f"{name} failed")
        return text


@asynccontextmanager
async def open_connection(
    *,
    command: str | None,
    args: Sequence[str],
    environment: Mapping[str, str],
    url: str | None,
    headers: Mapping[str, str],
    seconds: float,
) -> AsyncIterator[ServerConnection]:
    """Start a program, or connect to an address, and speak with it while the block runs."""
    async with AsyncExitStack() as stack:
        if command is not None:
            starts = StdioServerParameters(command=command, args=list(args), env=dict(environment) or None)
            transport = stdio_client(starts)
        else:
            http = await stack.enter_async_context(httpx2.AsyncClient(headers=dict(headers), timeout=seconds))
            transport = streamable_http_client(url or "", http_client=http)
        client = await stack.enter_async_context(Client(transport, read_timeout_seconds=seconds))
        yield ServerConnection(client)

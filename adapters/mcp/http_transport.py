"""The MCP server over HTTP: each request is authenticated before the protocol sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from adapters.mcp.lazy_endpoint import Identify
from adapters.mcp.server import Context, make_server
from bot.adapter import Caller
from bot.errors import AccessDenied

_STATE = "scrubjay_caller"


class McpEndpoint:
    """Serves the protocol by streamable HTTP, without sessions: a key that is revoked is refused at once."""

    def __init__(self, manager: StreamableHTTPSessionManager, identify: Identify) -> None:
        self._manager = manager
        self._identify = identify

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, as an ASGI app."""
        scope.setdefault("state", {})[_STATE] = await self._identify(Request(scope, receive))
        await self._manager.handle_request(scope, receive, send)


@asynccontextmanager
async def open_mcp_endpoint(identify: Identify) -> AsyncIterator[McpEndpoint]:
    """Serve the protocol while the block runs."""
    manager = StreamableHTTPSessionManager(make_server(_caller_of), json_response=True, stateless=True)
    async with manager.run():
        yield McpEndpoint(manager, identify)


async def _caller_of(context: Context) -> Caller:
    caller = None if context.request is None else getattr(context.request.state, _STATE, None)
    if not isinstance(caller, Caller):
        raise AccessDenied("nobody is known to have made this request")
    return caller

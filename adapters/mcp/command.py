"""The command `mcp`: the memory of the machine's owner for a program that starts it, over standard streams."""

from __future__ import annotations

import asyncio
import importlib.util

import typer

from bot.app import Settings, open_requests
from bot.errors import ConfigError
from bot.events import Conversation
from bot.reading import install_command


def mcp(context: typer.Context) -> None:
    """Serve your memory to a program that speaks MCP, over standard input and output.

    Such a program starts it by itself; docs/api.md shows how. It reads what you read on the command line.

    Example: scrubjay mcp
    """
    if importlib.util.find_spec("mcp") is None:
        raise ConfigError(f"the Model Context Protocol is not installed: {install_command('mcp')}")
    asyncio.run(_serve(context.obj))


async def _serve(settings: Settings) -> None:
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 (an extra, and slow to import)

    from adapters.mcp.server import Context, make_server  # noqa: PLC0415 (as above)
    from bot.adapter import Caller  # noqa: PLC0415 (as above)

    async with open_requests(settings) as requests:
        owner = await requests.owner()

        async def caller_of(_: Context) -> Caller:
            return await requests.caller(owner, Conversation(owner.platform, f"{owner.id}/mcp", "MCP"))

        server = make_server(caller_of)
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

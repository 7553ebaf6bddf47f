"""Lets the language model call tools of MCP servers, under the rules for every plugin's tools."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from types import MethodType
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from bot import CommandError, Context, Plugin
from bot.plugin import Capability, Tool
from bot.reading import install_command
from bot.translation import gettext
from plugins.mcp.parameters import parameters_of, tool_name

if TYPE_CHECKING:
    from plugins.mcp.connection import RemoteTool, ServerConnection

logger = logging.getLogger(__name__)


class ServerSettings(BaseModel):
    """One server: a program that is started and spoken with over its standard streams, or an address."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    command: str | None = None
    args: tuple[str, ...] = ()
    environment: dict[str, SecretStr] = {}
    url: str | None = None
    headers: dict[str, SecretStr] = {}
    tools: tuple[str, ...] | None = None
    """Which of its tools may be called; None is all."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.command is None) == (self.url is None):
            raise ValueError("a server has either a command or a url")
        return self


class McpPlugin(Plugin):
    """Connects to the servers that are set; the model may call their tools once `plugins.tools` names the plugin.

    A server that can't be reached is named in the log, and the bot does without it until the plugin is started again.
    """

    name = "mcp"

    class Settings(BaseModel):
        """The servers by name, and how many seconds one may take."""

        model_config = ConfigDict(extra="forbid")

        servers: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,30}$")], ServerSettings] = {}
        seconds: float = Field(default=30.0, gt=0)

    settings: Settings

    def __init__(self, settings: BaseModel | None = None) -> None:
        super().__init__(settings)
        self._stack = AsyncExitStack()
        self._tools: dict[str, tuple[ServerConnection, RemoteTool]] = {}

    async def __aenter__(self) -> Self:
        """Connect to each server, and ask for its tools."""
        if not self.settings.servers:
            return self
        if importlib.util.find_spec("mcp") is None:
            raise CommandError(
                gettext("the Model Context Protocol is not installed: {advice}", advice=install_command("mcp"))
            )
        async with AsyncExitStack() as stack:
            for name, server in self.settings.servers.items():
                await self._connect(stack, name, server)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Disconnect."""
        self._tools.clear()
        await self._stack.aclose()

    def capabilities(self) -> tuple[Capability, ...]:
        """Return a tool for each that a server has."""
        remote = tuple(
            Tool(
                name=name,
                help=tool.description,
                handler=MethodType(_make_call(name), self),
                parameters=parameters_of(tool.schema),
                by_name=True,
                plugin=self.name,
            )
            for name, (_, tool) in self._tools.items()
        )
        return (*super().capabilities(), *remote)

    async def call(self, name: str, arguments: Mapping[str, object]) -> str:
        """Call a tool by the name it has here. Raises CommandError when it fails."""
        connection, tool = self._tools[name]
        return await connection.call(tool.name, arguments)

    async def _connect(self, stack: AsyncExitStack, name: str, server: ServerSettings) -> None:
        from plugins.mcp.connection import open_connection  # noqa: PLC0415 (an extra, and slow to import)

        try:
            connection = await stack.enter_async_context(
                open_connection(
                    command=server.command,
                    args=server.args,
                    environment={key: value.get_secret_value() for key, value in server.environment.items()},
                    url=server.url,
                    headers={key: value.get_secret_value() for key, value in server.headers.items()},
                    seconds=self.settings.seconds,
                )
            )
            offered = await connection.list_tools()
        except Exception as error:  # noqa: BLE001 (whatever a server does, the others are connected)
            logger.error("The MCP server %s can't be used, and the bot does without it: %s", name, error)  # noqa: TRY400 (no bug)
            return
        for tool in offered:
            if server.tools is None or tool.name in server.tools:
                self._tools[tool_name(name, tool.name)] = connection, tool


def _make_call(name: str) -> Callable[..., Awaitable[str]]:
    """Return a method that calls one tool."""

    async def call(self: McpPlugin, _: Context, arguments: Mapping[str, object]) -> str:
        return await self.call(name, arguments)

    return call

"""The adapter: listens for browsers and programs, and hands replies to the pages that wait for them."""

from __future__ import annotations

import importlib.util
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from starlette.routing import Route

from adapters.http.app import make_app
from adapters.http.live_replies import LiveReplies, LiveReply, Update, new_reply_id
from adapters.http.security.authentication import identify_caller
from adapters.http.security.sessions import CODE_MINUTES, SessionStore
from adapters.http.server import bind, serve
from adapters.http.services import WebServices
from adapters.http.settings import HttpSettings
from adapters.http.uploads import read_upload
from adapters.mcp.lazy_endpoint import open_on_demand
from bot import AdapterError, Attachment, Conversation, Limits, Message, Reply
from bot.adapter import Administration, Command, Deliver, Requests
from bot.errors import ConfigError

_GROW_SECONDS = 0.05
_TEXT_CHARS = 10_000_000

Announce = Callable[[str], None]
"""Is told the address that signs a browser in, once the server listens."""


def _print_address(address: str) -> None:
    """Show the address on a terminal; where a log may keep it, without the code that signs in."""
    if sys.stderr.isatty():
        sys.stderr.write(f"Open {address}\nThe code in it is good once, for {CODE_MINUTES} minutes.\n")
    else:
        sys.stderr.write(f"Open {address.partition('?')[0]} and sign in with a key (scrubjay keys create NAME).\n")


class HttpAdapter:
    """Pages and an API as a chat platform: browsers talk as who is signed in there, programs by their keys."""

    name = "http"
    limits = Limits(text_chars=_TEXT_CHARS, edit_seconds_direct=_GROW_SECONDS)
    Settings = HttpSettings

    def __init__(self, settings: HttpSettings, *, announce: Announce = _print_address) -> None:
        self._settings = settings
        self._announce = announce
        self._live = LiveReplies()
        self._commands: Sequence[Command] = ()
        self._administration: Administration | None = None
        self._requests: Requests | None = None
        self._services: WebServices | None = None
        self._socket: socket.socket | None = None

    def serve_requests(self, requests: Requests) -> None:
        """Keep what requests are served with."""
        self._requests = requests

    def administer(self, administration: Administration) -> None:
        """Keep what the page of settings is made with."""
        self._administration = administration

    def offer(self, commands: Sequence[Command]) -> None:
        """Keep the bot's commands, for completion in the page."""
        self._commands = commands
        if self._services is not None:
            self._services.commands = commands

    @property
    def address(self) -> str:
        """The address of the first page; known once the adapter is entered."""
        port = self._settings.port if self._socket is None else self._socket.getsockname()[1]
        scheme = "https" if self._settings.has_tls else "http"
        host = next(iter(self._settings.names), self._settings.host)
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"

    async def __aenter__(self) -> Self:
        """Listen, and say where. Raises AdapterError when the port can't be had, ConfigError where a key is missing."""
        if self._requests is None:
            raise AdapterError("the adapter was given nothing to serve requests with")
        if not self._settings.is_local and not await self._requests.keys.any_exist():
            raise ConfigError(
                f"adapters.http.host: {self._settings.host} can be reached from other machines, and there is no key "
                "yet: make one with `scrubjay keys create NAME`"
            )
        sessions = SessionStore(self._settings.session_hours * 3600)
        self._services = WebServices(self._settings, self._requests, sessions, self._live, commands=self._commands)
        self._services.administration = self._administration
        self._socket = bind(self._settings.host, self._settings.port)
        code = sessions.make_code(await self._requests.owner())
        self._announce(f"{self.address}/sign-in?code={code}")
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Stop listening, and what goes on beside requests."""
        if self._services is not None:
            await self._services.imports.close()
            await self._services.waiting_imports.close()
            await self._services.downloads.close()
        if self._socket is not None:
            self._socket.close()

    async def run(self, deliver: Deliver) -> None:
        """Serve requests until cancelled."""
        if self._services is None or self._socket is None:
            raise AdapterError("the adapter was not entered")
        self._services.deliver = deliver
        app = make_app(self._services)
        async with AsyncExitStack() as stack:
            if importlib.util.find_spec("mcp") is not None:
                endpoint = await stack.enter_async_context(open_on_demand(identify_caller))
                app.router.routes.insert(0, Route("/mcp", endpoint))
            await serve(app, self._socket, self._settings)

    async def begin(self, message: Message) -> LiveReply:
        """Start a reply, which grows in every page that shows the chat."""
        return LiveReply(self._live, message.conversation.key, message.event_id)

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        """Show a whole reply. Where no page is open it is found in the chat, which the memory keeps."""
        reply_id = new_reply_id()
        self._live.publish(conversation.key, Update("done", reply_id, reply_to, reply))
        return (reply_id,)

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield the bytes of a file that was sent with a message."""
        folder = Path() if self._requests is None else self._requests.folder
        return read_upload(folder, attachment)

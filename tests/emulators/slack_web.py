"""The server's side of the emulated Slack: its Web API, its files, and the addresses of slash commands and sockets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from tests.emulators.slack_blocks import RefusalError, checked_blocks, checked_change, checked_text
from tests.emulators.slack_methods import METHODS
from tests.emulators.slack_workspace import Json

if TYPE_CHECKING:
    from tests.emulators.slack import SlackServer

MOST_RESPONSES = 5


@dataclass
class Fault:
    """What happens to the next `times` calls of a method: an error, a 429, or a connection that breaks off."""

    method: str
    times: int
    error: str = ""
    retry_after: float | None = None
    breaks: bool = False


def application(server: SlackServer) -> web.Application:
    """Return what answers requests for this server."""
    side = _Side(server)
    app = web.Application(client_max_size=1 << 26)
    app.router.add_post("/api/{method}", side.call)
    app.router.add_get("/api/{method}", side.call)
    app.router.add_get("/files/{file}", side.download)
    app.router.add_post("/commands/{trigger}", side.respond)
    app.router.add_post("/presses/{press}", side.show)
    app.router.add_post("/uploads/{file}", side.upload)
    app.router.add_get("/link", side.link)
    return app


class _Side:
    def __init__(self, server: SlackServer) -> None:
        self._server = server

    async def call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self._server.calls[method] += 1
        fault = self._fault(method)
        if self._server.is_down or (fault and fault.breaks):
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503)
        if fault and fault.retry_after is not None:
            headers = {"Retry-After": str(int(fault.retry_after))}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        try:
            answer = await self._answer(method, request, fault.error if fault else "")
        except RefusalError as refusal:
            return web.json_response({"ok": False, "error": refusal.code, **refusal.details})
        except KeyError as missing:
            return web.json_response({"ok": False, "error": "invalid_arguments", "missing": str(missing)})
        headers = {"x-oauth-scopes": ",".join(sorted(self._server.scopes))}
        return web.json_response({"ok": True, **answer}, headers=headers)

    async def _answer(self, method: str, request: web.Request, error: str) -> Json:
        if error:
            raise RefusalError(error)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if method == "apps.connections.open":
            if token != self._server.app_token:
                raise RefusalError("invalid_auth")
            ticket = f"ticket{next(self._server.numbers)}"
            self._server.tickets.add(ticket)
            return {"url": f"{self._server.root.replace('http', 'ws', 1)}/link?ticket={ticket}"}
        if method not in METHODS or method in self._server.lacks:
            if self._server.answers_404:
                raise web.HTTPNotFound
            raise RefusalError("unknown_method")
        if token != self._server.bot_token:
            was_revoked = self._server.bot_token.endswith("revoked")
            raise RefusalError("token_revoked" if was_revoked else "invalid_auth")
        scope, answer = METHODS[method]
        if scope and scope not in self._server.scopes:
            raise RefusalError("missing_scope", needed=scope, provided=",".join(sorted(self._server.scopes)))
        return answer(self._server, await _arguments(request))

    async def link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._server.tickets or self._server.is_down:
            return web.Response(status=403)
        self._server.tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self._server.events.serve(socket)
        return socket

    async def download(self, request: web.Request) -> web.StreamResponse:
        if (
            request.headers.get("Authorization") != f"Bearer {self._server.bot_token}"
            or "files:read" not in self._server.scopes
        ):
            return web.Response(status=302, headers={"Location": f"{self._server.workspace_url}/signin"})
        data = self._server.files.get(request.match_info["file"])
        return web.Response(status=404) if data is None else web.Response(body=data)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Take an answer to a slash command; its address takes five."""
        trigger = request.match_info["trigger"]
        room, asker, uses = self._server.commands[trigger]
        if uses == MOST_RESPONSES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        self._server.commands[trigger] = (room, asker, uses + 1)
        answer = await request.json()
        try:
            text, blocks = checked_text(answer.get("text")), checked_blocks(answer.get("blocks"))
        except RefusalError as refusal:
            return web.json_response({"ok": False, "error": refusal.code}, status=400)
        seen_by = None if answer.get("response_type") == "in_channel" else asker.id
        self._server.post(room, self._server.bot.id, text, blocks=blocks, seen_by=seen_by)
        return web.Response(text="ok")

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Take what is to be shown to a press: a sentence for one person, or the message as it is now."""
        posted, shown = self._server.presses[request.match_info["press"]]
        answer = await request.json()
        try:
            check = checked_change if answer.get("replace_original") else checked_text
            text, blocks = check(answer.get("text")), checked_blocks(answer.get("blocks"))
        except RefusalError as refusal:
            return web.json_response({"ok": False, "error": refusal.code}, status=400)
        if answer.get("replace_original"):
            self._server.change(posted, text, blocks)
        shown.set_result("" if answer.get("replace_original") else text)
        return web.Response(text="ok")

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes of a file that was announced."""
        file = request.match_info["file"]
        name, _ = self._server.uploads[file]
        self._server.uploads[file] = (name, await request.read())
        return web.Response(text="OK")

    def _fault(self, method: str) -> Fault | None:
        fault = next((each for each in self._server.faults if each.method == method), None)
        if fault is not None:
            fault.times -= 1
            if not fault.times:
                self._server.faults.remove(fault)
        return fault


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        arguments: Json = json.loads(await request.text() or "{}")
    else:
        arguments = {**request.query, **(await request.post())}
    return {name: value for name, value in arguments.items() if value is not None}

"""The calls of the emulated Cloud API (https://developers.facebook.com/docs/whatsapp/cloud-api/reference)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from tests.emulators.whatsapp_rules import Json, Refusal, check_content, check_upload, require
from tests.emulators.whatsapp_script import Posted, Room

if TYPE_CHECKING:
    from tests.emulators.whatsapp import WhatsAppServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CLOSED = "Message failed to send because more than 24 hours have passed since the customer last replied to this number."


def application(server: WhatsAppServer) -> web.Application:
    """Return the web application of a server."""
    calls = _Calls(server)

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if request.headers.get("Authorization") != f"Bearer {server.token}":
                raise Refusal(190, "Invalid OAuth access token", 401)  # noqa: TRY301 (as every other refusal)
            return await handler(request)
        except Refusal as refusal:
            return web.json_response(refusal.json(), status=refusal.status)

    app = web.Application(client_max_size=200 << 20, middlewares=[guard])
    app.router.add_post("/v25.0/{number}/messages", calls.messages)
    app.router.add_post("/v25.0/{number}/media", calls.upload)
    app.router.add_get("/v25.0/debug_token", calls.debug_token)
    app.router.add_get("/v25.0/{id}", calls.describe)
    app.router.add_get("/files/{link}", calls.file)
    return app


class _Calls:
    def __init__(self, server: WhatsAppServer) -> None:
        self._server = server

    async def messages(self, request: web.Request) -> web.Response:
        body: Json = await request.json()
        self._check_number(request)
        require(body.get("messaging_product") == "whatsapp", "messaging_product is required", 100)
        if "status" in body:
            return self._mark_read(body)
        self._server.calls["messages"] += 1
        fault = self._server.take_fault()
        if fault is not None:
            if fault.refusal is not None:
                raise fault.refusal
            return web.Response(status=fault.status, headers=fault.headers, text="<html>Sorry</html>")
        room = self._find_room(body)
        check_content(body, to_group=room.is_group, media=self._server.media)
        quoted = (body.get("context") or {}).get("message_id")
        require(quoted is None or quoted in room.messages, "context.message_id is not known", 131009)
        return self._take(room, body, quoted)

    def _take(self, room: Room, body: Json, quoted: str | None) -> web.Response:
        self._count(room)
        is_open, identity = self._server.is_open(room), self._server.next_id()
        if not is_open and not self._server.tells_late:
            raise Refusal(131047, CLOSED)
        if is_open:
            kind = body["type"]
            posted = Posted(identity, None, kind, body[kind], int(time.time()), quoted)
            self._server.post(room, posted)
            self._server.tell_status(room, identity, "sent")
        else:
            self._server.tell_status(room, identity, "failed", Refusal(131047, CLOSED))
        return web.json_response({"messaging_product": "whatsapp", "messages": [{"id": identity}]})

    def _mark_read(self, body: Json) -> web.Response:
        known = {"messaging_product", "status", "message_id", "typing_indicator"}
        require(set(body) <= known and body["status"] == "read", "Unexpected key", 100)
        message = body.get("message_id")
        room = next((room for room in self._server.rooms.values() if message in room.messages), None)
        require(room is not None, "message_id is not known", 131009)
        self._server.read.append(str(message))
        if "typing_indicator" in body:
            require(body["typing_indicator"] == {"type": "text"}, "typing_indicator.type must be text", 100)
            self._server.typing.append(str(message))
        return web.json_response({"success": True})

    def _find_room(self, body: Json) -> Room:
        require(("to" in body) != ("recipient" in body), "Give to or recipient", 131008)
        room = self._server.find_room(str(body.get("to") or body.get("recipient")))
        if room is None:
            raise Refusal(131026, "Message undeliverable")
        kind = "group" if room.is_group else "individual"
        require(body.get("recipient_type", "individual") == kind, f"recipient_type must be {kind}", 100)
        hidden = not room.is_group and self._server.hides_numbers
        require(not hidden or "recipient" in body, "to must be a phone number", 131009)
        return room

    def _count(self, room: Room) -> None:
        now = asyncio.get_running_loop().time()
        room.sent_at = [at for at in room.sent_at if now - at < self._server.pair_seconds]
        if len(room.sent_at) >= self._server.pair_burst:
            raise Refusal(131056, "(Business Account, Consumer Account) pair rate limit hit")
        room.sent_at.append(now)

    async def upload(self, request: web.Request) -> web.Response:
        self._check_number(request)
        self._server.calls["media"] += 1
        form = await request.post()
        require(form.get("messaging_product") == "whatsapp", "messaging_product is required", 100)
        file = form.get("file")
        require(isinstance(file, web.FileField), "file is required", 131008)
        assert isinstance(file, web.FileField)
        data, media_type = file.file.read(), str(form.get("type"))
        require(file.content_type == media_type, "type is not the file's", 100)
        check_upload(media_type, len(data))
        return web.json_response({"id": self._server.keep_file(data, media_type)})

    async def describe(self, request: web.Request) -> web.Response:
        identity = request.match_info["id"]
        if identity == self._server.number_id:
            return self._describe_number(request)
        require(identity in self._server.files, "Unsupported get request. Object with this ID does not exist", 100)
        require(request.query.get("phone_number_id") == self._server.number_id, "Not the number's", 100)
        link = f"link{next(self._server.numbers)}"
        self._server.links[link] = identity
        data = self._server.files[identity]
        return web.json_response(
            {
                "messaging_product": "whatsapp",
                "id": identity,
                "url": f"{self._server.root}/files/{link}",
                "mime_type": self._server.media[identity],
                "sha256": hashlib.sha256(data).hexdigest(),
                "file_size": str(self._server.claimed_sizes.get(identity, len(data))),
            }
        )

    def _describe_number(self, request: web.Request) -> web.Response:
        proof = request.query.get("appsecret_proof")
        right = hmac.new(self._server.app_secret.encode(), self._server.token.encode(), hashlib.sha256).hexdigest()
        require(proof in {None, right}, "Invalid appsecret_proof provided in the API argument", 100)
        about = {"verified_name": "Jay", "display_phone_number": f"+{self._server.display_number}"}
        return web.json_response({**about, "quality_rating": self._server.quality, "id": self._server.number_id})

    async def debug_token(self, request: web.Request) -> web.Response:
        require(request.query.get("input_token") == self._server.token, "Not the token", 100)
        about = {"is_valid": True, "expires_at": self._server.expires_at, "scopes": list(self._server.scopes)}
        return web.json_response({"data": about})

    async def file(self, request: web.Request) -> web.Response:
        """Send a file; its address holds once, where Meta's does for five minutes."""
        identity = self._server.links.pop(request.match_info["link"], None)
        if identity is None or identity not in self._server.files:
            return web.Response(status=404)
        return web.Response(body=self._server.files[identity], content_type=self._server.media[identity])

    def _check_number(self, request: web.Request) -> None:
        if request.match_info["number"] != self._server.number_id:
            raise Refusal(100, "Unsupported post request. Object with this ID does not exist")

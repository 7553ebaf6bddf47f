"""A small, strict server of the OpenAI chat-completions API on loopback, which can be told to misbehave."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from tests.emulators.serving import serving

Manner = Literal[
    "stream",
    "slow",
    "drop",
    "end early",
    "error in stream",
    "whole",
    "html",
    "broken json",
    "endless line",
    "silent",
    "status",
    "redirect",
]

_DATA_URL = re.compile(r"data:image/(jpeg|png|gif|webp);base64,([A-Za-z0-9+/]+={0,2})\Z")
_MAGIC = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG", "gif": b"GIF8", "webp": b"RIFF"}

_KNOWN_FIELDS = {
    "model": str,
    "messages": list,
    "stream": bool,
    "stream_options": dict,
    "temperature": float,
    "max_tokens": int,
    "top_p": float,
    "seed": int,
    "stop": list,
    "top_k": int,
    "min_p": float,
    "repeat_penalty": float,
    "repeat_last_n": int,
    "chat_template_kwargs": dict,
    "response_format": dict,
    "tools": list,
}


@dataclass
class OpenAIServer:
    """What the server answers (`pieces`) and how (`manner`), and what it saw.

    `key`, when set, must be sent. `status` and `says` are the answer in the manner "status". A request with
    a field of the wrong type, or one the server does not know, is answered 400.
    """

    pieces: Sequence[str] = ("Mara ", "booked ", "it.")
    manner: Manner = "stream"
    key: str | None = None
    status: int = 500
    says: str = '{"error": {"message": "out of memory"}}'
    models: Sequence[str] = ("tiny",)
    base_url: str = ""
    calls: Sequence[tuple[str, str]] = ()
    """The functions that the model asks for, with their arguments; where tools are offered."""
    knows_tools: bool = True
    sees: bool = False
    """Whether the model takes pictures; `tells` whether the list of models says so, as llama-server's does."""
    tells: bool = True
    descriptions: Sequence[str] = ()
    """What is answered where there is a picture, in turn; else `pieces`."""
    finish_reason: str = "stop"
    """Why a streamed answer ended, "length" for its token limit."""
    requests: list[dict[str, object]] = field(default_factory=list)
    abandoned: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client closes the connection before its answer is complete."""

    async def list_models(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        told = {}
        if self.tells:
            abilities = ["completion", *(["multimodal"] if self.sees else [])]
            told = {"models": [{"name": name, "model": name, "capabilities": abilities} for name in self.models]}
        listed = [{"id": name, "object": "model"} for name in self.models]
        return web.json_response({**told, "object": "list", "data": listed})

    async def complete(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        body = await request.json()
        if mistake := _mistake(body):
            return web.json_response({"error": {"message": mistake}}, status=400)
        if cannot := self._cannot(body):
            return web.json_response({"error": {"message": cannot}}, status=500)
        self.requests.append(body)
        if not body["stream"] and self.manner == "stream":
            return web.json_response(_whole("".join(self.pieces), self.calls if body.get("tools") else ()))
        match self.manner:
            case "silent":
                await self._wait_for_the_client_to_leave()
            case "status":
                return web.Response(status=self.status, text=self.says, content_type="application/json")
            case "redirect":
                return web.Response(status=308, headers={"Location": "/elsewhere"})
            case "html":
                return web.Response(text="<html><body>Welcome to nginx!</body></html>", content_type="text/html")
            case "whole":
                return web.json_response(_whole("".join(self.pieces)))
        return await self._stream(request, self._pieces_for(body))

    def _pieces_for(self, body: dict[str, object]) -> Sequence[str]:
        if not (self.descriptions and pictures_in(body)):
            return self.pieces
        seen = sum(bool(pictures_in(each)) for each in self.requests)
        return [self.descriptions[min(seen, len(self.descriptions)) - 1]]

    def _cannot(self, body: dict[str, object]) -> str:
        """Say what is asked for that the model can't do, as llama-server says it."""
        if "tools" in body and not self.knows_tools:
            return "tools param requires --jinja flag"
        if pictures_in(body) and not self.sees:
            return "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"
        return ""

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self.key is None or request.headers.get("Authorization") == f"Bearer {self.key}":
            return None
        sent = request.headers.get("Authorization", "nothing")
        return web.json_response({"error": {"message": f"Incorrect API key: {sent}"}}, status=401)

    async def _wait_for_the_client_to_leave(self) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.abandoned.set()
            raise

    async def _stream(self, request: web.Request, pieces: Sequence[str]) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        await response.prepare(request)
        try:
            await self._write(request, response, pieces)
        except (asyncio.CancelledError, ConnectionError):
            self.abandoned.set()
            raise
        return response

    async def _write(self, request: web.Request, response: web.StreamResponse, pieces: Sequence[str]) -> None:
        await response.write(b": keep-alive\n\n" + _event({"role": "assistant", "content": None}))
        if self.manner == "endless line":
            await response.write(b"data: " + b"x" * 1_100_000)
        for number, piece in enumerate(pieces):
            if number == 1 and await self._misbehave(request, response):
                return
            if self.manner == "slow":
                await asyncio.sleep(0.05)
            await response.write(_event({"content": piece}))
        if self.manner != "end early":
            await response.write(_event({}, finish=self.finish_reason) + _usage(len(pieces)) + b"data: [DONE]\n\n")

    async def _misbehave(self, request: web.Request, response: web.StreamResponse) -> bool:
        """Do in mid-stream what the manner asks for; say whether that ends the answer."""
        if self.manner == "drop" and request.transport:
            request.transport.close()
        elif self.manner == "broken json":
            await response.write(b'data: {"choices": [{"delta"\n\n')
        elif self.manner == "error in stream":
            await response.write(b'data: {"error": {"message": "context is full", "code": 500}}\n\n')
        return self.manner in ("drop", "broken json", "error in stream", "end early")


@asynccontextmanager
async def running_server(server: OpenAIServer) -> AsyncIterator[OpenAIServer]:
    """Serve on a free port of the loopback interface; `server.base_url` says where."""
    application = web.Application()
    application.router.add_get("/v1/models", server.list_models)
    application.router.add_post("/v1/chat/completions", server.complete)
    async with serving(application) as root:
        server.base_url = f"{root}/v1"
        yield server


def _mistake(body: object) -> str:
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
        return "messages: a list is required"
    for name, value in body.items():
        kind = _KNOWN_FIELDS.get(name)
        if kind is None:
            return f"{name}: unknown field"
        if not isinstance(value, kind) and not (kind is float and isinstance(value, int)):
            return f"{name}: must be {kind.__name__}"
    return next((mistake for message in body["messages"] if (mistake := _content_mistake(message.get("content")))), "")


def pictures_in(body: dict[str, object]) -> list[bytes]:
    """Return the pictures of a request."""
    messages = body["messages"]
    assert isinstance(messages, list)
    parts = [part for each in messages if isinstance(each["content"], list) for part in each["content"]]
    urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    return [base64.b64decode(url.partition(",")[2]) for url in urls]


def _content_mistake(content: object) -> str:
    """Say what is wrong with what a message holds: a text, or parts that are texts and pictures in data URLs."""
    if isinstance(content, str):
        return ""
    if not isinstance(content, list) or not content:
        return "content: must be a string or a list of parts"
    for part in content:
        match part:
            case {"type": "text", "text": str()}:
                continue
            case {"type": "image_url", "image_url": {"url": str(url)}}:
                found = _DATA_URL.match(url)
                if found is None or not base64.b64decode(found[2], validate=True).startswith(_MAGIC[found[1]]):
                    return "image_url: not a picture of the kind that it says"
            case _:
                return f"content: unknown part {part}"
    return ""


def _event(delta: dict[str, object], finish: str | None = None) -> bytes:
    return _data(
        {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    )


def _usage(generated: int) -> bytes:
    counts = {"prompt_tokens": 12, "completion_tokens": generated, "prompt_tokens_details": {"cached_tokens": 5}}
    return _data({"object": "chat.completion.chunk", "choices": [], "usage": counts})


def _data(content: object) -> bytes:
    return b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"


def _whole(text: str, calls: Sequence[tuple[str, str]] = ()) -> dict[str, object]:
    message: dict[str, object] = {"role": "assistant", "content": text}
    if calls:
        functions = [{"name": name, "arguments": arguments} for name, arguments in calls]
        numbered = enumerate(functions)
        message["tool_calls"] = [{"id": f"call{n}", "type": "function", "function": each} for n, each in numbered]
    return {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}

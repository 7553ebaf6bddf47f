"""A small, strict server of the OpenAI speech API on loopback, which can be told to fail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

SOUND = b"OggS" + bytes(64)
"""What stands for a voice note: no platform looks further than at its beginning."""
_FIELDS = {"model", "voice", "input", "response_format"}


@dataclass
class SpeechEmulator:
    """What the server answers, and what it was asked to say. `key`, when set, must be sent."""

    key: str | None = None
    status: int = 200
    sound: bytes = SOUND
    said: list[dict[str, str]] = field(default_factory=list)
    base_url: str = ""

    async def speak(self, request: web.Request) -> web.Response:
        if self.key is not None and request.headers.get("Authorization") != f"Bearer {self.key}":
            return _refuse(401, f"Incorrect API key: {request.headers.get('Authorization')}")
        body = await request.json()
        if set(body) != _FIELDS or not all(isinstance(value, str) for value in body.values()):
            return _refuse(400, f"wrong fields: {body}")
        if not 0 < len(body["input"]) <= 4096 or body["response_format"] != "opus":
            return _refuse(400, "wrong input")
        self.said.append(body)
        if self.status != 200:
            return _refuse(self.status, "the model is not loaded")
        return web.Response(body=self.sound, content_type="audio/ogg")


def _refuse(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"message": message}}, status=status)


@asynccontextmanager
async def running_speech_server(server: SpeechEmulator) -> AsyncIterator[SpeechEmulator]:
    """Serve on a free port of the loopback interface; `server.base_url` says where."""
    application = web.Application()
    application.router.add_post("/v1/audio/speech", server.speak)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        server.base_url = f"http://{host}:{port}/v1"
        yield server
    finally:
        await runner.cleanup()

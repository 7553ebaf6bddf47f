from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.app import open_app
from bot.commands.metrics_port import serve_metrics
from bot.configuration.operating_settings import MetricsSettings
from bot.configuration.settings import DataSettings, MemorySettings, ModelSettings, Settings
from bot.errors import ConfigError


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(
        data=DataSettings(dir=folder),
        memory=MemorySettings(embedder="hashing", cache=folder),
        model=ModelSettings(engine="extractive"),
    )
    async with (
        open_app(settings) as app,
        serve_metrics(MetricsSettings(port=0), app.core.requests) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        yield client


async def test_what_the_bot_counts_is_there_without_a_key_and_so_is_its_health(tmp_path: Path) -> None:
    async with served(tmp_path) as client:
        metrics = await client.get("/metrics")
        assert metrics.status_code == 200
        assert metrics.headers["content-type"].startswith("text/plain")
        assert "scrubjay_embedding_backlog 0.0" in metrics.text
        assert [(await client.get(path)).text for path in ("/healthz", "/readyz")] == ["ok\n", "ok\n"]


async def test_nothing_else_is_there(tmp_path: Path) -> None:
    async with served(tmp_path) as client:
        assert (await client.get("/api/memories")).status_code == 404
        assert (await client.post("/metrics")).status_code == 405
        with pytest.raises(httpx.RemoteProtocolError):  # so many headers that it isn't meant well
            await client.get("/metrics", headers=[("x", str(number)) for number in range(200)])
        assert (await client.get("/healthz")).status_code == 200


async def test_a_port_that_is_taken_is_told_as_a_setting(tmp_path: Path) -> None:
    async with served(tmp_path) as client:
        port = client.base_url.port
        assert port is not None
        with pytest.raises(ConfigError, match=rf"metrics\.port: 127\.0\.0\.1:{port} can't be had"):
            async with serve_metrics(MetricsSettings(port=port), None):  # type: ignore[arg-type]  # never asked
                pass


async def test_beside_a_bot_that_serves_the_port_the_terminal_and_the_page_go_on_without(tmp_path: Path) -> None:
    async with served(tmp_path) as client:
        taken = MetricsSettings(port=client.base_url.port)
        async with serve_metrics(taken, None, is_needed=False) as port:  # type: ignore[arg-type]  # never asked
            assert port is None
        assert (await client.get("/healthz")).status_code == 200


async def test_without_a_port_nothing_listens() -> None:
    async with serve_metrics(MetricsSettings(), None) as port:  # type: ignore[arg-type]  # never asked
        assert port is None

"""The program as it is set up, with a model server that calls a tool: only where the settings allow it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.console.adapter import CONVERSATION, OWNER
from bot.app import open_app
from bot.configuration.settings import DataSettings, MemorySettings, ModelSettings, PluginSettings, Settings
from bot.events import Message
from bot.testing import FakeAdapter
from tests.emulators.openai_server import OpenAIServer, running_server

ASKED = "See to it that I don't forget the bins tomorrow at nine"


@pytest.mark.parametrize("allowed", [True, False])
async def test_a_model_server_plans_a_reminder_where_the_settings_let_it(tmp_path: Path, allowed: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    calls = [("remind_at", '{"when": "tomorrow at nine", "about": "the bins"}')]
    async with running_server(OpenAIServer(pieces=["I ", "will."], calls=calls)) as server:
        settings = Settings(
            data=DataSettings(dir=tmp_path),
            memory=MemorySettings(embedder="hashing"),
            model=ModelSettings(engine="openai", base_url=server.base_url),
            plugins=PluginSettings(enabled=("reminders", "memory"), tools=("reminders",) if allowed else ()),
        )
        adapter = FakeAdapter("console")
        async with open_app(settings) as app, adapter:
            app.core.connect(adapter)
            for number, text in enumerate((ASKED, "/reminders", "/why")):
                await app.core.deliver(Message(str(number), CONVERSATION, OWNER, text, datetime.now(UTC)))
                await app.core.idle()
        said = [sent.reply.text for sent in adapter.sent]
    assert ("the bins" in said[1]) == allowed
    assert ("I called remind_at(" in said[2]) == allowed
    offered = [request for request in server.requests if "tools" in request]
    assert len(offered) == 2 * allowed

"""The chats in the guide to answers and in the README are what the engine without a model really says."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.answering.answer import Answerer
from bot.answering.records import AnswerOptions, Question
from bot.models.extractive import ExtractiveModel
from memory import Memory, Scope
from memory.embedders.bundled import BundledEmbedder
from tests.bot.commands.conftest import Cli

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "bot" / "commands" / "evaluation" / "sample" / "WhatsApp Chat - Lisbon trip.zip"
BERLIN = ZoneInfo("Europe/Berlin")


def chats(name: str) -> list[tuple[str, str]]:
    """Return each question of a page's chats with what stands below it, source lines left out."""
    found = []
    for block in re.findall(r"^```\n(> .*?)^```", (ROOT / name).read_text("utf-8"), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^> ", block, flags=re.MULTILINE)[1:]:
            question, *lines = part.rstrip("\n").split("\n")
            found.append((question, "\n".join(line for line in lines if not line.startswith("  ["))))
    return found


async def test_what_the_pages_show_is_what_is_answered(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    del cli.env["SCRUBJAY_MEMORY__EMBEDDER"]  # the default is what users have
    cli.env["TZ"] = "Europe/Berlin"
    cli.run("import", str(SAMPLE))
    shown = [*chats("docs/answers.md"), *chats("README.md")]
    assert len(shown) >= 9
    database = next(path for path in tmp_path.rglob("memory.db"))  # noqa: ASYNC240 (a test's own folder)
    async with Memory.open(database, BundledEmbedder(cache_dir=tmp_path / "embedder")) as memory:
        answerer = Answerer(memory, ExtractiveModel(), AnswerOptions(zone=BERLIN))
        now = datetime(2024, 9, 10, 12, tzinfo=BERLIN)
        said = [(each, (await answerer.answer(Question(each, Scope.all(), now))).text) for each, _ in shown]
    assert said == shown

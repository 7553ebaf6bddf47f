"""The guide to the page: its commands run, its pages are there, and its picture is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from starlette.routing import Match, Route

from adapters.http.pages.routers import PAGES
from tests.bot.commands.conftest import Cli

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "web.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ scrubjay (.*)$", GUIDE, re.MULTILINE)
MOST_PICTURE_BYTES = 200_000


def test_the_commands_of_the_guide_are_there(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    assert COMMANDS == ["web", "keys create phone"]
    assert "--no-browser" in cli.run("web", "--help").out
    assert cli.run(*shlex.split(COMMANDS[1])).out.startswith("sj-")


def test_every_page_that_the_guide_names_is_one() -> None:
    routes = [route for router in PAGES for route in router.routes if isinstance(route, Route)]
    named = set(re.findall(r"`(/[a-z][a-z/0-9]+)`", GUIDE))
    assert len(named) > 5
    for path in named:
        scope = {"type": "http", "method": "GET", "path": path}
        assert any(route.matches(scope)[0] is Match.FULL for route in routes), path


def test_the_picture_is_there_and_small() -> None:
    pictures = re.findall(r"\]\((pictures/[^)]+)\)", GUIDE)
    assert pictures
    for name in pictures:
        assert 1000 < (DOCS / name).stat().st_size < MOST_PICTURE_BYTES

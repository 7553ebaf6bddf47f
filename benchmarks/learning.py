"""Scores what /learn keeps and /catchup tells with real models: python -m benchmarks.learning [MODEL.gguf …].

The labelled messages and chats are those of the tests; what was tried on the way stands in benchmarks/results.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import machine, versions
from bot.models.llama import LlamaModel, LlamaSettings
from tests.plugins.catchup.scoring import read_chats, score_catchup
from tests.plugins.facts.scoring import SETS, score_facts
from tests.real_models import FETCHED, FOLDER

RESULTS = Path(__file__).parent / "results"
_FACTS = "| model | messages | kept | precision | recall | s |\n" + "|---" * 6 + "|"
_POINTS = "| model | chat | points | told of what matters | told wrongly | s |\n" + "|---" * 6 + "|"


def main() -> None:
    """Score each model, print the tables and add them to the day's page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning", description=__doc__)
    parser.add_argument(
        "models", type=Path, nargs="*", help="GGUF files; without any, those that `make models` fetches"
    )
    options = parser.parse_args()
    models = options.models or [FOLDER / entry.file for entry in FETCHED]
    begun, facts, points = datetime.now(UTC), [_FACTS], [_POINTS]
    for path in models:
        if path.exists():
            asyncio.run(_score(path, facts, points))
    page = f"\n## Measured on {begun:%d %B %Y, %H:%M} UTC\n\n{machine()}. {versions()}.\n\n" + "\n".join(
        [*facts, "", *points, ""]
    )
    print(page)
    with (RESULTS / f"learning-{begun:%Y-%m-%d}.md").open("a", encoding="utf-8") as results:
        results.write(page)


async def _score(path: Path, facts: list[str], points: list[str]) -> None:
    async with LlamaModel(LlamaSettings(path)) as model:
        for which in SETS:
            begun = time.monotonic()
            told = await score_facts(model, which)
            figures = f"{told.kept} | {_share(told.precision)} | {_share(told.recall)}"
            facts.append(f"| {path.stem} | {which} | {figures} | {time.monotonic() - begun:.0f} |")
        for name, scores in (await score_catchup(model, read_chats())).items():
            figures = f"{scores.points} | {scores.told} of {scores.wanted} | {scores.wrong}"
            points.append(f"| {path.stem} | {name} | {figures} | {scores.seconds:.0f} |")


def _share(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}"


if __name__ == "__main__":
    main()

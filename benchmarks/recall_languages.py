"""How often the right message comes first in twelve languages: `python -m benchmarks.recall_languages [EMBEDDER]`.

Each file in `benchmarks/languages` holds forty messages, twenty questions, and three questions that nothing answers.
The Nth message answers the Nth question. All files say the same, so that each question can be asked of each memory.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean

from bot.answering.records import AnswerOptions
from memory import Entry, Memory, Recollection, Scope
from memory.embedders import Embedder
from memory.embedders.choose import choose_embedder

FOLDER = Path(__file__).parent / "languages"
ANSWERED = AnswerOptions().relevance
_BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
_NOW = _BEGAN + timedelta(days=30)
_AUTHORS = ("A. K.", "B. L.")


@dataclass(frozen=True, slots=True)
class Talk:
    """One language's messages, its questions, and those that nothing answers."""

    language: str
    messages: tuple[str, ...]
    questions: tuple[str, ...]
    unanswerable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of questions: the right message first, found wanting though it is there, and wrong with confidence."""

    first: float
    refused: float
    wrong: float


def read_talks() -> list[Talk]:
    """Return the talks, by language."""
    return [_read(file) for file in sorted(FOLDER.glob("*.txt"))]


def _read(file: Path) -> Talk:
    blocks = file.read_text(encoding="utf-8").strip().split("\n\n")
    messages, questions, unanswerable = (tuple(block.splitlines()) for block in blocks)
    return Talk(file.stem, messages, questions, unanswerable)


async def measure(talk: Talk, askers: Sequence[Talk], embedder: Embedder) -> list[Figures]:
    """Remember a talk, and ask of it the questions of each of the askers."""
    with tempfile.TemporaryDirectory(prefix="scrubjay-languages-") as folder:
        async with Memory.open(Path(folder) / "memory.db", embedder) as memory:
            place = await memory.conversations.ensure("benchmark", talk.language, kind="group")
            said = [_BEGAN + timedelta(minutes=7 * number) for number in range(len(talk.messages))]
            entries = [
                Entry(text, at, _AUTHORS[number % 2])
                for number, (text, at) in enumerate(zip(talk.messages, said, strict=True))
            ]
            await memory.passages.add(place, entries)
            await memory.embeddings.embed_pending()
            return [await _ask(memory, talk, asker) for asker in askers]


async def _ask(memory: Memory, talk: Talk, asker: Talk) -> Figures:
    best = [await _best(memory, question) for question in asker.questions]
    right = [each is not None and each.passage.text == talk.messages[at] for at, each in enumerate(best)]
    sure = [each is not None and each.relevance >= ANSWERED for each in best]
    fooled = [await _best(memory, question) for question in asker.unanswerable]
    wrong = [is_sure and not is_right for is_sure, is_right in zip(sure, right, strict=True)]
    wrong += [each is not None and each.relevance >= ANSWERED for each in fooled]
    return Figures(mean(right), 1 - mean(sure), mean(wrong))


async def _best(memory: Memory, question: str) -> Recollection | None:
    return next(iter(await memory.recall(question, Scope.all(), now=_NOW, limit=5)), None)


async def main(embedder: Embedder) -> None:
    """Print a row for each language: asked in itself, and in all the others."""
    talks = read_talks()
    print("| language | right first | refused | wrong with confidence | asked in the others: right first | wrong |")
    print("|---|---|---|---|---|---|")
    same: list[Figures] = []
    for talk in talks:
        own, *others = await measure(talk, [talk, *(each for each in talks if each is not talk)], embedder)
        same.append(own)
        across = f"{mean(each.first for each in others):.2f} | {mean(each.wrong for each in others):.2f}"
        print(f"| {talk.language} | {own.first:.2f} | {own.refused:.2f} | {own.wrong:.2f} | {across} |", flush=True)
    print(f"| mean | {mean(e.first for e in same):.2f} | {mean(e.refused for e in same):.2f} | "
          f"{mean(e.wrong for e in same):.2f} | | |")  # fmt: skip


if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else "bundled"
    with tempfile.TemporaryDirectory(prefix="scrubjay-models-") as models:
        asyncio.run(main(choose_embedder(name, cache_dir=Path(models))))

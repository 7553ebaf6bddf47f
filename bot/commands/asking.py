"""What `ask` does with a question, in its own process or in a bot that runs."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime

from bot.answering.answer import Answerer
from bot.answering.opening import open_answerer
from bot.answering.records import Answer, Grow, Question
from bot.answering.speed import describe_speed
from bot.commands.options import ScopeChoice, scope_of
from bot.commands.running_bot import ShownAnswer
from bot.commands.show import source_line
from bot.configuration.settings import Settings
from memory import Memory


def answer_here(settings: Settings, text: str, choice: ScopeChoice, grow: Grow | None) -> ShownAnswer:
    """Open the memory and the model, and answer a question. Raises ScrubjayError and MemoryStoreError."""

    async def answer() -> ShownAnswer:
        async with open_answerer(settings) as (memory, answerer):
            return await answer_question(settings, memory, answerer, text, choice, grow)

    return asyncio.run(answer())


async def answer_question(
    settings: Settings, memory: Memory, answerer: Answerer, text: str, choice: ScopeChoice, grow: Grow | None
) -> ShownAnswer:
    """Answer a question of this machine's owner."""
    now = datetime.now(settings.time.zone)
    answer = await answerer.answer(Question(text, await scope_of(memory, choice), now), grow)
    speed = answer.timings.speed
    return ShownAnswer(
        text=answer.text,
        record=_record(answer),
        sources=[source_line(source, settings.time.zone) for source in answer.sources],
        speed=describe_speed(answer),
        measured=None if speed is None else asdict(speed),
        problem=answer.problem,
    )


def _record(answer: Answer) -> dict[str, object]:
    """Return the answer as `--json` prints it."""
    timings = answer.timings
    return {
        "answer": answer.text,
        "abstained": answer.abstained,
        "model": answer.model,
        "sources": [
            {
                "n": source.n,
                "text": source.text,
                "author": source.author,
                "said_at": source.said_at.isoformat(),
                "conversation": source.conversation,
                "kind": source.kind,
                "score": round(source.score, 4),
                "link": source.link,
            }
            for source in answer.sources
        ],
        "timings": {
            "recall_ms": round(timings.recall_ms, 1),
            "first_token_ms": None if timings.first_token_ms is None else round(timings.first_token_ms, 1),
            "total_ms": round(timings.total_ms, 1),
        },
    }

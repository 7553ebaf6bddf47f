"""The commands `feedback …`: what people thought of answers, as questions for `eval`."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.answering.opening import open_memory
from bot.commands.export import whole_file
from bot.commands.options import ScopeChoice, ScopeOption, scope_of
from bot.configuration.settings import Settings
from bot.translation import gettext
from memory import Judgement

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Use people's ratings of answers.")

Target = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="The file to write; standard output if left out.")
]
WithBad = Annotated[bool, typer.Option("--with-bad", help="Write answers judged bad too, in the category “bad”.")]

_COMMAND = re.compile(r"/\w+(?:@\S+)?\s+")


@app.callback()
def feedback() -> None:
    """Make use of the thumbs that people gave to answers."""


@app.command()
def export(
    context: typer.Context,
    file: Target = None,
    scope: ScopeOption = ScopeChoice.OWN,
    with_bad: WithBad = False,  # noqa: FBT002 (typer makes the options of the parameters)
) -> None:
    """Write an evaluation set of judged answers, which `scrubjay eval FILE --format jsonl` reads.

    Of an answer judged good, what it cited is the evidence that recall has to find again. Of one judged bad it is what
    should not come up: in the category “bad” lower figures are better. Answers that rested on nothing that is
    still remembered are left out.

    Example: scrubjay feedback export judged.jsonl
    """
    judged = asyncio.run(_judgements(context.obj, scope))
    lines = [line for each in judged if (each.value > 0 or with_bad) and (line := eval_line(each)) is not None]
    if file is None:
        sys.stdout.writelines(lines)
    else:
        with whole_file(file) as target:
            target.writelines(lines)
    good = sum(each.value > 0 for each in judged)
    where = "" if file is None else gettext(" to {file}", file=file)
    typer.echo(
        gettext(
            "Questions written{where}: {number}; {good} answers were judged good, {bad} bad.",
            where=where,
            number=len(lines),
            good=good,
            bad=len(judged) - good,
        ),
        err=True,
    )


def eval_line(judged: Judgement) -> str | None:
    """Return a line for `eval`; None where nothing is left that the answer rested on."""
    evidence = judged.cited or judged.seen
    if not evidence:
        return None
    record = {
        "question": _COMMAND.sub("", judged.question, count=1) if judged.question.startswith("/") else judged.question,
        "evidence": list(evidence),
        "category": "good" if judged.value > 0 else "bad",
        "answer": judged.answer,
        "given_at": judged.given_at.isoformat(),
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


async def _judgements(settings: Settings, choice: ScopeChoice) -> list[Judgement]:
    async with open_memory(settings) as memory:
        return await memory.judgements.select(await scope_of(memory, choice))

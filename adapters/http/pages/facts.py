"""The facts: what holds, what held, what each rests on, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from adapters.http.pages.conversation import find_passage
from adapters.http.pages.rendering import render
from adapters.http.pages.signed_in import VisitorOf
from adapters.http.security.authentication import CallerOf
from bot.adapter import Caller
from bot.translation import gettext
from memory import Fact, Passage, Selection

router = APIRouter(include_in_schema=False)

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact, who said it and where, and the passages that it rests on."""

    fact: Fact
    passage: Passage
    evidence: tuple[Passage, ...]


@router.get("/facts")
async def show_facts(request: Request, caller: VisitorOf) -> Response:
    """Show the facts that hold, and below them those that no longer do."""
    lines = await _read_lines(caller)
    return render(
        request,
        "facts.html",
        place="memory",
        holding=[each for each in lines if each.fact.valid_to is None],
        closed=[each for each in lines if each.fact.valid_to is not None],
    )


@router.post("/facts")
async def remember(
    caller: CallerOf,
    text: Annotated[str, Form(max_length=5000)],
    key: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Keep a fact; one with the same key takes the older one's place."""
    if not text.strip():
        raise HTTPException(422, gettext("Say what to remember."))
    home = await caller.at_home()
    await home.handler_memory(text).remember(text.strip(), key=key.strip() or None)
    return RedirectResponse("/facts", 303)


@router.post("/facts/{passage_id}/retract")
async def retract(passage_id: int, caller: CallerOf) -> Response:
    """Take a fact back, as if it had never been kept: what it closed holds again."""
    passage = await find_passage(caller, passage_id)
    if passage.kind != "fact" or not caller.handler_memory().may_forget(passage):
        raise HTTPException(403, gettext("That fact is not yours to take back."))
    await caller.memory.facts.retract(caller.scope, [passage_id])
    return RedirectResponse("/facts", 303)


async def _read_lines(caller: Caller) -> list[FactLine]:
    facts = (await caller.memory.facts.select(caller.scope, include_closed=True))[:_SHOWN]
    ids = tuple({number for fact in facts for number in (fact.passage_id, *fact.evidence)})
    if not ids:
        return []
    found = await caller.memory.passages.select(caller.scope, Selection(passage_ids=ids), limit=len(ids))
    by_id = {each.id: each for each in found}
    return [
        FactLine(fact, by_id[fact.passage_id], tuple(by_id[each] for each in fact.evidence if each in by_id))
        for fact in facts
        if fact.passage_id in by_id
    ]

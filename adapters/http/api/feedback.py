"""POST /api/feedback: what somebody thinks of an answer; and GET /api/statistics."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict

from adapters.http.api.memories import find_all
from adapters.http.api.schemas import PROBLEMS, Id
from adapters.http.security.authentication import CallerOf

router = APIRouter(prefix="/api", tags=["memory"], responses={**PROBLEMS})


class FeedbackRequest(BaseModel):
    """An answer, by its passage, and what the caller thinks of it: 1, -1, or 0 to take that back."""

    model_config = ConfigDict(extra="forbid")

    answer_id: Id
    value: Literal[-1, 0, 1]


class Statistics(BaseModel):
    """What is remembered within the caller's scope, in numbers."""

    conversations: int
    passages: int
    embedded: int
    documents: int
    facts: int


@router.post("/feedback", status_code=204)
async def judge(body: FeedbackRequest, caller: CallerOf) -> None:
    """Keep what the caller thinks of an answer; it takes the place of what they thought before."""
    (answer,) = await find_all(caller, [body.answer_id])
    if answer.kind != "answer":
        raise HTTPException(400, f"Passage {answer.id} is no answer.")
    await caller.judge(answer, body.value)


@router.get("/statistics")
async def count(caller: CallerOf) -> Statistics:
    """Count what is remembered."""
    known = await caller.memory.conversations.summarize(caller.scope)
    return Statistics(
        conversations=len(known),
        passages=sum(each.passages for each in known),
        embedded=sum(each.embedded for each in known),
        documents=len(await caller.memory.documents.summarize(caller.scope)),
        facts=len(await caller.memory.facts.select(caller.scope)),
    )

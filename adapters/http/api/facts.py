"""GET /api/facts."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from adapters.http.api.schemas import (
    PROBLEMS,
    Cursor,
    FactShape,
    Limit,
    page_after,
)
from adapters.http.security.authentication import CallerOf

router = APIRouter(prefix="/api", tags=["memory"], responses={**PROBLEMS})


class FactPage(BaseModel):
    """Facts, the newest first."""

    facts: list[FactShape]
    next_cursor: int | None


@router.get("/facts")
async def list_facts(
    caller: CallerOf, limit: Limit = 50, cursor: Cursor = None, *, include_closed: bool = False
) -> FactPage:
    """List the facts that hold; on request those that no longer do as well."""
    facts = await caller.memory.facts.select(caller.scope, include_closed=include_closed)
    page, after = page_after(facts, [fact.id for fact in facts], cursor, limit)
    return FactPage(facts=[FactShape.of(fact) for fact in page], next_cursor=after)

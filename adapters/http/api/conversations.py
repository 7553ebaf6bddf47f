"""Conversations, and their passages read in order, in both directions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import AwareDatetime, BaseModel

from adapters.http.api.shapes import (
    MOST_PER_PAGE,
    PROBLEMS,
    ConversationShape,
    Cursor,
    Limit,
    PassageShape,
    PathId,
    page_after,
)
from adapters.http.security.callers import CallerOf
from bot.adapter import Caller
from memory import Passage, Selection

router = APIRouter(prefix="/api", tags=["conversations"], responses={**PROBLEMS})

Around = Annotated[int, Query(ge=0, le=MOST_PER_PAGE)]


class ConversationPage(BaseModel):
    """Conversations, the latest first."""

    conversations: list[ConversationShape]
    next_cursor: int | None


class PassagePage(BaseModel):
    """Passages of one conversation, the oldest first.

    `earlier` and `later` are the passages to go on from, with `before` and `after`; None where there is nothing more.
    """

    passages: list[PassageShape]
    earlier: int | None
    later: int | None


@router.get("/conversations")
async def list_conversations(caller: CallerOf, limit: Limit = 50, cursor: Cursor = None) -> ConversationPage:
    """List the conversations within the caller's scope, the latest first."""
    known = await caller.memory.conversations.summarize(caller.scope)
    page, after = page_after(known, [each.conversation.id for each in known], cursor, limit)
    return ConversationPage(conversations=[ConversationShape.of(each) for each in page], next_cursor=after)


@router.get("/conversations/{conversation_id}/passages")
async def read_conversation(
    conversation_id: PathId,
    caller: CallerOf,
    limit: Limit = 50,
    before: Cursor = None,
    after: Cursor = None,
    since: AwareDatetime | None = None,
) -> PassagePage:
    """Read a conversation: its latest passages, those before or after one, or those from a time on."""
    if before is not None or after is not None:
        anchor = before or after or 0
        found = await _around(
            caller, anchor, before=limit + 1 if before else 0, after=limit + 1 if after and not before else 0
        )
        if any(passage.conversation.id != conversation_id for passage in found):
            raise HTTPException(404, f"There is no passage {anchor} in this conversation.")
        others = [passage for passage in found if passage.id != anchor]
        return _cut(others, limit, at_end=before is None, other_side=anchor)
    chosen = Selection(conversation_id=conversation_id, since=since)
    found = await caller.memory.passages.select(caller.scope, chosen, limit=limit + 1, newest_first=since is None)
    if not found and not await _is_there(caller, conversation_id):
        raise HTTPException(404, f"There is no conversation {conversation_id}.")
    ordered = found if since is not None else found[::-1]
    return _cut(ordered, limit, at_end=since is not None, other_side=found[0].id if since and found else None)


@router.get("/passages/{passage_id}/around")
async def read_around(passage_id: PathId, caller: CallerOf, before: Around = 20, after: Around = 20) -> PassagePage:
    """Read a passage where it was said, with what stood around it."""
    found = await _around(caller, passage_id, before=before + 1, after=after + 1)
    place = next(number for number, passage in enumerate(found) if passage.id == passage_id)
    start, end = max(0, place - before), place + after + 1
    shown = found[start:end]
    return PassagePage(
        passages=[PassageShape.of(passage) for passage in shown],
        earlier=shown[0].id if start else None,
        later=shown[-1].id if end < len(found) else None,
    )


async def _around(caller: Caller, passage_id: int, *, before: int, after: int) -> list[Passage]:
    found = await caller.memory.passages.read_around(caller.scope, passage_id, before=before, after=after)
    if not found:
        raise HTTPException(404, f"There is no passage {passage_id}.")
    return found


def _cut(found: list[Passage], limit: int, *, at_end: bool, other_side: int | None) -> PassagePage:
    """Return a page of what was read one passage beyond its limit, at its end or at its beginning."""
    more = len(found) > limit
    shown = (found[:limit] if at_end else found[-limit:]) if more else found
    shapes = [PassageShape.of(passage) for passage in shown]
    if not shown:
        return PassagePage(passages=[], earlier=None, later=None)
    beyond = shown[-1].id if at_end else shown[0].id
    here = None if other_side is None else shown[0].id if at_end else shown[-1].id
    if at_end:
        return PassagePage(passages=shapes, earlier=here, later=beyond if more else None)
    return PassagePage(passages=shapes, earlier=beyond if more else None, later=here)


async def _is_there(caller: Caller, conversation_id: int) -> bool:
    known = await caller.memory.conversations.summarize(caller.scope)
    return any(each.conversation.id == conversation_id for each in known)

"""Conversations, and their passages read in order, in both directions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import AwareDatetime, BaseModel

from adapters.http.api.memories import find_all
from adapters.http.api.schemas import (
    MOST_PER_PAGE,
    PROBLEMS,
    ConversationShape,
    Cursor,
    Limit,
    PassageShape,
    PathId,
    page_after,
)
from adapters.http.security.authentication import CallerOf
from bot.adapter import Caller
from memory import Passage, Position

router = APIRouter(prefix="/api", tags=["conversations"], responses={**PROBLEMS})

PositionText = Annotated[str | None, Query(max_length=60, description="The `earlier` or `later` of another page.")]
Around = Annotated[int, Query(ge=0, le=MOST_PER_PAGE)]


class ConversationPage(BaseModel):
    """Conversations, the latest first."""

    conversations: list[ConversationShape]
    next_cursor: int | None


class PassagePage(BaseModel):
    """Passages of one conversation, the oldest first.

    `earlier` and `later` are the cursors to go on with, as `before` and as `after`; None where nothing more is there.
    """

    passages: list[PassageShape]
    earlier: str | None
    later: str | None


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
    before: PositionText = None,
    after: PositionText = None,
    since: AwareDatetime | None = None,
) -> PassagePage:
    """Read a conversation: its last passages, those before or after a cursor, or those from a time on."""
    if await caller.memory.browsing.find_conversation(caller.scope, conversation_id) is None:
        raise HTTPException(404, f"There is no conversation {conversation_id}.")
    start = _parse(after) if after is not None else None if since is None else Position(since)
    if start is not None:
        return _page([], await _later(caller, conversation_id, start, limit), limit, came_from_earlier=True)
    end = None if before is None else _parse(before)
    return _page(await _earlier(caller, conversation_id, end, limit), [], limit, came_from_later=before is not None)


@router.get("/passages/{passage_id}/around")
async def read_around(passage_id: PathId, caller: CallerOf, before: Around = 20, after: Around = 20) -> PassagePage:
    """Read a passage where it was said, with what stood around it."""
    (passage,) = await find_all(caller, [passage_id])
    place, here = passage.conversation.id, Position.of(passage)
    earlier = await _earlier(caller, place, here, before)
    later = await _later(caller, place, here, after)
    shown = [*earlier[-before:], passage, *later[:after]] if before else [passage, *later[:after]]
    return PassagePage(
        passages=[PassageShape.of(each) for each in shown],
        earlier=str(Position.of(shown[0])) if len(earlier) > before else None,
        later=str(Position.of(shown[-1])) if len(later) > after else None,
    )


async def _earlier(caller: Caller, place: int, end: Position | None, limit: int) -> list[Passage]:
    """Return one more than so many passages, where there are as many, so that it is known whether more come."""
    return await caller.memory.browsing.read_before(caller.scope, place, end, limit=limit + 1)


async def _later(caller: Caller, place: int, start: Position, limit: int) -> list[Passage]:
    return await caller.memory.browsing.read_after(caller.scope, place, start, limit=limit + 1)


def _page(
    earlier: list[Passage],
    later: list[Passage],
    limit: int,
    *,
    came_from_earlier: bool = False,
    came_from_later: bool = False,
) -> PassagePage:
    shown = [*earlier[-limit:], *later[:limit]]
    if not shown:
        return PassagePage(passages=[], earlier=None, later=None)
    return PassagePage(
        passages=[PassageShape.of(passage) for passage in shown],
        earlier=str(Position.of(shown[0])) if came_from_earlier or len(earlier) > limit else None,
        later=str(Position.of(shown[-1])) if came_from_later or len(later) > limit else None,
    )


def _parse(cursor: str) -> Position:
    try:
        return Position.parse(cursor)
    except ValueError as error:
        raise HTTPException(400, str(error)) from error

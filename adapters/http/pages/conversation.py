"""A conversation, read like a chat app: from any message or day on, in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from adapters.http.markdown import render_markdown, render_plain
from adapters.http.pages.formatting import in_zone
from adapters.http.pages.memory import zone_for
from adapters.http.pages.rendering import render
from adapters.http.pages.signed_in import VisitorOf
from adapters.http.services import services_of
from bot.adapter import Caller
from bot.translation import gettext
from memory import ConversationRecord, Passage, Position, Selection

router = APIRouter(include_in_schema=False)

PAGE = 50
"""Messages that are fetched at once."""
_AROUND = 25


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as it stands in a conversation; `new_day` where a day begins, `goes_on` under another of the same."""

    passage: Passage
    html: Markup
    day: date
    position: str
    new_day: bool
    goes_on: bool
    is_bot: bool
    is_mine: bool
    may_change: bool


@router.get("/source/{passage_id}")
async def show_source(passage_id: int, caller: VisitorOf) -> Response:
    """Go to a passage where it was said."""
    passage = await find_passage(caller, passage_id)
    if passage.document_id is not None:
        return RedirectResponse(f"/documents/{passage.document_id}?at={passage_id}#p{passage_id}", 303)
    return RedirectResponse(f"/conversations/{passage.conversation.id}?at={passage_id}#p{passage_id}", 303)


@router.get("/conversations/{conversation_id}")
async def show_conversation(
    request: Request, conversation_id: int, caller: VisitorOf, at: int | None = None, day: str = ""
) -> Response:
    """Show a conversation around a message, from a day on, or at its end."""
    conversation = await find_conversation(caller, conversation_id)
    browsing, scope = caller.memory.browsing, caller.scope
    position = await _position(request, caller, at, day)
    if position is None:
        passages = await browsing.read_before(scope, conversation_id, None, limit=PAGE)
        earlier, later = len(passages) == PAGE, False
    else:
        before = await browsing.read_before(scope, conversation_id, position, limit=_AROUND)
        after = await browsing.read_after(scope, conversation_id, position, limit=_AROUND)
        middle = [await find_passage(caller, at)] if at is not None else []
        passages = [*before, *middle, *after]
        earlier, later = len(before) == _AROUND, len(after) == _AROUND
    return render(
        request,
        "conversation.html",
        place="memory",
        conversation=conversation,
        lines=_lines(request, caller, passages),
        earlier=earlier,
        later=later,
        at=at,
        day=day,
        span=await _span(caller, conversation),
    )


@router.get("/conversations/{conversation_id}/page")
async def show_page(
    request: Request,
    conversation_id: int,
    caller: VisitorOf,
    before: Annotated[str, Query(max_length=60)] = "",
    after: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Show the messages before or after a position: what scrolling asks for."""
    await find_conversation(caller, conversation_id)
    try:
        position = Position.parse(before or after)
    except ValueError as error:
        raise HTTPException(422, str(error)) from None
    read = caller.memory.browsing.read_before if before else caller.memory.browsing.read_after
    passages = await read(caller.scope, conversation_id, position, limit=PAGE)
    more = len(passages) == PAGE
    return render(
        request,
        "conversation_page.html",
        conversation_id=conversation_id,
        lines=_lines(request, caller, passages),
        earlier=bool(before) and more,
        later=bool(after) and more,
        at=None,
    )


async def find_conversation(caller: Caller, conversation_id: int) -> ConversationRecord:
    """Return a conversation that somebody may read. Raises HTTPException where there is none."""
    found = await caller.memory.browsing.find_conversation(caller.scope, conversation_id)
    if found is None:
        raise HTTPException(404, gettext("There is no such conversation, or you may not read it."))
    return found


async def find_passage(caller: Caller, passage_id: int) -> Passage:
    """Return a passage that somebody may read. Raises HTTPException where there is none."""
    found = await caller.memory.passages.select(caller.scope, Selection(passage_ids=(passage_id,)), limit=1)
    if not found:
        raise HTTPException(404, gettext("That memory is not there any more, or you may not read it."))
    return found[0]


async def _span(caller: Caller, conversation: ConversationRecord) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last message of a conversation were said."""
    browsing = caller.memory.browsing
    first = await browsing.read_after(caller.scope, conversation.id, None, limit=1)
    last = await browsing.read_before(caller.scope, conversation.id, None, limit=1)
    return (first[0].said_at if first else None, last[0].said_at if last else None)


async def _position(request: Request, caller: Caller, at: int | None, day: str) -> Position | None:
    if at is not None:
        return Position.of(await find_passage(caller, at))
    if not day:
        return None
    try:
        return Position(datetime.combine(date.fromisoformat(day), time(), zone_for(request)))
    except (ValueError, OverflowError):
        raise HTTPException(422, gettext("{day} is not a date; write it as 2024-05-31.", day=day)) from None


def _lines(request: Request, caller: Caller, passages: list[Passage]) -> list[ShownMessage]:
    zone = services_of(request).requests.zone
    memory = caller.handler_memory()
    lines: list[ShownMessage] = []
    before: Passage | None = None
    for passage in passages:
        day = in_zone(passage.said_at, zone).date()
        new_day = not lines or lines[-1].day != day
        is_bot = passage.kind in ("answer", "command") and passage.author_id is None
        goes_on = before is not None and not new_day and _same_voice(before, passage)
        html = render_markdown(passage.text) if is_bot else render_plain(passage.keyed_text)
        position = str(Position.of(passage))
        is_mine = passage.kind != "system" and passage.author_id in caller.accounts
        may_change = memory.may_forget(passage)
        lines.append(ShownMessage(passage, html, day, position, new_day, goes_on, is_bot, is_mine, may_change))
        before = passage
    return lines


def _same_voice(one: Passage, other: Passage) -> bool:
    return (one.author, one.author_id, one.kind) == (other.author, other.author_id, other.kind)

"""A conversation in numbers."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from adapters.http.pages.rendering import render
from adapters.http.pages.signed_in import VisitorOf
from bot.translation import gettext, weekday_names

router = APIRouter(include_in_schema=False)

_PEOPLE, _WORDS, _EMOJI = 12, 15, 10


@router.get("/conversations/{conversation_id}/statistics")
async def show_statistics(request: Request, conversation_id: int, caller: VisitorOf) -> Response:
    """Show who said how much, when, and in which words."""
    counts = await caller.count(conversation_id)
    if counts is None:
        raise HTTPException(404, gettext("There is no such conversation, or you may not read it."))
    charts = [
        (gettext("Over time"), counts.over_time(), True),
        (gettext("By person"), [(name, each.messages) for name, each in counts.rank()[:_PEOPLE]], False),
        (gettext("By hour"), [(f"{hour:02d}:00", count) for hour, count in enumerate(counts.hours)], True),
        (gettext("By weekday"), list(zip(weekday_names(), counts.weekdays, strict=True)), False),
        (gettext("Most used words"), counts.words.most_common(_WORDS), False),
        (gettext("Most used emoji"), counts.emoji.most_common(_EMOJI), False),
    ]
    return render(
        request, "statistics.html", place="memory", conversation_id=conversation_id, counts=counts, charts=charts
    )

"""A conversation in numbers."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from adapters.http.pages.rendering import render
from adapters.http.pages.signed_in import VisitorOf
from bot.translation import format_weekday, gettext

router = APIRouter(include_in_schema=False)

_PEOPLE, _WORDS, _EMOJI = 12, 15, 10
_A_MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 (only the names of days are taken from it)


@router.get("/conversations/{conversation_id}/statistics")
async def show_statistics(request: Request, conversation_id: int, caller: VisitorOf) -> Response:
    """Show who said how much, when, and in which words."""
    counts = await caller.count(conversation_id)
    if counts is None:
        raise HTTPException(404, gettext("There is no such conversation, or you may not read it."))
    weekdays = [format_weekday(_A_MONDAY.replace(day=day)) for day in range(1, 8)]
    charts = [
        (gettext("Over time"), counts.over_time(), True),
        (gettext("By person"), [(name, each.messages) for name, each in counts.rank()[:_PEOPLE]], False),
        (gettext("By hour"), [(f"{hour:02d}:00", count) for hour, count in enumerate(counts.hours)], True),
        (gettext("By weekday"), list(zip(weekdays, counts.weekdays, strict=True)), False),
        (gettext("Most used words"), counts.words.most_common(_WORDS), False),
        (gettext("Most used emoji"), counts.emoji.most_common(_EMOJI), False),
    ]
    return render(
        request, "statistics.html", place="memory", conversation_id=conversation_id, counts=counts, charts=charts
    )

"""The memory: searched as one types, and looked through day by day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from markupsafe import Markup, escape
from starlette.responses import Response

from adapters.http.pages.rendering import render
from adapters.http.pages.signed_in import VisitorOf
from adapters.http.services import services_of
from bot import LOCAL, zone_of
from bot.adapter import Caller
from bot.translation import gettext, gettext_noop
from memory import RECALLABLE, Passage, PassageKind, Recollection, Selection, TimeWindow, keep_finds

router = APIRouter(include_in_schema=False)

_FOUND = 30
_SHOWN_A_DAY = 500
_MOST_AUTHORS = 500
_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
_WORD = re.compile(r"\w+")
_REASONS = {
    "words": gettext_noop("has your words"),
    "window words": gettext_noop("your words stand just before it"),
    "meaning": gettext_noop("close in meaning"),
    "session": gettext_noop("from a talk about it"),
    "next message": gettext_noop("what came next fits"),
    "is a reply": gettext_noop("answers what fits"),
    "speaker": gettext_noop("said by whom you name"),
    "time": gettext_noop("from the time you name"),
    "time_in_text": gettext_noop("tells when"),
    "mention": gettext_noop("mentions whom you name"),
}
"""What each part of the ranking means to somebody who searches; parts that only order are left out."""
_BEGUN = gettext_noop("has a word that begins so")
_REASONS_SHOWN = 3
KINDS: dict[PassageKind, str] = {
    "message": gettext_noop("Messages"),
    "document": gettext_noop("Documents"),
    "fact": gettext_noop("Facts"),
    "system": gettext_noop("Notices"),
}


@dataclass(frozen=True, slots=True)
class MemorySearch:
    """What is searched for, as it stands in the address of the page."""

    q: str = ""
    conversation: int | None = None
    person: str = ""
    since: date | None = None
    until: date | None = None
    kind: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.q.strip() or self.conversation or self.person or self.since or self.until or self.kind)

    @property
    def kinds(self) -> tuple[PassageKind, ...]:
        """The kinds of passages that are wanted."""
        return tuple(kind for kind in RECALLABLE if self.kind in ("", kind))


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, its text with the words marked, and why it fits."""

    passage: Passage
    html: Markup
    reasons: tuple[str, ...] = ()
    percent: int | None = None


def _read_search(
    q: Annotated[str, Query(max_length=1000)] = "",
    conversation: str = "",
    person: Annotated[str, Query(max_length=200)] = "",
    since: str = "",
    until: str = "",
    kind: str = "",
) -> MemorySearch:
    """Read the form's fields; the empty ones of a form come as empty texts."""
    if kind and kind not in get_args(PassageKind):
        raise HTTPException(422, gettext("There are no memories of the kind {kind}.", kind=kind))
    if conversation and not conversation.isdecimal():
        raise HTTPException(422, gettext("A conversation is named by its number."))
    return MemorySearch(
        q, int(conversation) if conversation else None, person.strip(), _read_day(since), _read_day(until), kind
    )


SearchOf = Annotated[MemorySearch, Depends(_read_search)]


@router.get("/memory")
async def show_memory(request: Request, caller: VisitorOf, search: SearchOf) -> Response:
    """Show the search with what it finds; where nothing is searched for, the conversations."""
    browsing = caller.memory.browsing
    spans = [each for each in await browsing.list_conversations(caller.scope) if each.passages]
    hits = await _find(request, caller, search)
    if request.headers.get("HX-Target") == "results":
        return render(request, "memory_results.html", search=search, hits=hits, spans=spans)
    authors = await browsing.list_authors(caller.scope, limit=_MOST_AUTHORS)
    return render(
        request, "memory.html", place="memory", search=search, hits=hits, kinds=KINDS, authors=authors, spans=spans
    )


@router.get("/memory/timeline")
async def show_timeline(request: Request, caller: VisitorOf, year: int | None = None) -> Response:
    """Show how much was said on each day of a year."""
    zone = zone_for(request)
    spans = await caller.memory.browsing.list_conversations(caller.scope)
    years = _years([each.last for each in spans if each.last], [each.first for each in spans if each.first], zone)
    chosen = year if year in years else (years[-1] if years else None)
    months: list[list[tuple[date, int]]] = []
    if chosen is not None:
        since, until = _start(date(chosen, 1, 1), zone), _start(date(chosen + 1, 1, 1), zone)
        days = await caller.memory.browsing.count_days(caller.scope, zone, since=since, until=until)
        months = [[(each.day, each.passages) for each in days if each.day.month == month] for month in range(1, 13)]
    most = max((count for month in months for _, count in month), default=1)
    return render(
        request, "timeline.html", place="memory", years=years, chosen=chosen, months=[m for m in months if m], most=most
    )


@router.get("/memory/day/{day}")
async def show_day(request: Request, day: str, caller: VisitorOf) -> Response:
    """Show all that was said on a day."""
    wanted = _read_day(day)
    if wanted is None:
        raise HTTPException(404, gettext("There is no such day."))
    zone = zone_for(request)
    chosen = Selection(since=_start(wanted, zone), until=_start(wanted + timedelta(days=1), zone))
    passages = await caller.memory.passages.select(caller.scope, chosen, limit=_SHOWN_A_DAY, newest_first=False)
    return render(
        request,
        "day.html",
        place="memory",
        day=wanted,
        before=wanted - timedelta(days=1),
        after=wanted + timedelta(days=1),
        passages=passages,
        is_cut=len(passages) == _SHOWN_A_DAY,
    )


def zone_for(request: Request) -> tzinfo:
    """Return the zone that days are counted in: the one of the settings, else that of this machine."""
    return services_of(request).requests.zone or zone_of(LOCAL)


async def _find(request: Request, caller: Caller, search: MemorySearch) -> list[Hit]:
    if search.is_empty:
        return []
    zone = zone_for(request)
    selection = Selection(
        conversation_id=search.conversation,
        person=search.person or None,
        since=_start(search.since, zone) if search.since else None,
        until=_start(search.until + timedelta(days=1), zone) if search.until else None,
        kinds=search.kinds,
    )
    if search.q.strip():
        return await _find_words(caller, search, selection, datetime.now(zone))
    passages = await caller.memory.passages.select(caller.scope, selection, limit=_FOUND)
    return [Hit(each, escape(each.keyed_text)) for each in passages]


async def _find_words(caller: Caller, search: MemorySearch, selection: Selection, now: datetime) -> list[Hit]:
    """Return what fits by words and meaning; what has the beginning of the last word goes before mere meaning."""
    since, until = selection.since, selection.until
    found = await caller.memory.recall(
        search.q,
        caller.scope,
        now=now,
        limit=_FOUND,
        window=TimeWindow(since or _FIRST, until or _LAST) if since or until else None,
        conversation_id=search.conversation,
        person=search.person or None,
        kinds=(search.kinds if search.kind else ()),
    )
    finds = keep_finds(found)
    by_words = [each for each in finds if "words" in each.parts]
    by_meaning = [each for each in finds if "words" not in each.parts]
    there = {each.passage.id for each in by_words}
    begun = await caller.memory.browsing.find_beginning(caller.scope, search.q, selection, limit=_FOUND)
    typed = [
        Hit(each, mark_words(each.keyed_text, search.q), (gettext(_BEGUN),)) for each in begun if each.id not in there
    ]
    there.update(hit.passage.id for hit in typed)
    hits = [_hit_of(each, search.q) for each in by_words]
    near = [_hit_of(each, search.q) for each in by_meaning if each.passage.id not in there]
    return [*hits, *typed, *near][:_FOUND]


def _hit_of(recollection: Recollection, question: str) -> Hit:
    """Return a find with why it fits: what somebody sees in it first, its words, before what gave more to its score."""
    best = sorted(recollection.parts.items(), key=lambda part: (part[0] != "words", -part[1]))
    reasons = [gettext(_REASONS[name]) for name, share in best if share > 0 and name in _REASONS]
    return Hit(
        recollection.passage,
        mark_words(recollection.passage.keyed_text, question),
        tuple(reasons[:_REASONS_SHOWN]),
        round(100 * recollection.relevance),
    )


def mark_words(text: str, question: str) -> Markup:
    """Return a text, escaped, with those words marked that begin like a word of the question."""
    asked = {word.casefold() for word in _WORD.findall(question) if len(word) > 1 or not word.isascii()}
    parts: list[Markup | str] = []
    end = 0
    for found in _WORD.finditer(text):
        word = found[0].casefold()
        if any(word.startswith(each) for each in asked):
            parts += [escape(text[end : found.start()]), Markup("<mark>{}</mark>").format(found[0])]
            end = found.end()
    return Markup().join([*parts, escape(text[end:])])


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise HTTPException(422, gettext("{day} is not a date; write it as 2024-05-31.", day=text)) from None


def _start(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _years(last: list[datetime], first: list[datetime], zone: tzinfo) -> list[int]:
    if not last or not first:
        return []
    return list(range(min(first).astimezone(zone).year, max(last).astimezone(zone).year + 1))

"""The chat: what was said, what is said now, and the replies while they are written."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Form, HTTPException, Request, UploadFile
from starlette.responses import RedirectResponse, Response, StreamingResponse

from adapters.http.live_replies import LiveReplies, Subscriber
from adapters.http.pages.chat_view import SHOWN, item_of_text, item_of_update, read_items
from adapters.http.pages.rendering import render, render_part
from adapters.http.pages.signed_in import VisitorOf
from adapters.http.security.authentication import CallerOf, chat_of
from adapters.http.services import services_of
from adapters.http.uploads import keep_upload
from bot import Conversation, Message
from bot.adapter import Caller, Delivery
from bot.events import Choice, Feedback
from bot.translation import current_language, gettext
from memory import ConversationRecord, ConversationSpan

router = APIRouter(include_in_schema=False)

_CHAT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MOST_CHARS = 20_000
_HEARTBEAT_SECONDS = 15.0
_LISTED = 30
_TITLE_CHARS = 60


@router.get("/chat")
async def show_latest(caller: VisitorOf) -> Response:
    """Go to the chat that was used last, or to a new one."""
    chats = await _list_chats(caller)
    return RedirectResponse(f"/chat/{chats[0][0] if chats else _new_id()}", 303)


@router.get("/chat/new")
async def show_new(caller: VisitorOf) -> Response:  # noqa: ARG001 (only who is signed in)
    """Begin another chat; it is kept with the first message."""
    return RedirectResponse(f"/chat/{_new_id()}", 303)


@router.get("/chat/{chat}")
async def show_chat(request: Request, chat: str, caller: VisitorOf) -> Response:
    """Show a chat."""
    kept = await _find(caller, chat)
    items = await read_items(caller, kept) if kept is not None else []
    spans = await caller.memory.browsing.list_conversations(caller.scope, limit=_LISTED)
    return render(
        request,
        "chat.html",
        place="chat",
        chat=chat,
        chats=await _list_chats(caller),
        items=items,
        conversation=kept,
        is_cut=len(items) >= SHOWN,
        remembers=any(each.conversation.platform != caller.person.platform for each in spans),
        commands=services_of(request).commands,
    )


@router.get("/chat/{chat}/messages")
async def show_messages(request: Request, chat: str, caller: VisitorOf) -> Response:
    """Show the messages alone: for a page that was cut off for a while."""
    kept = await _find(caller, chat)
    items = await read_items(caller, kept) if kept is not None else []
    return render(request, "chat_items.html", items=items)


@router.post("/chat/{chat}/messages")
async def say(
    request: Request,
    chat: str,
    caller: CallerOf,
    text: Annotated[str, Form(max_length=_MOST_CHARS)] = "",
    files: Annotated[Sequence[UploadFile], Form()] = (),
) -> Response:
    """Take a message with its files, and show it as it stands in the chat."""
    services = services_of(request)
    attachments = [await keep_upload(services.requests.folder, file) for file in files if file.filename]
    if not text.strip() and not attachments:
        raise HTTPException(422, gettext("Write something first."))
    message = Message(
        event_id=uuid4().hex,
        conversation=await _place(caller, chat),
        sender=caller.person,
        text=text.strip(),
        sent_at=datetime.now(UTC),
        attachments=tuple(attachments),
        language=current_language(),
    )
    if await services.deliver(message) is not Delivery.ACCEPTED:
        raise HTTPException(503, gettext("That did not work; try again."))
    item = item_of_text(message.event_id, message.text_with_file_names, message.sent_at)
    return render(request, "chat_items.html", items=[item])


@router.post("/chat/{chat}/stop")
async def stop(request: Request, chat: str, caller: CallerOf) -> Response:
    """Stop what is being answered, as /stop does."""
    message = Message(uuid4().hex, await _place(caller, chat), caller.person, "/stop", datetime.now(UTC))
    await services_of(request).deliver(message)
    return Response(status_code=204)


@router.post("/chat/{chat}/feedback")
async def judge(
    request: Request,
    chat: str,
    caller: CallerOf,
    reply: Annotated[str, Form(max_length=200)],
    value: Annotated[Literal["-1", "0", "1"], Form()],
) -> Response:
    """Keep what somebody thinks of a reply."""
    judged: Literal[-1, 0, 1] = {"-1": -1, "0": 0, "1": 1}[value]  # type: ignore[assignment]  # of these three
    event = Feedback(await _place(caller, chat), caller.person, reply, judged, datetime.now(UTC))
    if await services_of(request).deliver(event) is not Delivery.ACCEPTED:
        raise HTTPException(404, gettext("That reply is not there any more."))
    return Response(status_code=204)


@router.post("/chat/{chat}/choose")
async def choose(
    request: Request,
    chat: str,
    caller: CallerOf,
    question: Annotated[str, Form(max_length=100)],
    number: Annotated[int, Form(ge=0, le=100)],
) -> Response:
    """Take the press of a button."""
    event = Choice(await _place(caller, chat), caller.person, question, number)
    if await services_of(request).deliver(event) is not Delivery.ACCEPTED:
        raise HTTPException(410, gettext("That question is over."))
    return Response(status_code=204)


@router.get("/chat/{chat}/events")
async def follow(request: Request, chat: str, caller: VisitorOf) -> Response:
    """Send the replies as they are written, as server-sent events."""
    _check(chat)
    live = services_of(request).live
    events = _events(live, chat_of(caller.person, chat).key, services_of(request).requests.zone)
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(live: LiveReplies, key: str, zone: tzinfo | None) -> AsyncIterator[str]:
    """Yield each state of a reply; a comment now and then shows who is gone."""
    with live.listening(key) as listener:
        yield ": here\n\n"
        queue = _updates(listener, zone)
        waiting = asyncio.ensure_future(anext(queue))
        try:
            while True:
                done, _ = await asyncio.wait([waiting], timeout=_HEARTBEAT_SECONDS)
                if not done:
                    yield ": still here\n\n"
                    continue
                yield waiting.result()
                waiting = asyncio.ensure_future(anext(queue))
        finally:
            waiting.cancel()


async def _updates(listener: Subscriber, zone: tzinfo | None) -> AsyncIterator[str]:
    async for update in listener.updates():
        item = item_of_update(update)
        html = render_part("chat_items.html", items=[item], zone=zone)
        told = {"kind": update.kind, "reply": update.reply_id, "answers": update.answers, "html": html}
        yield f"data: {json.dumps(told)}\n\n"


async def _list_chats(caller: Caller) -> list[tuple[str, str]]:
    """Return the ids and names of somebody's chats here, the latest first."""
    spans = await caller.memory.browsing.list_conversations(caller.scope, platform=caller.person.platform)
    prefix = chat_of(caller.person, "").key
    own = [each for each in spans if each.opening and each.conversation.external_id.startswith(prefix)]
    return [(each.conversation.external_id.removeprefix(prefix), _title(each)) for each in own[:_LISTED]]


def _title(span: ConversationSpan) -> str:
    """Return a chat's first words: they go with the message when it is forgotten, as a kept title would not."""
    words = " ".join(span.opening.split())
    return words if len(words) <= _TITLE_CHARS else f"{words[:_TITLE_CHARS]}…"


async def _find(caller: Caller, chat: str) -> ConversationRecord | None:
    _check(chat)
    place = chat_of(caller.person, chat)
    return await caller.memory.conversations.find(place.platform, place.key, owner_id=caller.known.id)


async def _place(caller: Caller, chat: str) -> Conversation:
    _check(chat)
    return replace(chat_of(caller.person, chat), title="Chat")


def _check(chat: str) -> None:
    if not _CHAT_ID.fullmatch(chat):
        raise HTTPException(404, gettext("There is no such chat."))


def _new_id() -> str:
    return uuid4().hex[:12]

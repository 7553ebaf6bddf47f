"""Correcting and forgetting, each shown before it is done, and told after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from adapters.http.pages.conversation import find_conversation, find_passage
from adapters.http.pages.rendering import render
from adapters.http.pages.signed_in import VisitorOf
from adapters.http.security.authentication import CallerOf
from bot.adapter import Caller
from bot.translation import gettext, gettext_noop, ngettext, ngettext_noop
from memory import RECALLABLE, Passage, Receipt, Selection

router = APIRouter(include_in_schema=False)

_MOST_CHARS = 20_000
_NOT_YOURS = gettext_noop("In a group you can change and forget only what you said yourself.")


@dataclass(frozen=True, slots=True)
class Count:
    """So many of something, as a receipt counts them."""

    number: int
    name: str


@router.get("/passages/{passage_id}/edit")
async def show_edit(request: Request, passage_id: int, caller: VisitorOf) -> Response:
    """Show a message's text to be changed."""
    return render(request, "edit.html", passage=await _find_mine(caller, passage_id), changed=False, before="")


@router.post("/passages/{passage_id}/edit")
async def edit(
    request: Request, passage_id: int, caller: CallerOf, text: Annotated[str, Form(max_length=_MOST_CHARS)]
) -> Response:
    """Change a message, and offer to change it back."""
    passage = await _find_mine(caller, passage_id)
    if passage.event_id is None or passage.kind != "message":
        advice = gettext("Only messages can be edited. Forget this one, and remember it as it should be.")
        raise HTTPException(409, advice)
    if not text.strip():
        raise HTTPException(422, gettext("A message can't be empty; forget it instead."))
    await caller.edit(passage, text.strip())
    changed = await find_passage(caller, passage_id)
    response = render(request, "edit.html", passage=changed, changed=True, before=passage.text)
    response.headers["HX-Trigger"] = json.dumps({"edited": {"id": passage_id, "text": changed.text}}, ensure_ascii=True)
    return response


@router.get("/passages/{passage_id}/forget")
async def preview_forgetting(request: Request, passage_id: int, caller: VisitorOf) -> Response:
    """Show what would go with a memory."""
    passage = await _find_mine(caller, passage_id)
    preview = await caller.memory.browsing.preview_forgetting(caller.scope, Selection(passage_ids=(passage_id,)))
    return render(request, "forget.html", passage=passage, conversation=None, counts=counts_of(preview), receipt=None)


@router.post("/passages/{passage_id}/forget")
async def forget(request: Request, passage_id: int, caller: CallerOf) -> Response:
    """Forget a memory with what was drawn from it, and give the receipt."""
    passage = await _find_mine(caller, passage_id)
    if passage.kind in RECALLABLE:
        receipt = await caller.handler_memory().forget([passage_id])
    else:
        receipt = await caller.forget(Selection(passage_ids=(passage_id,)))
    response = render(
        request, "forget.html", passage=passage, conversation=None, counts=counts_of(receipt), receipt=receipt
    )
    response.headers["HX-Trigger"] = json.dumps({"forgotten": {"id": passage_id}})
    return response


@router.get("/conversations/{conversation_id}/forget")
async def preview_forgetting_all(request: Request, conversation_id: int, caller: VisitorOf) -> Response:
    """Show what would go with a whole conversation."""
    conversation = await find_conversation(caller, conversation_id)
    preview = await caller.memory.browsing.preview_forgetting(caller.scope, Selection(conversation_id=conversation_id))
    return render(
        request, "forget.html", passage=None, conversation=conversation, counts=counts_of(preview), receipt=None
    )


@router.post("/conversations/{conversation_id}/forget")
async def forget_all(request: Request, conversation_id: int, caller: CallerOf) -> Response:
    """Forget a whole conversation."""
    conversation = await find_conversation(caller, conversation_id)
    if conversation.owner_id is None and not caller.is_owner:
        raise HTTPException(403, gettext(_NOT_YOURS))
    receipt = await caller.forget(Selection(conversation_id=conversation_id))
    return render(
        request, "forget.html", passage=None, conversation=conversation, counts=counts_of(receipt), receipt=receipt
    )


def counts_of(receipt: Receipt) -> list[Count]:
    """Return what a receipt counts, as people read it; what there is none of is left out."""
    named = (
        (receipt.passages, *ngettext_noop("memory", "memories")),
        (receipt.facts, *ngettext_noop("fact drawn from it", "facts drawn from it")),
        (receipt.answers, *ngettext_noop("answer that rested on it", "answers that rested on it")),
        (receipt.vectors, *ngettext_noop("vector", "vectors")),
        (receipt.full_text, *ngettext_noop("entry of the word index", "entries of the word index")),
        (receipt.documents, *ngettext_noop("document", "documents")),
        (receipt.conversations, *ngettext_noop("conversation", "conversations")),
        (receipt.judgements, *ngettext_noop("judgement", "judgements")),
        (receipt.replies, *ngettext_noop("reply that waited", "replies that waited")),
        (receipt.jobs, *ngettext_noop("reminder or other plan", "reminders and other plans")),
        (receipt.values, *ngettext_noop("value of a plugin", "values of plugins")),
        (receipt.files, *ngettext_noop("file that waited", "files that waited")),
    )
    return [Count(number, ngettext(one, many, number)) for number, one, many in named if number]


async def _find_mine(caller: Caller, passage_id: int) -> Passage:
    """Return a passage that somebody may change. Raises HTTPException."""
    passage = await find_passage(caller, passage_id)
    if not caller.handler_memory().may_forget(passage):
        raise HTTPException(403, gettext(_NOT_YOURS))
    return passage

"""Remembering, correcting and forgetting."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from adapters.http.api.schemas import PROBLEMS, FactShape, Id, PassageShape, PathId, ReceiptShape, Text
from adapters.http.security.authentication import CallerOf
from bot.adapter import Caller
from memory import Passage, Selection

router = APIRouter(prefix="/api", tags=["memory"], responses={**PROBLEMS})

_MOST_AT_ONCE = 1000


class RememberRequest(BaseModel):
    """A statement to keep; one with the same `key` takes the place of the older one."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    key: Annotated[str | None, Field(min_length=1, max_length=200)] = None


class Remembered(FactShape):
    """The fact that was kept; `id` is its passage's, by which it is found and forgotten."""

    text: str


class ForgetRequest(BaseModel):
    """The passages to forget."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[Id], Field(min_length=1, max_length=_MOST_AT_ONCE)]


class ForgetPreview(BaseModel):
    """The passages that would be forgotten, and with them all that was drawn from them."""

    passages: list[PassageShape]


class EditRequest(BaseModel):
    """The text as it should read."""

    model_config = ConfigDict(extra="forbid")

    text: Text


@router.post("/remember", status_code=201)
async def remember(body: RememberRequest, caller: CallerOf) -> Remembered:
    """Keep a statement as a fact, in the caller's own memory."""
    await caller.spend("messages")
    fact = await (await caller.at_home()).handler_memory(body.text).remember(body.text, key=body.key)
    shape = FactShape.of(fact).model_dump()
    return Remembered(**{**shape, "id": fact.passage_id}, text=fact.statement)


@router.post("/forget")
async def forget(body: ForgetRequest, caller: CallerOf) -> ReceiptShape:
    """Forget for good: the texts, their vectors, what was drawn from them, and the replies that repeat them."""
    found = await find_all(caller, body.ids)
    return ReceiptShape.of(await caller.handler_memory().forget([passage.id for passage in found]))


@router.post("/forget/preview")
async def preview(body: ForgetRequest, caller: CallerOf) -> ForgetPreview:
    """Return what would be forgotten, and forget nothing."""
    return ForgetPreview(passages=[PassageShape.of(passage) for passage in await find_all(caller, body.ids)])


@router.get("/passages/{passage_id}")
async def read_passage(passage_id: PathId, caller: CallerOf) -> PassageShape:
    """Return one passage."""
    return PassageShape.of((await find_all(caller, [passage_id]))[0])


@router.patch("/passages/{passage_id}")
async def edit(passage_id: PathId, body: EditRequest, caller: CallerOf) -> PassageShape:
    """Correct a text, and with it all that was derived from it."""
    (passage,) = await find_all(caller, [passage_id])
    if not caller.handler_memory().may_forget(passage):
        raise HTTPException(403, "In a group you can correct only what you said yourself.")
    if passage.event_id is None:
        raise HTTPException(400, "A piece of a document can't be corrected; read the corrected file instead.")
    await caller.edit(passage, body.text)
    return PassageShape.of((await find_all(caller, [passage_id]))[0])


@router.delete("/passages/{passage_id}")
async def forget_passage(passage_id: PathId, caller: CallerOf) -> ReceiptShape:
    """Forget one passage for good."""
    await find_all(caller, [passage_id])
    return ReceiptShape.of(await caller.handler_memory().forget([passage_id]))


async def find_all(caller: Caller, ids: list[int]) -> list[Passage]:
    """Return passages within the caller's scope. Raises HTTPException when one isn't there."""
    found = await caller.memory.passages.select(caller.scope, Selection(passage_ids=tuple(ids)), limit=len(ids))
    if missing := set(ids) - {passage.id for passage in found}:
        raise HTTPException(404, f"There is no passage {', '.join(map(str, sorted(missing)[:10]))}.")
    return found

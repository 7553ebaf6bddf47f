"""The documents: what was read, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from adapters.http.pages.editing import counts_of
from adapters.http.pages.rendering import render
from adapters.http.pages.signed_in import VisitorOf
from adapters.http.security.authentication import CallerOf
from bot.adapter import Caller
from bot.translation import gettext
from memory import DocumentSummary, Passage, Selection

router = APIRouter(include_in_schema=False)

_SHOWN = 2000


@router.get("/documents")
async def show_documents(request: Request, caller: VisitorOf) -> Response:
    """List what was read, the latest first."""
    documents = await caller.memory.documents.summarize(caller.scope)
    return render(request, "documents.html", place="memory", documents=documents)


@router.get("/documents/{document_id}")
async def show_document(request: Request, document_id: int, caller: VisitorOf, at: int | None = None) -> Response:
    """Show what was read of a document, in its order."""
    document = await _find(caller, document_id)
    chosen = Selection(document_ids=(document_id,), kinds=("document",))
    passages = await caller.memory.passages.select(caller.scope, chosen, limit=_SHOWN, newest_first=False)
    return render(
        request,
        "document.html",
        place="memory",
        document=document,
        pages=_pages(passages),
        at=at,
        is_cut=len(passages) == _SHOWN,
    )


@router.get("/documents/{document_id}/forget")
async def preview_forgetting(request: Request, document_id: int, caller: VisitorOf) -> Response:
    """Show what would go with a document."""
    document = await _find(caller, document_id)
    preview = await caller.memory.browsing.preview_forgetting(caller.scope, Selection(document_ids=(document_id,)))
    return render(request, "forget_document.html", document=document, counts=counts_of(preview))


@router.post("/documents/{document_id}/forget")
async def forget(document_id: int, caller: CallerOf) -> Response:
    """Forget a document with all its passages."""
    await caller.handler_memory().forget_document(document_id)
    return RedirectResponse("/documents", 303)


async def _find(caller: Caller, document_id: int) -> DocumentSummary:
    documents = await caller.memory.documents.summarize(caller.scope)
    found = next((each for each in documents if each.document.id == document_id), None)
    if found is None:
        raise HTTPException(404, gettext("There is no such document, or you may not read it."))
    return found


def _pages(passages: Iterable[Passage]) -> list[tuple[str, list[Passage]]]:
    """Return passages by where in the document they stand."""
    return [(where, list(found)) for where, found in groupby(passages, key=lambda each: each.locator or "")]

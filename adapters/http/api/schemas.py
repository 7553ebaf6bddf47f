"""What the routes below /api take and return; OpenAPI documents it from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from memory import ConversationSummary, DocumentSummary, Fact, Passage, Receipt, Recollection

MOST_PER_PAGE = 200
_HIGHEST_ID = 2**53 - 1
"""The highest whole number that every reader of JSON has."""
_MOST_CHARS = 100_000
_Listed = TypeVar("_Listed")

Id = Annotated[int, Field(ge=1, le=_HIGHEST_ID)]
PathId = Annotated[int, Path(ge=1, le=_HIGHEST_ID)]
Limit = Annotated[int, Query(ge=1, le=MOST_PER_PAGE)]
Cursor = Annotated[int | None, Query(ge=1, le=_HIGHEST_ID, description="The `next_cursor` of the page before.")]
Text = Annotated[str, Field(min_length=1, max_length=_MOST_CHARS, pattern=r"\S")]


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


PROBLEMS: Mapping[int | str, dict[str, Any]] = {
    status: {"content": {"application/problem+json": {"schema": Problem.model_json_schema()}}, "description": said}
    for status, said in {
        400: "The request can't be done as it is.",
        401: "There is no key, or a wrong one.",
        403: "This caller may not do this.",
        404: "There is no such thing within the caller's scope.",
        413: "The request is too large.",
        422: "The request is not of the documented form.",
        429: "Today's quota is used up, or too many keys were wrong.",
    }.items()
}
"""The refusals that every route may come to."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _RecordShape(_Shape):
    """The shape of a record of the memory, whose fields have the same names."""

    model_config = ConfigDict(from_attributes=True)


class PassageShape(_Shape):
    """A message, a piece of a document, a fact, or what the bot was asked and said."""

    id: int
    text: str
    author: str
    said_at: datetime
    kind: str
    conversation: str
    conversation_id: int
    platform: str
    link: str | None
    document_id: int | None
    locator: str | None
    key: str | None
    valid_to: datetime | None

    @classmethod
    def fields_of(cls, passage: Passage) -> dict[str, Any]:
        """Return the fields of a passage."""
        return {
            "id": passage.id,
            "text": passage.text,
            "author": passage.author,
            "said_at": passage.said_at,
            "kind": passage.kind,
            "conversation": passage.conversation.title,
            "conversation_id": passage.conversation.id,
            "platform": passage.conversation.platform,
            "link": passage.link,
            "document_id": passage.document_id,
            "locator": passage.locator,
            "key": passage.key,
            "valid_to": passage.valid_to,
        }

    @classmethod
    def of(cls, passage: Passage) -> PassageShape:
        """Return a passage in this shape."""
        return cls(**cls.fields_of(passage))


class RecollectionShape(PassageShape):
    """A passage that recall brought back.

    `score` compares within one recall, `relevance` (0 to 1) across recalls; `parts` says what gave the score.
    """

    score: float
    relevance: float
    parts: dict[str, float]

    @classmethod
    def of_recollection(cls, found: Recollection) -> RecollectionShape:
        """Return a recollection in this shape."""
        return cls(
            **cls.fields_of(found.passage), score=found.score, relevance=found.relevance, parts=dict(found.parts)
        )


class CheckShape(_RecordShape):
    """Where forgotten words were looked for, and what still holds any of them."""

    words: int
    elsewhere: int
    tables: int
    files: int
    bytes: int
    left: tuple[str, ...]


class ReceiptShape(_RecordShape):
    """What a forgetting removed, as counts, and whether anything was found when its words were looked for."""

    passages: int
    vectors: int
    full_text: int
    facts: int
    answers: int
    documents: int
    conversations: int
    judgements: int
    replies: int
    jobs: int
    values: int
    files: int
    by_text: int
    verified: bool | None
    checked: CheckShape | None

    @classmethod
    def of(cls, receipt: Receipt) -> ReceiptShape:
        """Return a receipt in this shape."""
        return cls.model_validate(receipt)


class FactShape(_RecordShape):
    """A lasting statement; `evidence` holds the ids of the passages that it rests on."""

    id: int
    passage_id: int
    conversation_id: int
    key: str | None
    statement: str
    valid_from: datetime
    valid_to: datetime | None
    evidence: list[int]
    learnt: bool

    @classmethod
    def of(cls, fact: Fact) -> FactShape:
        """Return a fact in this shape."""
        return cls.model_validate(fact)


class ConversationShape(_Shape):
    """A conversation, and what is remembered of it."""

    id: int
    title: str
    platform: str
    kind: str
    people: int
    passages: int
    embedded: int
    first: datetime | None
    last: datetime | None

    @classmethod
    def of(cls, summary: ConversationSummary) -> ConversationShape:
        """Return a conversation in this shape."""
        place = summary.conversation
        return cls(
            id=place.id,
            title=place.title,
            platform=place.platform,
            kind=place.kind,
            people=summary.people,
            passages=summary.passages,
            embedded=summary.embedded,
            first=summary.first,
            last=summary.last,
        )


class DocumentShape(_Shape):
    """A file that was read."""

    id: int
    name: str
    media_type: str
    added_at: datetime
    conversation: str
    conversation_id: int
    passages: int

    @classmethod
    def of(cls, summary: DocumentSummary) -> DocumentShape:
        """Return a document in this shape."""
        document = summary.document
        return cls(
            id=document.id,
            name=document.name,
            media_type=document.media_type,
            added_at=document.added_at,
            conversation=summary.conversation.title,
            conversation_id=summary.conversation.id,
            passages=summary.passages,
        )


def page_after(
    listed: Sequence[_Listed], ids: Sequence[int], cursor: int | None, limit: int
) -> tuple[list[_Listed], int | None]:
    """Return the page behind a cursor, which is the id of the last entry before it, and the next cursor.

    What was forgotten meanwhile is where a page then begins: at the start.
    """
    start = ids.index(cursor) + 1 if cursor in ids else 0
    end = start + limit
    return list(listed[start:end]), ids[end - 1] if end < len(listed) else None

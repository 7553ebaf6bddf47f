"""POST /api/recall: what answers a question best."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from adapters.http.api.schemas import PROBLEMS, RecollectionShape, Text
from adapters.http.security.authentication import CallerOf
from memory import TimeWindow

router = APIRouter(prefix="/api", tags=["memory"], responses={**PROBLEMS})

_MOST = 100
_EARLIEST, _LATEST = "0001-01-02T00:00:00+00:00", "9999-12-30T00:00:00+00:00"


class RecallRequest(BaseModel):
    """A question; with `since` or `until` only what was said from then on, or before then."""

    model_config = ConfigDict(extra="forbid")

    question: Text
    limit: Annotated[int, Field(ge=1, le=_MOST)] = 10
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        for moment in (self.since, self.until):
            if moment is not None and not datetime.fromisoformat(_EARLIEST) <= moment <= datetime.fromisoformat(
                _LATEST
            ):
                raise ValueError("a time must be between the years 1 and 9999")
        return self

    @property
    def window(self) -> TimeWindow | None:
        """The span that is asked for."""
        if self.since is None and self.until is None:
            return None
        return TimeWindow(
            self.since or datetime.fromisoformat(_EARLIEST), self.until or datetime.fromisoformat(_LATEST)
        )


class RecallResult(BaseModel):
    """What was found, best first."""

    recollections: list[RecollectionShape]


@router.post("/recall")
async def recall(body: RecallRequest, caller: CallerOf) -> RecallResult:
    """Return what answers a question best, by its words and by its meaning, within the caller's scope."""
    found = await caller.recall(body.question, limit=body.limit, window=body.window)
    return RecallResult(recollections=[RecollectionShape.of_recollection(each) for each in found])

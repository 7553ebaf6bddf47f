"""The questions with buttons that wait for an answer, and what becomes of a press."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.adapter import Delivery
from bot.events import Choice, Choices, Conversation
from bot.pipeline.lru_cache import Recent
from bot.pipeline.question_grounds import QuestionGrounds
from bot.pipeline.received import lane_of
from bot.pipeline.session import Session

_TAKEN_KNOWN = 1000


@dataclass(slots=True)
class _PendingChoice:
    choices: Choices
    place: Conversation
    session: Session
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed by the person who was asked, on its way to the session that asked."""

    pending: _PendingChoice
    option: str

    @property
    def lane(self) -> str:
        """The lane it waits its turn in."""
        return lane_of(self.pending.place)

    async def hand_over(self, grounds: QuestionGrounds) -> None:
        """Give it to the session once that waits for it; a question that was answered meanwhile is left alone."""
        session = self.pending.session
        await session.wait()
        await grounds.end_ungrounded([session])
        if self.pending.is_open and session.waits:
            session.give(self.option)
            await session.wait_or_cancel()


class PendingChoices:
    """The questions with buttons that are open, and which button was pressed on the latest that were."""

    def __init__(self) -> None:
        self._open: dict[str, _PendingChoice] = {}
        self._taken = Recent[str, tuple[int, str]](_TAKEN_KNOWN)

    @contextmanager
    def open(self, choices: Choices, place: Conversation, session: Session) -> Iterator[None]:
        """Let buttons count while the block runs."""
        pending = self._open[choices.id] = _PendingChoice(choices, place, session)
        try:
            yield
        finally:
            pending.is_open = False
            del self._open[choices.id]

    def place_of(self, question: str) -> Conversation | None:
        """Return where an open question was asked: its buttons may stand in the asker's direct chat."""
        pending = self._open.get(question)
        return None if pending is None else pending.place

    def press(self, choice: Choice) -> Press | Delivery:
        """Take a press; where it comes to nothing, say what became of it.

        The first press by the person asked counts; it counts once, however often it is delivered.
        """
        if self._taken.get(choice.question) == (choice.number, choice.sender.id):
            return Delivery.DUPLICATE
        pending = self._open.get(choice.question)
        if (
            pending is None
            or self._taken.knows(choice.question)
            or not 0 <= choice.number < len(pending.choices.options)
        ):
            return Delivery.EXPIRED
        if (pending.place.platform, pending.session.sender) != (choice.sender.platform, choice.sender.id):
            return Delivery.REFUSED
        self._taken.keep(choice.question, (choice.number, choice.sender.id))
        return Press(pending, pending.choices.options[choice.number])

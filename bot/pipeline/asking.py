"""Questions that a handler asks back: their answer is what the sender says, types or presses next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.choices import choices_of, match_option
from bot.errors import CommandError
from bot.events import Reply
from bot.pipeline.pending_choices import PendingChoices
from bot.pipeline.received import Received
from bot.pipeline.session import Session, Sessions

_NOT_AMONG_THESE = "That is not one of the options. Reply with its number or its words."
_NO_CHOICE = "Never mind, then."
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks the sender of one message, in its session.

    `reply` sends the question, `told` notes the passage of its answer.
    """

    sessions: Sessions
    pending_choices: PendingChoices
    session: Session
    received: Received
    reply: Callable[[Reply], Awaitable[None]]
    told: Callable[[int], object]

    async def ask(self, question: Reply, seconds: float) -> str:
        """Send a question, and wait for what the sender says next. Raises CommandError when nothing comes in time."""
        lane, sender = self.received.lane, self.received.message.sender.id
        with self.sessions.asking(lane, sender, self.session, secret=question.secret):
            await self.reply(question)
            said = await self.session.wait_for_answer(seconds)
        if said.passage_id is not None:
            self.told(said.passage_id)
        return said.text

    async def choose(self, question: str, options: Sequence[str], seconds: float) -> str:
        """Send a question with options, and wait until the sender has pressed or typed one of them.

        Raises CommandError when nothing was chosen in time, or only what is not among the options.
        """
        choices = choices_of(options)
        asked = question
        with self.pending_choices.open(choices, self.received.message.conversation, self.session):
            for _ in range(_TRIES):
                said = await self.ask(Reply(asked, choices=choices), seconds)
                option = match_option(said, choices)
                if option is not None:
                    return option
                asked = f"{_NOT_AMONG_THESE}\n\n{question}"
        raise CommandError(_NO_CHOICE)

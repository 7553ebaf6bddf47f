"""Questions that a handler asks back: their answer is what the sender says, types or presses next."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.choices import choices_of, fold_typed, match_option
from bot.events import Reply
from bot.pipeline.expected_answers import ExpectedAnswer
from bot.pipeline.pending_choices import PendingChoices
from bot.pipeline.question_grounds import QuestionGrounds
from bot.pipeline.received import Received
from bot.pipeline.session import Session, Sessions
from bot.translation import gettext, gettext_noop

_NOT_AMONG_THESE = gettext_noop("That is not one of the options. Reply with its number or its words.")
_TRIES = 3
"""After so many, what fits none of the options is no longer taken for one that was mistyped."""
_SOON = 600
"""Seconds: a question that waits for longer takes only what fits it, since much else is said meanwhile."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks the sender of one message, in its session.

    `reply` sends the question, `told` holds the passages that led to it, and gets that of its answer.
    """

    sessions: Sessions
    pending_choices: PendingChoices
    session: Session
    received: Received
    reply: Callable[[Reply], Awaitable[None]]
    told: set[int]
    grounds: QuestionGrounds

    async def ask(self, question: Reply, seconds: float, fits: Callable[[str], bool] | None = None) -> str:
        """Send a question, and wait for what the sender says to it. Raises CommandError when nothing comes in time.

        Where `fits` tells an answer, what else the sender says meanwhile is handled as itself.
        """
        return await self._wait(question, seconds, ExpectedAnswer(fits, question.secret))

    async def choose(
        self, question: str, options: Sequence[str], seconds: float, typed: Mapping[str, str] | None = None
    ) -> str:
        """Send a question with options, and wait until the sender has pressed or typed one of them.

        `typed` holds what else may be typed, and what it means. Raises CommandError when nothing was chosen in time.
        """
        choices = choices_of(options)
        meanings = {fold_typed(text): meant for text, meant in (typed or {}).items()}

        def read(text: str) -> str | None:
            return match_option(text, choices) or meanings.get(fold_typed(text))

        asked = Reply(question, choices=choices)
        with self.pending_choices.open(choices, self.received.message.conversation, self.session):
            for number in itertools.count(1):
                exact = number >= _TRIES or seconds > _SOON
                said = await self._wait(
                    asked, seconds, ExpectedAnswer(lambda text: read(text) is not None, exact=exact)
                )
                option = read(said)
                if option is not None:
                    return option
                asked = Reply(f"{gettext(_NOT_AMONG_THESE)}\n\n{question}", choices=choices)
        raise AssertionError("counting never ends")

    async def _wait(self, question: Reply, seconds: float, expects: ExpectedAnswer) -> str:
        lane, sender = self.received.lane, self.received.message.sender.id
        # A file stays when its caption changes, and so does what is asked about it.
        edits_count = not self.received.message.attachments
        self.session.rests_on = await self.grounds.read(self.told, edits_count=edits_count)
        with self.sessions.asking(lane, sender, self.session, expects):
            await self.reply(question)
            said = await self.session.wait_for_answer(seconds)
        if said.passage_id is not None:
            self.told.add(said.passage_id)
        return said.text

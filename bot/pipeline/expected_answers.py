"""What counts as the answer to a question that was asked back, and what is plainly something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.answering.kinds.classify import is_plain_question
from bot.events import Message

_FEW_WORDS = 3
"""Up to so many words may be an answer that was mistyped; more are a sentence of its own."""


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """What a question waits for: where `fits` is None, any words but a question; a `secret` may be anything typed.

    Unless it is `exact`, a few words that don't fit are taken for a mistyped answer.
    """

    fits: Callable[[str], bool] | None = None
    secret: bool = False
    exact: bool = False

    def is_met_by(self, message: Message) -> bool:
        """Say whether a message is the answer beyond doubt, so that alone it is worth no memory."""
        return self.may_be(message) and (self.fits is None or self.secret or self.fits(message.text))

    def may_be(self, message: Message) -> bool:
        """Say whether a message may be meant as the answer: a file, and what is from or for others, never is."""
        if message.attachments or message.forwarded or _is_for_others(message):
            return False
        if self.secret or (self.fits is not None and self.fits(message.text)):
            return True
        if self.exact or is_plain_question(message.text):
            return False
        return self.fits is None or (_is_for_bot(message) and len(message.text.split()) <= _FEW_WORDS)

    def lapses_with(self, message: Message) -> bool:
        """Say whether the question ends when its sender says this instead: one that takes any words has to."""
        return self.fits is None and not message.attachments and _is_for_bot(message)


def _is_for_bot(message: Message) -> bool:
    return message.addressed or message.conversation.kind == "direct"


def _is_for_others(message: Message) -> bool:
    """Say whether somebody talks with others in a group: what they answer or mention is not the bot."""
    return not _is_for_bot(message) and bool(message.mentions or message.reply_to)

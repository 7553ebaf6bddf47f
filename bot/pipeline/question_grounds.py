"""What a waiting question rests on: the messages that led to it. It ends when one is gone, or says something else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bot.errors import FORGOTTEN_MEANWHILE, CommandError
from bot.pipeline.session import Session, Sessions
from bot.translation import gettext, gettext_noop
from memory import Memory, Scope, Selection

OUTDATED = gettext_noop(
    "You have changed that message, so I dropped what I had planned or noted from it. "
    "Ask me again if you still want it."
)
"""What somebody is told who has edited a message that something was made from, or asked about."""


class QuestionGrounds:
    """Ends the sessions that wait for an answer whose ground is gone: forgotten, deleted or edited, by whatever way."""

    def __init__(self, memory: Memory, sessions: Sessions) -> None:
        self._memory = memory
        self._sessions = sessions

    async def read(self, passage_ids: Collection[int], *, edits_count: bool) -> Mapping[int, str | None]:
        """Return what a question is to rest on: each of these passages, with its text where an edit counts.

        Raises CommandError when one of them is gone already.
        """
        texts = await self._read_texts(passage_ids)
        if len(texts) < len(set(passage_ids)):
            raise CommandError(gettext(FORGOTTEN_MEANWHILE))
        return texts if edits_count else dict.fromkeys(texts)

    async def end_ungrounded(self, sessions: Iterable[Session] | None = None) -> None:
        """End the waiting of those of these sessions, or of all, whose question rests on what is not there any more."""
        waiting = [each for each in (self._sessions.waiting if sessions is None else sessions) if each.rests_on]
        there = await self._read_texts({number for session in waiting for number in session.rests_on})
        for session in waiting:
            if not session.rests_on.keys() <= there.keys():
                session.end_waiting(FORGOTTEN_MEANWHILE)
            elif any(text not in (None, there[number]) for number, text in session.rests_on.items()):
                session.end_waiting(OUTDATED)

    async def _read_texts(self, passage_ids: Collection[int]) -> dict[int, str]:
        if not passage_ids:
            return {}
        chosen = Selection(passage_ids=tuple(passage_ids))
        found = await self._memory.passages.select(Scope.all(), chosen, limit=len(passage_ids))
        return {passage.id: passage.text for passage in found}

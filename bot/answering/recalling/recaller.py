"""What is recalled for a question: with what it leans on, and by its words in English where those find more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.prompting.hints import gathers
from bot.answering.prompting.prompt import RECENT
from bot.answering.quoting.wanted import language_of, read_question
from bot.answering.recalling.everyday_words import in_english
from bot.answering.recalling.followups import leaned_on, leans, searched_for
from bot.answering.recalling.replies import add_replies
from bot.answering.records import AnswerOptions, Question
from memory import Memory, Passage, Recollection, Scope

_RECALL_CHARS = 2000
_MOST_GATHERED = 30
"""Recollections that a list or a conclusion is gathered from: its parts lie far apart, and fit the question less."""
_FITS_WELL = 0.7
"""Relevance from which what was found in the question's own words stands: "wohnt" tells more than an English "live"."""
_NEARLY = 0.75
"""Share of the relevance from which what was found in English is preferred: in its own language it has much less."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was recalled, best first, and what was said `earlier` in the conversation, oldest first.

    `before` is what the question leans on, `english` the words by which it was found instead of its own; "" if none.
    """

    recollections: tuple[Recollection, ...]
    earlier: tuple[Passage, ...]
    before: str
    english: str


class Recaller:
    """Recalls from the memory what may answer a question."""

    def __init__(self, memory: Memory, options: AnswerOptions) -> None:
        self._memory = memory
        self._options = options

    async def read_earlier(self, question: Question) -> list[Passage]:
        """Return what was said before in the conversation: its own history, whatever else the scope sees."""
        if question.conversation_id is None:
            return list(question.earlier[-RECENT:])
        own = Scope.of_conversation(question.conversation_id)
        passages = await self._memory.read_history(question.conversation_id, own, limit=RECENT)
        return [passage for passage in passages if passage.id not in question.exclude]

    async def recall(self, question: Question) -> Recalled:
        """Recall for the question, together with what it leans on; a question that is asked again is not an answer.

        Where its words in English find what fits better, that is returned with those words.
        """
        earlier = await self.read_earlier(question)
        if question.leans_on and leans(question.text):
            before = question.leans_on
        else:
            before = leaned_on(question.text, earlier, question.replied)
        asked = {each.id for each in earlier if before and each.text.endswith("?") and each.text in before}
        leaning = replace(question, exclude=question.exclude | asked)
        words = searched_for(question.text, before, replies=question.replied is not None)
        found = await self._search(leaning, words)
        english = "" if read_question(question.text).language == "en" else in_english(words)
        translated = await self._search(leaning, english) if english else []
        own = _best_relevance(found)
        if own < _FITS_WELL and _best_relevance(translated) > _NEARLY * own and _is_english(translated):
            found = translated
        else:
            english = ""
        found = await add_replies(self._memory, found, question.scope, leaning.exclude)
        adjusted = found if question.adjust is None else await question.adjust(found)
        return Recalled(tuple(adjusted), tuple(earlier), before, english)

    def fits(self, recollections: Sequence[Recollection]) -> bool:
        """Say whether anything recalled is relevant enough to answer at all."""
        return any(recollection.relevance >= self._options.relevance for recollection in recollections)

    async def _search(self, question: Question, words: str) -> list[Recollection]:
        return await self._memory.recall(
            words[:_RECALL_CHARS],
            question.scope,
            now=question.now,
            limit=_MOST_GATHERED if gathers(read_question(words)) else self._options.limit,
            exclude=question.exclude,
        )


def _is_english(recollections: Sequence[Recollection]) -> bool:
    """Say whether the best that was found is in English: a German text that holds "Work in Progress" is not."""
    return language_of(max(recollections, key=lambda each: each.relevance).passage.text) == "en"


def _best_relevance(recollections: Sequence[Recollection]) -> float:
    return max((each.relevance for each in recollections), default=0.0)

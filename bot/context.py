"""What a handler is given: the message, the memory it may see, and ways to answer.

The other names are the types of what a context holds or returns, for annotations.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Literal, Protocol

from bot.access.chat_settings import ScopedChatSettings
from bot.access.scoped_access import ScopedAccess
from bot.access.scoped_memory import ScopedMemory
from bot.access.sources import HandlerSources
from bot.answering.records import Answer
from bot.choices import YES_OR_NO, YES_OR_NO_TYPED
from bot.events import Attachment, Message, Reply
from bot.hosting.discovered import PluginReport
from bot.hosting.scoped_plugins import ScopedPlugins
from bot.hosting.store import PluginStore, Values
from bot.jobs.planning import PlannedJob, Planner, PlansJobs
from bot.pipeline.histories import Histories, OwnHistories, PastFiles, PastMessage
from bot.plugin import Command
from bot.reading.incoming import IncomingFile
from bot.translation import current_language, gettext

__all__ = [
    "Answer",
    "Context",
    "HandlerIO",
    "Histories",
    "OwnHistories",
    "PastFiles",
    "PastMessage",
    "PlannedJob",
    "Planner",
    "PluginReport",
    "PluginStore",
    "ScopedAccess",
    "ScopedChatSettings",
    "ScopedMemory",
    "ScopedPlugins",
    "Values",
]


class HandlerIO(Protocol):
    """The core's side of a context: one running handler, and how it reaches the person it talks with."""

    async def reply(self, reply: Reply) -> None:
        """Send a reply now."""

    async def ask(self, question: Reply, seconds: float, fits: Callable[[str], bool] | None = None) -> str:
        """Send a question and wait for its answer."""

    async def choose(
        self, question: str, options: Sequence[str], seconds: float, typed: Mapping[str, str] | None = None
    ) -> str:
        """Send a question with options and wait for one of them."""

    async def choose_language(self, language: str | None) -> None:
        """Speak a language in this conversation from now on; None follows what is written here."""

    async def answer(self, question: str) -> None:
        """Answer from the memory, as if the question had been sent."""

    async def last_answer(self) -> Answer | None:
        """Return the latest answer here."""

    async def judge(self, value: Literal[-1, 0, 1]) -> bool:
        """Keep what the sender thinks of an answer here."""

    async def spend(self) -> None:
        """Count an answer against the sender's quota."""

    def stop(self) -> bool:
        """Stop what is being done here for the sender."""

    def growing(self) -> AbstractAsyncContextManager[Callable[[str], None]]:
        """Open a reply that grows."""

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield an attachment's bytes."""

    async def read(self, file: IncomingFile) -> str:
        """Read a local file into the memory."""


@dataclass(frozen=True, slots=True)
class Context(PlansJobs):
    """One message being handled.

    `memory` sees and changes only what this person may see here; `access`, what they may decide about who talks with
    the bot, and about what it keeps. `commands` are all that the bot knows; `plugins`, which an owner may switch.
    `store` is what the plugin keeps, `jobs` what it has planned, for this person or this conversation.
    `zone` is what times are shown in; None shows each in its own. `chat_settings` are those of the conversation; None
    where a plugin runs in a process of its own.
    """

    message: Message
    memory: ScopedMemory
    access: ScopedAccess
    io: HandlerIO
    store: PluginStore
    jobs: Planner
    is_owner: bool = False
    commands: tuple[Command, ...] = ()
    zone: tzinfo | None = None
    plugins: ScopedPlugins = field(default_factory=ScopedPlugins)
    sources: HandlerSources = field(default_factory=HandlerSources)
    chat_settings: ScopedChatSettings | None = None

    @property
    def language(self) -> str:
        """The code of the language that is spoken here, such as "de"; `bot.translation` says things in it."""
        return current_language()

    async def choose_language(self, language: str | None) -> None:
        """Speak a language in this conversation from now on; None follows what is written here."""
        await self.io.choose_language(language)

    @property
    def drawn_from(self) -> tuple[int, ...]:
        """The passages of the message and of the answers to what was asked back.

        Name them where words of these are kept: `context.store.mine.set("note", text, drawn_from=context.drawn_from)`
        is forgotten with the message. What is planned with `later` and said is bound to them anyway.
        """
        return tuple(sorted(self.sources.told))

    async def reply(self, reply: str | Reply) -> None:
        """Send a reply at once, and go on; the last one can simply be returned."""
        await self.io.reply(reply if isinstance(reply, Reply) else Reply(reply))

    async def ask(self, question: str, *, seconds: float = 120, fits: Callable[[str], bool] | None = None) -> str:
        """Ask the sender, and return the text of their next message here; others are served meanwhile.

        A file, a command or a question of theirs is handled as itself. Where `fits` tells what an answer looks like, so
        is any other sentence, and this question goes on waiting. Raises CommandError when no answer came in time, or
        they turned to something else.
        """
        return await self.io.ask(Reply(question), seconds, fits)

    async def confirm(self, question: str, *, seconds: float = 120) -> bool:
        """Ask for a yes or a no, with a button for each where the platform has them. Raises CommandError as `ask`."""
        yes, no = map(gettext, YES_OR_NO)
        typed = {word: yes if meant == YES_OR_NO[0] else no for word, meant in YES_OR_NO_TYPED.items()}
        return await self.choose(question, (yes, no), seconds=seconds, typed=typed) == yes

    async def choose(
        self,
        question: str,
        options: Sequence[str],
        *,
        seconds: float = 120,
        typed: Mapping[str, str] | None = None,
    ) -> str:
        """Let the sender choose one of up to 25 options, and return it as it was given here, with single blanks.

        They are buttons where the platform has them, which only the sender can press, and numbered where not; the
        number or the words can be typed everywhere. `typed` holds what else may be typed, and what is returned then.
        What is plainly something else is handled as itself. Raises CommandError when nothing was chosen in time.
        """
        return await self.io.choose(question, options, seconds, typed)

    async def answer(self, question: str) -> None:
        """Answer a question from the memory, as if it had been sent; the reply streams and cites its sources."""
        await self.io.answer(question)

    async def last_answer(self) -> Answer | None:
        """Return the bot's latest answer in this conversation since it started; None when it rests on what is gone."""
        return await self.io.last_answer()

    async def judge(self, value: Literal[-1, 0, 1]) -> bool:
        """Keep what the sender thinks of the answer that they reply to, else of the latest one here: +1, -1 or 0.

        It is as if they had reacted with a thumb. Returns False when there is no answer; raises CommandError where
        nothing is kept.
        """
        return await self.io.judge(value)

    async def spend(self) -> None:
        """Count what follows as an answer of the sender's daily quota: for long work with the language model.

        Raises CommandError when today's are used up.
        """
        await self.io.spend()

    def stop(self) -> bool:
        """Stop what the bot does here for the sender, for anybody if they own it; False when it does nothing."""
        return self.io.stop()

    def growing(self) -> AbstractAsyncContextManager[Callable[[str], None]]:
        """Open a reply that shows how far long work is: call what it gives with the whole text so far.

        The next reply, or the text that the handler returns, takes its place.
        """
        return self.io.growing()

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield the bytes of an attachment in pieces. Raises AdapterError when they can't be had."""
        return self.io.fetch(attachment)

    async def read(self, file: IncomingFile) -> str:
        """Read a local file into the memory, as if it had been sent; return the sentence that says what came of it.

        The same `source` again replaces what was read before. Raises FileUnreadable, and CommandError where nothing is
        kept.
        """
        return await self.io.read(file)

    def _planner(self) -> Planner:
        return self.jobs

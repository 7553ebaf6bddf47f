"""One message while it is being handled: within a deadline, stoppable, and able to wait for another message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace

from bot.errors import CommandError
from bot.events import Message
from bot.pipeline.expected_answers import ExpectedAnswer
from bot.translation import gettext, gettext_noop

_GIVEN_UP = gettext_noop("I got no answer, so I stopped waiting. Ask me again any time.")
_OVERTAKEN = gettext_noop("Never mind, then.")


class _Ended(Exception):  # noqa: N818 (said as such)
    """Raised in the waiting with the sentence that says why nobody waits any more, not yet translated."""


@dataclass(frozen=True, slots=True)
class ReceivedAnswer:
    """What somebody has answered, and the passage it is kept in; None where it is not, or was a button."""

    text: str
    passage_id: int | None = None


class Session:
    """Runs the work for one message in a task of its own.

    A lane waits until the session has `settled`: it is done, or it waits for the sender's next message. Time
    spent waiting for a person does not count against the deadline.
    """

    def __init__(self, deadline: float, sender: str = "") -> None:
        self._deadline = deadline
        self.sender = sender
        self._settled = asyncio.Event()
        self._timeout: asyncio.Timeout | None = None
        self._parts: dict[asyncio.Timeout, float] = {}
        self._answer: asyncio.Future[ReceivedAnswer] | None = None
        self._task: asyncio.Task[None] | None = None
        self.stopped = False
        self.expects = ExpectedAnswer()
        self.rests_on: Mapping[int, str | None] = {}

    def start(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Begin; `work` should use `deadline()` around what may take long."""
        self._task = asyncio.create_task(work, name=name)
        self._task.add_done_callback(lambda _: self._settled.set())
        return self._task

    def deadline(self) -> asyncio.Timeout:
        """Return the context that raises TimeoutError when the time is up."""
        self._timeout = asyncio.timeout(self._deadline)
        return self._timeout

    def extend(self) -> None:
        """Restart the deadline: work that shows progress is not stuck."""
        if self._timeout is not None and not self._timeout.expired():
            self._reschedule(asyncio.get_running_loop().time() + self._deadline)

    @contextmanager
    def without_deadline(self) -> Iterator[Callable[[], None]]:
        """Let time not count until what is given is called: others are before it, and it is not stuck."""
        self._reschedule(None)
        try:
            yield self.extend
        finally:
            self.extend()

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncIterator[None]:
        """Give a part of the work a time of its own, in which waiting for a person does not count either.

        Raises TimeoutError when it is up.
        """
        async with asyncio.timeout(seconds) as timeout:
            self._parts[timeout] = seconds
            try:
                yield
            finally:
                del self._parts[timeout]

    async def wait_or_cancel(self) -> None:
        """Wait until done or waiting for a message; being cancelled cancels the work."""
        try:
            await self.wait()
        except asyncio.CancelledError:
            await self.cancel()
            raise

    async def wait(self) -> None:
        """Wait for the same, and leave the work alone when cancelled."""
        await self._settled.wait()

    @contextmanager
    def asking(self, expects: ExpectedAnswer) -> Iterator[None]:
        """Take what the sender says for an answer from now on, where it may be one.

        It may come before the question counts as sent.
        """
        self.expects = expects
        answer = self._answer = asyncio.get_running_loop().create_future()
        try:
            yield
        finally:
            answer.cancel()
            self._answer = None

    async def wait_for_answer(self, seconds: float) -> ReceivedAnswer:
        """Let the lane go on, and wait, while `asking`, for the answer. Raises CommandError when none comes in time."""
        if self._answer is None:
            raise RuntimeError("a session waits for answers only while it is asking")
        self._reschedule(None)
        for part in self._parts:
            part.reschedule(None)
        if self.waits:
            self._settled.set()
        try:
            async with asyncio.timeout(seconds):
                return await self._answer
        except TimeoutError:
            raise CommandError(gettext(_GIVEN_UP)) from None
        except _Ended as ended:
            raise CommandError(gettext(str(ended))) from None
        finally:
            self._settled.clear()
            now = asyncio.get_running_loop().time()
            self._reschedule(now + self._deadline)
            for part, own in self._parts.items():
                part.reschedule(now + own)

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer."""
        return self._answer is not None and not self._answer.done()

    def give(self, text: str, passage_id: int | None = None) -> None:
        """Hand over the message that was waited for; the session is at work again."""
        if self._answer is not None:
            self._settled.clear()
            self._answer.set_result(ReceivedAnswer(text, passage_id))

    def overtake(self) -> None:
        """End the waiting because the sender has turned to something else."""
        self.end_waiting(_OVERTAKEN)

    def end_waiting(self, sentence: str) -> None:
        """End the waiting; its sender is told this sentence in their language."""
        if self._answer is not None and not self._answer.done():
            self._settled.clear()
            self._answer.set_exception(_Ended(sentence))
            self._answer.exception()  # looked at, should the question not even be sent

    def stop(self) -> bool:
        """Stop at the sender's wish; False when there is nothing left to stop."""
        if self._task is None or self._task.done():
            return False
        self.stopped = True
        self._task.cancel()
        return True

    async def cancel(self) -> None:
        """Stop because the bot shuts down, and wait until it has."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    @property
    def late(self) -> bool:
        """Whether the deadline has passed."""
        return self._timeout is not None and self._timeout.expired()

    def _reschedule(self, when: float | None) -> None:
        if self._timeout is not None:
            self._timeout.reschedule(when)


class Sessions:
    """The sessions that run or wait, by conversation. Each has `deadline` seconds for its work."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._running: dict[str, set[Session]] = {}
        self._waiting: dict[tuple[str, str], list[Session]] = {}

    def start(self, lane: str, sender: str, work: Callable[[Session], Coroutine[object, object, None]]) -> Session:
        """Start work for a message of a sender, in a session of its own, which is kept until the work is done."""
        session = Session(self._deadline, sender)
        task = session.start(work(session), name=f"message in {lane}")
        self._running.setdefault(lane, set()).add(session)
        task.add_done_callback(lambda _: self._remove(lane, session))
        return session

    @contextmanager
    def asking(self, lane: str, sender: str, session: Session, expects: ExpectedAnswer) -> Iterator[None]:
        """Let what may be the answer to a session's question go to it. One that takes any words ends with the next."""
        for waiting in self._waiting_here(lane, sender):
            if waiting.expects.fits is None:
                waiting.overtake()
        self._waiting.setdefault((lane, sender), []).append(session)
        try:
            with session.asking(expects):
                yield
        finally:
            left = self._waiting[lane, sender]
            left.remove(session)
            if not left:
                del self._waiting[lane, sender]

    @property
    def waiting(self) -> list[Session]:
        """Those that wait for an answer, wherever."""
        return [session for waiting in self._waiting.values() for session in waiting if session.waits]

    def waiting_for(self, lane: str, message: Message) -> Session | None:
        """Return the session that a message may answer: that which asked last of those which it fits."""
        waiting = [each for each in self._waiting_here(lane, message.sender.id) if each.expects.may_be(message)]
        fitting = [each for each in waiting if each.expects.is_met_by(message)]
        return next(iter(reversed(fitting or waiting)), None)

    def turn_from_questions(self, lane: str, message: Message) -> list[Session]:
        """Take note that a sender says something else than an answer; return the sessions whose waiting that ends.

        A question that waits on takes only what fits it from here on.
        """
        ended: list[Session] = []
        for session in self._waiting_here(lane, message.sender.id):
            if session.expects.lapses_with(message):
                session.overtake()
                ended.append(session)
            elif session.expects.fits is not None:
                session.expects = replace(session.expects, exact=True)
        return ended

    def _waiting_here(self, lane: str, sender: str) -> list[Session]:
        return [session for session in self._waiting.get((lane, sender), ()) if session.waits]

    def stop(self, lane: str, but: Session, sender: str | None = None) -> bool:
        """Stop what runs or waits in a conversation for this sender, or for anybody when None; say whether it did.

        One session is left alone: the one that asks for it.
        """
        others = [session for session in self._running.get(lane, ()) if session is not but]
        return sum(session.stop() for session in others if sender in (None, session.sender)) > 0

    async def idle(self) -> None:
        """Wait until every session is done or waits for a message."""
        for session in [session for running in self._running.values() for session in running]:
            await session.wait()

    async def close(self) -> None:
        """Cancel whatever is left."""
        for session in [session for running in self._running.values() for session in running]:
            await session.cancel()

    def _remove(self, lane: str, session: Session) -> None:
        running = self._running[lane]
        running.discard(session)
        if not running:
            del self._running[lane]

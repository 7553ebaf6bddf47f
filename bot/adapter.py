"""What an adapter is: what the core asks of a chat platform, and the helpers that adapters share.

The events that an adapter delivers are in `bot.events`, buttons in `bot.choices`, errors in `bot.errors`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Literal, Protocol, Self, runtime_checkable

from bot.answering.citations import source_line, source_lines
from bot.answering.quoting.markdown import escape_quotes
from bot.commands.terminal import printable
from bot.configuration.findings import Finding
from bot.events import Attachment, Conversation, Event, Message, Reply
from bot.events.sendable import drop_unsendable
from bot.hosting.signature import Parameter
from bot.pipeline.background import BackgroundTasks
from bot.pipeline.listeners import stop_accepting
from bot.pipeline.lru_cache import Recent
from bot.pipeline.malformed import describe_problem, repair, repair_json_text
from bot.pipeline.splitting import clip_text, split_text, utf16_length
from bot.plugin import Command
from memory.errors import StorageError
from memory.names_on_use import import_on_use

if TYPE_CHECKING:
    from bot.pipeline.administration import Administration, ModelLine, PullProgress
    from bot.pipeline.completions import Completions, Usage
    from bot.pipeline.requests import Caller, Requests

__all__ = [
    "Acknowledges",
    "Adapter",
    "Administers",
    "Administration",
    "Away",
    "BackgroundTasks",
    "Caller",
    "CatchesUp",
    "Checkable",
    "Command",
    "CommandMenu",
    "Completions",
    "Deliver",
    "Delivery",
    "Finding",
    "Limits",
    "LiveCommandMenu",
    "ModelLine",
    "Parameter",
    "Polls",
    "PullProgress",
    "Recent",
    "ReplyStream",
    "Requests",
    "SendsPrivately",
    "ServesRequests",
    "StorageError",
    "TellsTrouble",
    "Trouble",
    "Usage",
    "clip_text",
    "describe_problem",
    "drop_unsendable",
    "escape_quotes",
    "printable",
    "repair",
    "repair_json_text",
    "source_line",
    "source_lines",
    "split_text",
    "stop_accepting",
    "utf16_length",
]

# What only adapters of pages and programs need: it brings in all of answering, and commands would wait for that.
_, __getattr__ = import_on_use(
    __name__,
    {
        "bot.pipeline.administration": "Administration ModelLine PullProgress",
        "bot.pipeline.completions": "Completions Usage",
        "bot.pipeline.requests": "Caller Requests",
    },
)


class Delivery(Enum):
    """What became of an event. In each case the adapter acknowledges it to the platform.

    A choice is EXPIRED when nothing waits for it any more; what can't be handled is SET_ASIDE, and kept as it came.
    """

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    EXPIRED = "expired"
    SET_ASIDE = "set aside"


Deliver = Callable[[Event], Awaitable[Delivery]]
"""Hands an event to the core. When it returns, the event is stored: acknowledge it.

When it raises (StorageError, OSError), nothing can be written just now: do not acknowledge. An event that can't be
handled for reasons of its own is set aside instead; what an adapter itself can't read it delivers as
`UnreadableUpdate`. Events of one conversation must be delivered one after another; different conversations may be
delivered side by side.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform allows.

    `text_chars` bounds one message, as measured by `length` (Telegram counts UTF-16 units). The seconds are
    the least time between two changes of a growing reply; without `streaming` a reply is shown when it is done.
    """

    text_chars: int
    edit_seconds_direct: float = 1.5
    edit_seconds_group: float = 3.0
    length: Callable[[str], int] = len
    streaming: bool = True


@dataclass(frozen=True, slots=True)
class Away:
    """What the bot may have missed: when the last message was said that it heard, and the chats it heard of last."""

    since: datetime
    places: tuple[Conversation, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a platform can't be reached, and since when."""

    since: datetime
    problem: str


class ReplyStream(Protocol):
    """One reply while it is being written. The core paces the calls and makes them one at a time."""

    async def grow(self, text: str) -> None:
        """Show the text so far, within `Limits.text_chars`. What fails here is logged; the reply goes on."""

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Send the whole reply with its sources, split where it is too long; return the event ids it was sent as."""

    async def fail(self, text: str) -> None:
        """End without an answer: show this sentence in place of what has grown so far."""


@runtime_checkable
class Adapter(Protocol):
    """A chat platform. Entering connects, so that `send` works; `run` receives until it is cancelled.

    `name` is the platform's name in every event it delivers. An adapter knows nothing of memory and models.
    """

    @property
    def name(self) -> str:
        """The platform: "console", "telegram"; the key of its settings and of its events."""

    @property
    def limits(self) -> Limits:
        """What the platform allows."""

    async def __aenter__(self) -> Self:
        """Connect, as far as sending needs it. Raises ConfigError or AdapterError when that can't be."""

    async def __aexit__(self, *exc: object) -> None:
        """Disconnect."""

    async def run(self, deliver: Deliver) -> None:
        """Deliver what arrives, reconnecting on its own, until cancelled or until the platform has no more."""

    async def begin(self, message: Message) -> ReplyStream:
        """Start a reply to this message, and show that the bot is writing, where the platform can."""

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        """Send a whole reply, as an answer to the message with the event id `reply_to`; return its event ids.

        Its files go with it, and its choices become buttons whose presses are delivered as `Choice`; a platform
        without buttons shows them numbered (`bot.choices`). Raises AdapterError when the platform did not take it;
        the reply is then kept and tried again.
        """

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield the bytes of an attachment in pieces. Raises AdapterError when they can't be had."""


@runtime_checkable
class CommandMenu(Protocol):
    """An adapter whose platform lists the bot's commands: Telegram's menu, Discord's slash commands."""

    def offer(self, commands: Sequence[Command]) -> None:
        """Keep these for the platform's list; no I/O happens here.

        Called before the adapter is entered, and again when plugins are switched while it runs.
        """


@runtime_checkable
class SendsPrivately(Protocol):
    """An adapter that can answer in a group so that only the asker sees it, or writes to them directly."""

    async def send_privately(self, message: Message, reply: Reply) -> Literal["here", "direct"] | None:
        """Show a reply to the sender of a message in a group alone: there, or else in their direct chat.

        Returns which, None where the platform lets neither. Raises AdapterError when it did not take it.
        """


@runtime_checkable
class Acknowledges(Protocol):
    """An adapter that can show on a message in a group that the bot has seen it and is at work: a reaction."""

    async def acknowledge(self, message: Message) -> None:
        """Show it. What is raised is logged, and changes nothing."""

    async def end_acknowledgement(self, message: Message) -> None:
        """Remove it, if it is there: the message is answered."""


@runtime_checkable
class LiveCommandMenu(Protocol):
    """One of them whose list can be changed while it runs; the core shows it at the start, too."""

    async def refresh(self) -> None:
        """Show the commands that were offered last. Raises AdapterError, and is called again, when that can't be."""


@runtime_checkable
class Checkable(Protocol):
    """An adapter that can tell what is wrong with its set-up, for `scrubjay doctor`."""

    async def check(self) -> list[Finding]:
        """Ask the platform about token, rights and switches. Called on an adapter that has not been entered."""


@runtime_checkable
class TellsTrouble(Protocol):
    """An adapter that knows whether its platform can be reached: owners are told elsewhere when it can't for long."""

    @property
    def trouble(self) -> Trouble | None:
        """What is in the way of receiving now; None while all is well."""


@runtime_checkable
class CatchesUp(Protocol):
    """An adapter whose platform keeps nothing for a bot that is away, but shows what was said."""

    def was_away(self, away: Away) -> None:
        """Deliver, before what is new, what was said since then. Called before `run`; no I/O happens here."""


@runtime_checkable
class Polls(Protocol):
    """An adapter whose platform serves one connection at a time: of several processes of a bot, one receives."""

    @property
    def polls(self) -> bool:
        """Whether that is so with its settings; what is sent by webhook any process may be sent."""


@runtime_checkable
class ServesRequests(Protocol):
    """An adapter that serves more than messages: pages and programs, which read the memory within a scope."""

    def serve_requests(self, requests: Requests) -> None:
        """Keep what requests are served with. Called before the adapter is entered; no I/O happens here."""


@runtime_checkable
class Administers(Protocol):
    """An adapter with a page of settings, where the bot's owner looks after the program around it."""

    def administer(self, administration: Administration) -> None:
        """Keep what the page is made with. Called before the adapter is entered; no I/O happens here."""

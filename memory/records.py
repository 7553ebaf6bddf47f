"""The memory's records: frozen, platform-neutral, free of any database detail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from memory.access_records import GrantedRole

PassageKind = Literal["message", "system", "document", "fact", "question", "answer", "command"]
"""What a passage is. A "question" is what the bot was asked: like its answers and the commands given to it, it is kept
as history, but never recalled, and stands in no other message's window."""

RECALLABLE: tuple[PassageKind, ...] = ("message", "system", "document", "fact")
ConversationKind = Literal["direct", "group"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which conversations a read may see.

    A passage is visible when its conversation is named, or has a named audience (a platform and the id of a group
    there), or belongs to a named owner, or `everything` is set. The empty scope sees nothing. It is built by
    `bot.access.policy` and becomes a predicate in the SQL.
    """

    conversation_ids: frozenset[int] = frozenset()
    owner_ids: frozenset[int] = frozenset()
    audiences: frozenset[tuple[str, str]] = frozenset()
    everything: bool = False

    @classmethod
    def of_conversation(cls, *conversation_ids: int) -> Scope:
        """See these conversations and nothing else."""
        return cls(conversation_ids=frozenset(conversation_ids))

    @classmethod
    def of_owner(cls, *person_ids: int) -> Scope:
        """See the direct chats and imports that belong to these people (one person, linked accounts)."""
        return cls(owner_ids=frozenset(person_ids))

    @classmethod
    def all(cls) -> Scope:
        """See everything: for the command line of the machine's owner only."""
        return cls(everything=True)


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Somebody known to the memory; `platform` and `external_id` identify the account."""

    id: int
    platform: str
    external_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A chat, group, imported history or collection of documents; `owner_id` is the person whose memory it is.

    A group has no owner. A direct chat, and whatever a person imports or ingests, is owned by that person.
    `audience` is the external id of the group whose members can all read this: its own, or that of the group which it
    is an open thread of. None is read by those in it alone.
    """

    id: int
    platform: str
    external_id: str
    title: str
    kind: ConversationKind
    owner_id: int | None
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class ConversationMove:
    """From which external id a group goes to which.

    `role` is what everybody there may do, for a group that nobody has decided about under the new id. `message_ids` are
    the beginnings of the events' ids before and after, where the messages keep the rest of theirs. `rewrite` brings a
    payload that waits from the old id to the new one.
    """

    platform: str
    old: str
    new: str
    rewrite: Callable[[str], str]
    role: GrantedRole | None = None
    message_ids: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One text to be stored.

    `said_at` is the message's own time, never the import's; it must carry a zone. `event_id` is unique
    within the conversation's platform: storing the same one again adds nothing, without an error. Without
    one, every call adds a new passage.
    """

    text: str
    said_at: datetime
    author: str = ""
    author_id: int | None = None
    kind: PassageKind = "message"
    event_id: str | None = None
    reply_to: str | None = None
    link: str | None = None
    document_id: int | None = None
    locator: str | None = None
    """Where in its document a passage stands, as a person would say it: "p. 4", "0:42", "line 12"."""
    drawn_from: tuple[int, ...] = ()
    """The passages that an answer quotes or a fact rests on: it is forgotten with any of them."""
    cited: tuple[int, ...] = ()
    """Those of them that an answer names as its sources, in the order of their numbers."""
    edited_without_id: bool = False
    """Whether it was edited and its `event_id` is made of its words: it was another one before, under which the owner
    may have forgotten it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The outcome for one `Entry`: its passage id, and whether this call added it.

    `forgotten` says that it was not stored because the owner forgot it; then the id is 0. `elsewhere` says that another
    process, which is at work in its conversation, handles it.
    """

    id: int
    new: bool
    forgotten: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of recall: a message, a piece of a document, or a fact, with what is needed to cite it."""

    id: int
    conversation: ConversationRecord
    author: str
    author_id: int | None
    said_at: datetime
    kind: PassageKind
    text: str
    event_id: str | None = None
    reply_to: str | None = None
    link: str | None = None
    document_id: int | None = None
    locator: str | None = None
    key: str | None = None
    """What a fact is about."""
    valid_to: datetime | None = None
    """Until when a fact held; None for one that still holds, and for everything else."""

    @property
    def keyed_text(self) -> str:
        """The text, a fact's led by what it is about."""
        return with_key(self.key, self.text)


@dataclass(frozen=True, slots=True)
class Fact:
    """A lasting statement with its validity and its evidence.

    `key` names what the fact is about ("wifi password"); a newer fact with the same key in the same
    conversation closes the older one by setting its `valid_to`. `evidence` holds passage ids.
    """

    id: int
    passage_id: int
    conversation_id: int
    key: str | None
    statement: str
    valid_from: datetime
    valid_to: datetime | None
    evidence: tuple[int, ...]
    learnt: bool = False
    """Whether it was drawn from what somebody said, and not told to be kept."""

    @property
    def keyed_statement(self) -> str:
        """The statement, led by what it is about."""
        return with_key(self.key, self.statement)


def with_key(key: str | None, statement: str) -> str:
    """Return a statement led by what it is about, unless it begins with that anyway."""
    return statement if not key or statement.casefold().startswith(key.casefold()) else f"{key}: {statement}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody thinks of an answer: +1 or -1.

    `cited` holds the ids of the passages that the answer named as its sources, `seen` of all that it was drawn from.
    """

    value: int
    given_at: datetime
    author: str
    question: str
    answer: str
    cited: tuple[int, ...]
    seen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """A half-open span of event time, `start` <= said_at < `end`; the words that named it are kept."""

    start: datetime
    end: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Recollection:
    """A passage that recall brought back, with its score and what each part of the ranking gave to it.

    `score` is comparable within one recall only. `relevance` is comparable across recalls (0 to 1, how well
    it fits the question by words and meaning alone) and is what abstaining is decided on. `parts` maps the
    name of a part ("words", "window words", "meaning", "session", "speaker", "time", "substance", ...: those of
    `memory.search.scoring`) to its share of the score; the shares sum to the score. `context` holds the passages just
    before it, which help a model to understand it.
    """

    passage: Passage
    score: float
    relevance: float
    parts: dict[str, float] = field(default_factory=dict)
    context: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """What is remembered of one conversation; `embedded` counts passages with a vector of the serving model.

    `messages` are those of `passages` that were said there, notices of the platform included; the rest is from files,
    and facts. `people` are those who said something.
    """

    conversation: ConversationRecord
    people: int
    messages: int
    passages: int
    embedded: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Import:
    """One run of an import; `source` says what was imported, `passages` what is left of it within the scope asked for.

    `messages` are those of the passages that were said; the rest is from files.

    `ended_at` is None while it runs, and after a crash until the same source is imported again.
    """

    id: int
    source: str
    begun_at: datetime
    ended_at: datetime | None
    messages: int
    passages: int
    conversation_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """What to forget or list, always within a scope: the criteria that are given must all hold."""

    passage_ids: tuple[int, ...] = ()
    matching: str | None = None
    """Substring of the text, case ignored."""
    conversation_id: int | None = None
    person: str | None = None
    """Author's name, case ignored, or external id."""
    since: datetime | None = None
    until: datetime | None = None
    kinds: tuple[PassageKind, ...] = ()
    event_prefix: str | None = None
    import_id: int | None = None
    document_ids: tuple[int, ...] = ()
    everything: bool = False
    """Must be set when no other criterion is given, so that an empty selection never forgets all."""

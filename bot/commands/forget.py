"""The command `forget`: shows what would go, asks, and gives a receipt."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict, dataclass, replace
from typing import Annotated

import typer

from bot.access.forgetting import forget_everywhere
from bot.access.policy import MACHINE_OWNER
from bot.access.repeats import find_repeats
from bot.answering.opening import open_memory
from bot.commands.options import JsonOption, ScopeChoice, ScopeOption, YesOption, scope_of
from bot.commands.passage_list import print_passages
from bot.commands.selecting import find_conversation
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.translation import describe_receipt_notes, gettext, ngettext, ngettext_noop
from memory import Memory, Passage, Receipt, Scope, Selection

SHOWN = 10
COUNTED = 1000
"""Beyond this many the question says "more than"."""

Ids = Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="As `scrubjay memories` lists them.")]
Matching = Annotated[str | None, typer.Option(metavar="TEXT", help="Everything that contains this text.")]
ConversationOption = Annotated[
    str | None, typer.Option("--conversation", help="A whole conversation: its id or title.")
]
PersonOption = Annotated[str | None, typer.Option("--person", help="Everything this person said.")]
ImportOption = Annotated[int | None, typer.Option("--import", metavar="ID", help="All that an import brought.")]
DocumentOption = Annotated[
    int | None, typer.Option("--document", metavar="ID", help="All of a file, as `scrubjay documents` lists it.")
]
Everything = Annotated[bool, typer.Option("--all", help="Everything.")]


@dataclass(frozen=True, slots=True)
class ForgetFilter:
    """What to forget; what is given must all hold."""

    ids: tuple[int, ...]
    matching: str | None
    conversation: str | None
    person: str | None
    import_id: int | None
    document_id: int | None
    everything: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is named."""
        named = self.ids or self.matching or self.conversation or self.person or self.everything
        return not named and self.import_id is None and self.document_id is None


def forget(
    context: typer.Context,
    ids: Ids = None,
    matching: Matching = None,
    conversation: ConversationOption = None,
    person: PersonOption = None,
    import_id: ImportOption = None,
    document_id: DocumentOption = None,
    everything: Everything = False,  # noqa: FBT002 (as above)
    scope: ScopeOption = ScopeChoice.OWN,
    yes: YesOption = False,  # noqa: FBT002 (as above)
    as_json: JsonOption = False,  # noqa: FBT002 (as above)
) -> None:
    """Forget for good: the text, its vector, and everything derived from it. It shows what would go, and asks.

    Then it looks for the words in every table and every file of the data folder, and says what it found.

    Example: scrubjay forget --matching "wifi password"
    """
    request = ForgetFilter(tuple(ids or ()), matching, conversation, person, import_id, document_id, everything)
    if request.is_empty:
        raise typer.BadParameter(
            gettext("say what to forget: ids, --matching, --conversation, --person, --import, --document or --all")
        )
    if not (yes or sys.stdin.isatty()):
        raise typer.BadParameter(gettext("there is no terminal to ask on; add --yes if you are sure"))
    receipt = asyncio.run(_forget(context.obj, scope, request, yes=yes))
    if as_json:
        print_json(asdict(receipt))
    else:
        typer.echo(describe_receipt(receipt))
        for sentence in describe_receipt_notes(receipt):
            typer.echo(sentence)
    if not (receipt.passages or receipt.judgements):
        raise typer.Exit(1)


def describe_receipt(receipt: Receipt) -> str:
    """Return the receipt as a sentence."""
    gone = (
        (receipt.passages, ngettext_noop("{number} memory", "{number} memories")),
        (receipt.vectors, ngettext_noop("{number} vector", "{number} vectors")),
        (receipt.full_text, ngettext_noop("{number} full-text entry", "{number} full-text entries")),
        (receipt.facts, ngettext_noop("{number} fact", "{number} facts")),
        (receipt.answers, ngettext_noop("{number} answer", "{number} answers")),
        (receipt.documents, ngettext_noop("{number} document", "{number} documents")),
        (receipt.conversations, ngettext_noop("{number} conversation", "{number} conversations")),
        (receipt.judgements, ngettext_noop("{number} judgement", "{number} judgements")),
        (receipt.replies, ngettext_noop("{number} unsent reply", "{number} unsent replies")),
        (receipt.jobs, ngettext_noop("{number} planned job", "{number} planned jobs")),
        (receipt.values, ngettext_noop("{number} value of a plugin", "{number} values of plugins")),
        (receipt.files, ngettext_noop("{number} kept file", "{number} kept files")),
    )
    counted = ", ".join(ngettext(*forms, count) for count, forms in gone if count)
    return gettext("Forgotten: {counted}.", counted=counted) if counted else gettext("Nothing was forgotten.")


async def _forget(settings: Settings, choice: ScopeChoice, request: ForgetFilter, *, yes: bool) -> Receipt:
    async with open_memory(settings) as memory:
        scope = await scope_of(memory, choice)
        selection = await _selection(memory, scope, request)
        doomed = await memory.passages.select(scope, selection, limit=COUNTED + 1)
        _refuse_unknown_ids(request.ids, doomed)
        if not doomed and request.person is None:
            return Receipt()
        if doomed and not yes and not _confirm(doomed, settings):
            return Receipt()
        named = [] if request.matching is None else [request.matching]
        if request.ids:
            repeats = await find_repeats(memory, scope, doomed, named, lambda _: True)
            selection = Selection(passage_ids=tuple({each.id for each in (*doomed, *repeats)}))
        return await forget_everywhere(memory, scope, selection, by=":".join(MACHINE_OWNER), named=named)


async def _selection(memory: Memory, scope: Scope, request: ForgetFilter) -> Selection:
    selection = Selection(
        request.ids,
        matching=request.matching,
        person=request.person,
        import_id=request.import_id,
        document_ids=() if request.document_id is None else (request.document_id,),
        everything=request.everything,
    )
    if request.conversation is None:
        return selection
    return replace(selection, conversation_id=(await find_conversation(memory, scope, request.conversation)).id)


def _refuse_unknown_ids(ids: tuple[int, ...], found: list[Passage]) -> None:
    """Refuse a mistyped id before anything goes."""
    unknown = sorted(set(ids) - {passage.id for passage in found})
    if unknown and len(found) <= COUNTED:
        named = ", ".join(map(str, unknown))
        raise CommandError(
            gettext("no matching memory that you may see has the id {named}; nothing was forgotten", named=named)
        )


def _confirm(doomed: list[Passage], settings: Settings) -> bool:
    print_passages(doomed[:SHOWN], settings.time.zone)
    if len(doomed) > COUNTED:
        question = gettext("Forget more than {number} memories for good?", number=COUNTED)
    else:
        question = ngettext("Forget this memory for good?", "Forget {number} memories for good?", len(doomed))
    shown = gettext("({number} of them are shown)", number=SHOWN) if len(doomed) > SHOWN else ""
    return typer.confirm(f"{question} {shown}".rstrip())

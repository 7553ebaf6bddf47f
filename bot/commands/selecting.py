"""From the options of `memories` and `forget` to a selection of the memory."""

from __future__ import annotations

from bot.errors import CommandError
from bot.translation import gettext
from memory import Memory, Scope
from memory.records import ConversationRecord


async def find_conversation(memory: Memory, scope: Scope, wanted: str) -> ConversationRecord:
    """Return the conversation with this id or title, case ignored.

    Raises CommandError when there is none, or when several have the title.
    """
    known = [summary.conversation for summary in await memory.conversations.summarize(scope)]
    found = [each for each in known if str(each.id) == wanted]
    found = found or [each for each in known if each.title.casefold() == wanted.casefold()]
    if not found:
        raise CommandError(
            gettext('no conversation is called "{wanted}"; `scrubjay conversations` lists them', wanted=wanted)
        )
    if len(found) > 1:
        ids = ", ".join(str(each.id) for each in found)
        raise CommandError(
            gettext('several conversations are called "{wanted}"; say which by its id: {ids}', wanted=wanted, ids=ids)
        )
    return found[0]

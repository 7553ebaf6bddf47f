"""Decides about each message: its sender's role there, whether it may be stored, and what a refused sender is told."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access.pairing import Pairing, account_of, code_in
from bot.access.policy import AccessPolicy, Role
from bot.access.quotas import Quotas
from bot.events import Conversation, Message, Person
from bot.translation import gettext, gettext_noop
from memory import Memory, Passage, Scope, Selection

_MOST_PASSAGES = 1000
"""The most passages of a file that are looked at for codes."""
_STRANGER = gettext_noop("Sorry, I only talk with people my owner lets in: ask them to send me “/allow {account}”.")
_WRONG_CODE = gettext_noop("That code is wrong or has expired. `scrubjay pair` makes a new one.")
_LAST_TRY = gettext_noop("That code is wrong too. I accept no more codes from you today.")
_SEEN_CODE = gettext_noop(
    "Others here have seen that code, so I no longer accept it. Send me a new one in a direct chat."
)
_PAIRED = {
    Role.OWNER: gettext_noop("You are my owner here now. /help lists what I can do, /allow lets others in."),
    Role.MEMBER: gettext_noop(
        "Welcome! I remember what you tell me from now on, and answer from it. /help lists what I can do."
    ),
    Role.GUEST: gettext_noop("Welcome! You can ask me things in groups that I am in. I don't keep what guests say."),
}


@dataclass(frozen=True, slots=True)
class AdmissionDecision:
    """What the gate decided about a message. Without a role it is refused, and `sentence` is the only reply.

    Where not `keeps`, nothing of it may be stored, nor of what is answered.
    """

    role: Role | None
    keeps: bool = True
    sentence: str | None = None


class AccessGate:
    """Asks the policy about everyone, every time."""

    def __init__(self, memory: Memory, policy: AccessPolicy, quotas: Quotas) -> None:
        self._ledger = memory.ledger
        self._passages = memory.passages
        self._policy = policy
        self._quotas = quotas
        self._pairing = Pairing(memory.ledger)

    async def admit(self, message: Message, *, to_bot: bool) -> AdmissionDecision:
        """Decide about a message; one that is meant for the bot counts against its sender's quota."""
        role = await self._policy.role(message.sender, message.conversation)
        if message.conversation.kind != "direct" and await self._pairing.spoil_all_in(_collect_shown(message)):
            return AdmissionDecision(None, sentence=gettext(_SEEN_CODE) if role is not None else None)
        code = code_in(message.text)
        if code is not None and (role is None or await self._is_meant(message, code)):
            return await self._take_code(message, code)
        if role is None:
            return AdmissionDecision(None, sentence=await self._greet(message))
        spent = await self._quotas.take(message.sender, role, "messages") if to_bot else None
        if spent is not None:
            return AdmissionDecision(None, sentence=spent.sentence)
        return AdmissionDecision(role, keeps=role is not Role.GUEST and not await self.is_paused(message.conversation))

    async def spoil_codes(self, place: Conversation, text: str) -> None:
        """Withdraw the codes that a changed message shows to others."""
        if place.kind != "direct":
            await self._pairing.spoil_all_in(text)

    async def spoil_codes_in_document(self, place: Conversation, document_id: int) -> None:
        """Withdraw the codes in a file that others see. Where no code is good now, nothing is looked at."""
        if place.kind == "direct" or not await self._pairing.has_good_codes():
            return
        of_document = Selection(document_ids=(document_id,), everything=True)
        for passage in await self._passages.select(Scope.all(), of_document, limit=_MOST_PASSAGES):
            await self._pairing.spoil_all_in(passage.text)

    async def keeps(self, person: Person, place: Conversation) -> bool:
        """Say whether what this person says there may be stored, as things are now."""
        role = await self._policy.role(person, place)
        return role not in {None, Role.GUEST} and not await self.is_paused(place)

    async def keeps_change(self, place: Conversation, passage: Passage) -> bool:
        """Say whether the new text of a stored message may be stored."""
        account = None if passage.author_id is None else await self._ledger.links.find_account(passage.author_id)
        if account is None:
            return not await self.is_paused(place)
        return await self.keeps(Person(account.platform, account.id, passage.author), place)

    async def is_paused(self, place: Conversation) -> bool:
        """Say whether the memory is off there."""
        return await self._ledger.pauses.find(place.platform, place.id) is not None

    async def _greet(self, message: Message) -> str | None:
        """Return what a stranger is told: nothing in a group, and in a direct chat one sentence a day."""
        if message.conversation.kind != "direct":
            return None
        account = account_of(message.sender)
        is_first = await self._ledger.usage.add(account, self._quotas.today(), "greetings", limit=1)
        return gettext(_STRANGER, account=f"{account.platform}:{account.id}") if is_first else None

    async def _is_meant(self, message: Message, code: str) -> bool:
        """Say whether somebody who is admitted means a code: what only looks like one is a message as any other."""
        if message.text.lstrip().startswith("/"):
            return True
        account, today = account_of(message.sender), self._quotas.today()
        if not await self._pairing.tries_left(account, today):
            return False
        is_good = await self._pairing.is_good(code)
        if not is_good:
            await self._pairing.count_failure(account, today)
        return is_good

    async def _take_code(self, message: Message, code: str) -> AdmissionDecision:
        """Take a code, which is stored nowhere. Who has sent too many wrong ones is not even answered."""
        if message.conversation.kind != "direct":
            return AdmissionDecision(None)
        left = await self._pairing.tries_left(account_of(message.sender), self._quotas.today())
        if not left:
            return AdmissionDecision(None)
        paired = await self._pairing.pair(code, message.sender, self._quotas.today())
        if paired is None:
            return AdmissionDecision(None, sentence=gettext(_LAST_TRY if left == 1 else _WRONG_CODE))
        return AdmissionDecision(None, sentence=gettext(_PAIRED[paired]))


def _collect_shown(message: Message) -> str:
    """Return all that a message shows to others: its text, names of files, and what it replies to."""
    replied = message.replied.text_with_file_names if message.replied is not None else ""
    return f"{message.text_with_file_names}\n{replied}"

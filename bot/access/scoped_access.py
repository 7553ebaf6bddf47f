"""Access as one request may see and change it: every call is made in the name of the person who asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from bot.access.audit_words import in_words
from bot.access.members import add_listed
from bot.access.pairing import MINUTES, Pairing, account_of
from bot.access.policy import AccessPolicy, Role
from bot.access.quotas import Countable, Quotas
from bot.access.subjects import subject_of
from bot.errors import AccessDenied, CommandError
from bot.events import Message
from bot.translation import gettext, gettext_noop
from memory.access_records import Account, AuditEntry, Grant, GrantedRole
from memory.ledger import Ledger

_OWNERS_ONLY = gettext_noop("Only my owner may decide who talks with me.")
_NO_MORE_TRIES = gettext_noop("I accept no more codes from you today.")
_WRONG_CODE = gettext_noop("That code is wrong or has expired. Send /link in your other chat with me for a new one.")


_LINKED = gettext_noop(
    "{other} was just linked with this account: whoever has it can read what you tell me in our direct chats. "
    "If that was not you, send me /unlink at once."
)

Tell = Callable[[Account, str], Awaitable[bool]]
"""Tells somebody something in their direct chat with the bot; False where that is not known."""


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a quota is used today; `limit` is None where there is none."""

    what: Countable
    used: int
    limit: int | None


class ScopedAccess:
    """What a message's sender may know and decide about who talks with the bot, and about what it keeps."""

    code_minutes: ClassVar = MINUTES
    """How long a code for pairing or linking can be used."""

    def __init__(
        self,
        ledger: Ledger,
        policy: AccessPolicy,
        quotas: Quotas,
        message: Message,
        role: Role,
        *,
        tell: Tell | None = None,
    ) -> None:
        self._ledger = ledger
        self._policy = policy
        self._quotas = quotas
        self._pairing = Pairing(ledger)
        self._message = message
        self._tell = tell
        self.role = role

    # who may talk

    async def decide(self, who: str, role: Role | None) -> Grant:
        """Give a person, “here” or “workspace” a role; None denies them access. It holds at once, everywhere.

        Raises AccessDenied unless the sender is an owner, CommandError when nobody is meant or it can't be.
        """
        self._for_owners()
        subject = await subject_of(who, self._message, self._ledger)
        key = subject.platform, subject.external_id
        if subject.kind == "person":
            if self._policy.people.get(key) is Role.OWNER:
                raise CommandError(gettext("The settings file makes them an owner, so change it there."))
            if key == (self._message.sender.platform, self._message.sender.id):
                raise CommandError(gettext("You can't take your own role away; another owner can."))
        elif role is Role.OWNER:
            raise CommandError(gettext("Only a person can own me."))
        granted: GrantedRole = "denied" if role is None else role.value
        decided = replace(subject, role=granted)
        await self._ledger.grants.keep(decided)
        await self._note("decided", f"{subject.kind} {subject.platform}:{subject.external_id} is {granted}")
        return decided

    async def decisions(self) -> list[Grant]:
        """Return what owners have decided, and after it the people whom the settings list. Raises AccessDenied."""
        self._for_owners()
        return add_listed(await self._ledger.grants.read_all(), self._policy.people)

    async def read_usage(self) -> list[Use]:
        """Return what the sender has used of today's quotas."""
        counted: tuple[Countable, ...] = ("messages", "answers")
        return [
            Use(what, await self._quotas.count_used(self._message.sender, what), self._quotas.limit(self.role, what))
            for what in counted
        ]

    async def invite(self, role: Role) -> str:
        """Return a one-time code that gives who sends it a role on this platform. Raises AccessDenied."""
        self._for_owners()
        code = await self._pairing.invite(role, self._message.conversation.platform)
        await self._note("invited", f"a {role.value} on {self._message.conversation.platform}")
        return code

    async def audit(self, limit: int) -> list[AuditEntry]:
        """Return who decided what, in the language that is spoken, the latest first. Raises AccessDenied."""
        self._for_owners()
        return [in_words(entry) for entry in await self._ledger.audit.read_latest(limit)]

    async def _note(self, action: str, subject: str) -> None:
        sender = self._message.sender
        await self._ledger.audit.add(f"{sender.platform}:{sender.id}", action, subject)

    # one person, several accounts

    async def list_linked(self) -> list[Account]:
        """Return the sender's other accounts."""
        own = account_of(self._message.sender)
        return [account for account in await self._ledger.links.find_linked(own) if account != own]

    async def link_code(self) -> str:
        """Return a code that links the account which sends it with the sender's. Raises CommandError in groups."""
        self._for_members_alone()
        return await self._pairing.link_code(account_of(self._message.sender))

    async def find_asker(self, code: str) -> Account:
        """Return the account that asked for a link code. Raises CommandError for a wrong code, and for too many."""
        self._for_members_alone()
        own, today = account_of(self._message.sender), self._quotas.today()
        if not await self._pairing.tries_left(own, today):
            raise CommandError(gettext(_NO_MORE_TRIES))
        other = await self._pairing.find_asker(code)
        if other is None:
            await self._pairing.count_failure(own, today)
            raise CommandError(gettext(_WRONG_CODE))
        if other == own:
            raise CommandError(
                gettext("Send that code from your other account, within {minutes} minutes.", minutes=MINUTES)
            )
        return other

    async def link(self, code: str) -> Account:
        """Link the sender with the account that asked for this code: their direct chats share one memory from now on.

        Raises CommandError as `find_asker` does.
        """
        other = await self.find_asker(code)
        own = account_of(self._message.sender)
        others = await self._ledger.links.find_linked(other)
        if await self._pairing.link(code, own) != other:
            raise CommandError(gettext(_WRONG_CODE))
        for account in others:
            if self._tell is not None and account != own:
                await self._tell(account, gettext(_LINKED, other=f"{own.platform}:{own.id}"))
        return other

    async def unlink(self) -> bool:
        """Part the sender's account from its others; False when there are none."""
        return await self._ledger.links.unlink(account_of(self._message.sender))

    # what is kept

    async def is_paused(self) -> bool:
        """Say whether the memory is off in this conversation."""
        return await self._find_who_paused() is not None

    async def pause(self) -> None:
        """Keep nothing of this conversation from now on. Raises AccessDenied for guests."""
        if self.role is Role.GUEST:
            raise AccessDenied(gettext("Guests can't switch the memory off. I keep nothing that guests say anyway."))
        place = self._message.conversation
        await self._ledger.pauses.start(place.platform, place.id, self._message.sender.id)

    async def resume(self) -> None:
        """Keep what is said here again. Raises AccessDenied unless the sender switched it off, or is an owner."""
        by = await self._find_who_paused()
        if by is None:
            return
        if self.role is not Role.OWNER and by != self._message.sender.id:
            raise AccessDenied(
                gettext("Only the person who switched the memory off here, or my owner, can switch it on again.")
            )
        place = self._message.conversation
        await self._ledger.pauses.end(place.platform, place.id)

    async def _find_who_paused(self) -> str | None:
        place = self._message.conversation
        return await self._ledger.pauses.find(place.platform, place.id)

    def _for_owners(self) -> None:
        if self.role is not Role.OWNER:
            raise AccessDenied(gettext(_OWNERS_ONLY))

    def _for_members_alone(self) -> None:
        if self._message.conversation.kind != "direct":
            raise CommandError(gettext("Do that in a direct chat: anyone who reads the code here could use it."))
        if self.role is Role.GUEST:
            raise AccessDenied(gettext("Guests have no memory to share."))

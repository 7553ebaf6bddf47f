"""How much a person may use the bot in a day: messages to it, and answers that it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Literal

from bot.access.pairing import account_of
from bot.access.policy import Role
from bot.events import Person
from bot.translation import gettext, gettext_noop
from memory.ledger import Ledger

Countable = Literal["messages", "answers"]

_SPENT: dict[Countable, str] = {
    "messages": gettext_noop(
        "You have reached today's limit for messages ({limit}). I'll listen again after midnight."
    ),
    "answers": gettext_noop("You have reached today's limit for answers ({limit}). I'll answer again after midnight."),
}


@dataclass(frozen=True, slots=True)
class Quota:
    """The most in a day; None is without end."""

    messages: int | None = None
    answers: int | None = None

    def of(self, what: Countable) -> int | None:
        """Return the limit of one thing that is counted."""
        return self.messages if what == "messages" else self.answers


@dataclass(frozen=True, slots=True)
class Spent:
    """That a quota is spent; `sentence` says so, the first time in a day that it is asked for."""

    sentence: str | None


class Quotas:
    """Counts in the database, by days of one zone. Roles without a quota are not counted."""

    def __init__(
        self,
        ledger: Ledger,
        limits: Mapping[Role, Quota],
        zone: tzinfo | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ledger = ledger
        self._limits = limits
        self._zone = zone
        self._now = now

    def today(self) -> date:
        """Return the day that is counted on: it ends at midnight in the configured zone."""
        return self._now().astimezone(self._zone or UTC).date()

    def limit(self, role: Role, what: Countable) -> int | None:
        """Return how many a role may have in a day."""
        return self._limits.get(role, Quota()).of(what)

    async def count_used(self, person: Person, what: Countable) -> int:
        """Return how many this person, under all linked accounts, has had today."""
        return await self._ledger.usage.count(account_of(person), self.today(), what)

    async def take(self, person: Person, role: Role, what: Countable) -> Spent | None:
        """Count one more; when none is left, return that."""
        limit = self.limit(role, what)
        usage, account, today = self._ledger.usage, account_of(person), self.today()
        if limit is None or await usage.add(account, today, what, limit=limit):
            return None
        is_first = await usage.add(account, today, f"told of {what}", limit=1)
        return Spent(gettext(_SPENT[what], limit=limit) if is_first else None)

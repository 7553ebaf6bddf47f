"""From the settings to who may talk, and how much."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from bot.access.members import Members
from bot.access.policy import AllowList, Key, Role
from bot.access.quotas import Quota, Quotas
from bot.configuration.settings import AccessSettings
from memory.ledger import Ledger


def open_policy(settings: AccessSettings, ledger: Ledger) -> Members:
    """Return the policy of the settings' lists, and of what is decided while the bot runs."""
    listed = AllowList(
        owners=_keys(settings.owners),
        people=_keys(settings.people),
        guests=_keys(settings.guests),
        conversations=_keys(settings.conversations),
        workspaces=_keys(settings.workspaces),
    )
    return Members(listed, ledger)


def quotas_of(settings: AccessSettings, ledger: Ledger, zone: tzinfo | None) -> Quotas:
    """Return the daily quotas; owners have none."""
    limits = {
        Role.MEMBER: Quota(settings.daily_messages, settings.daily_answers),
        Role.GUEST: Quota(settings.guest_daily_messages, settings.guest_daily_answers),
    }
    return Quotas(ledger, limits, zone)


def _keys(listed: Iterable[str]) -> list[Key]:
    """Return (platform, id) of each "platform:id"."""
    return [(platform, account) for platform, _, account in (entry.partition(":") for entry in listed)]

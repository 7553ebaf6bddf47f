"""What the audit holds, in the language that is spoken: it is kept in English, in a few forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.translation import gettext, gettext_noop, ngettext
from memory.access_records import AuditEntry

_ACTIONS = {
    "invited": gettext_noop("made a code"),
    "forgot": gettext_noop("forgot"),
    "decided": gettext_noop("decided"),
    "paired": gettext_noop("was let in by a code"),
}


def in_words(entry: AuditEntry) -> AuditEntry:
    """Return an entry as people are told it."""
    return replace(entry, action=describe_action(entry), subject=describe_subject(entry))


def describe_action(entry: AuditEntry) -> str:
    """Return what somebody did, as a word or two after their name."""
    return gettext(_ACTIONS.get(entry.action, entry.action))


def describe_subject(entry: AuditEntry) -> str:
    """Return what it was about; what has none of the known forms stays as it is."""
    for pattern, describe in _SUBJECTS:
        if match := pattern.fullmatch(entry.subject):
            return describe(match)
    return entry.subject


def _describe_invitation(match: re.Match[str]) -> str:
    platform = gettext("any platform") if match["platform"] == "any platform" else match["platform"]
    return gettext("for the role {role}, on {platform}", role=gettext(match["role"]), platform=platform)


def _describe_forgetting(match: re.Match[str]) -> str:
    number = int(match["number"])
    told = ngettext("{number} text", "{number} texts", number)
    if match["conversation"] is None:
        return f"{told}{match['rest']}"
    return gettext("{texts}, conversation {number}", texts=told, number=match["conversation"])


def _describe_decision(match: re.Match[str]) -> str:
    role = gettext(match["role"])
    return gettext("{who} ({kind}): {role}", who=match["who"], kind=gettext(match["kind"]), role=role)


_SUBJECTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"a (?P<role>\w{1,20}) on (?P<platform>.{1,300})"), _describe_invitation),
    (
        re.compile(
            r"(?P<number>\d{1,15}) texts"
            r"(?:(?:,? asked in| of) conversation (?P<conversation>\d{1,15}))?(?P<rest>.{0,300})"
        ),
        _describe_forgetting,
    ),
    (re.compile(r"(?P<kind>\w{1,20}) (?P<who>\S{1,300}) is (?P<role>\w{1,20})"), _describe_decision),
    (re.compile(r"as (?P<role>\w{1,20})"), lambda match: gettext("role: {role}", role=gettext(match["role"]))),
)

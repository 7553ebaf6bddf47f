"""Whom a person means: “here”, “telegram:123”, somebody they mention, or somebody by name."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import CommandError
from bot.events import Message, Person, platform_of
from bot.translation import gettext
from memory.access_records import Grant
from memory.ledger import Ledger

HERE = "here"
WORKSPACE = "workspace"


async def subject_of(who: str, message: Message, ledger: Ledger) -> Grant:
    """Return the person, conversation or workspace that is meant, with what is decided about it if anything is.

    What is not decided about yet comes as a guest, for the caller to change. Raises CommandError when nobody is meant,
    or several could be.
    """
    place = message.conversation
    if who in (HERE, WORKSPACE) and place.kind == "direct":
        raise CommandError(
            gettext("“{who}” is for groups. Here, give a name, or an account such as telegram:123456.", who=who)
        )
    if who == HERE:
        return Grant(place.platform, "conversation", place.id, "guest", place.title)
    if who == WORKSPACE:
        if place.workspace is None:
            raise CommandError(gettext("I know of no workspace that this group is in. “here” means the group."))
        return Grant(place.platform, "workspace", place.workspace, "guest")
    known = await ledger.grants.read_all()
    if called := [mention.person for mention in message.mentions if mention.text == who]:
        return _single(who, [_grant_about(person, known) for person in dict.fromkeys(called)])
    platform, colon, external_id = who.partition(":")
    if colon and platform and external_id and " " not in who:
        platform = platform.casefold()
        named = [grant for grant in known if (grant.platform, grant.external_id) == (platform, external_id)]
        return named[0] if named else Grant(platform_of(platform), "person", external_id, "guest")
    return await _find_by_name(who.removeprefix("@"), known, ledger)


async def _find_by_name(name: str, known: list[Grant], ledger: Ledger) -> Grant:
    remembered = await ledger.grants.find_people(name)
    decided = [grant for grant in known if grant.name.casefold() == name.casefold()]
    keys = {(grant.platform, grant.kind, grant.external_id) for grant in decided}
    found = decided + [each for each in remembered if (each.platform, each.kind, each.external_id) not in keys]
    if not found:
        raise CommandError(
            gettext("I know nobody called {name}; give their account, such as telegram:123456.", name=name)
        )
    return _single(name, found)


def _grant_about(person: Person, known: list[Grant]) -> Grant:
    """Return what is decided about somebody who is mentioned."""
    decided = [grant for grant in known if (grant.platform, grant.external_id) == (person.platform, person.id)]
    return replace(decided[0] if decided else Grant(person.platform, "person", person.id, "guest"), name=person.name)


def _single(name: str, found: list[Grant]) -> Grant:
    if len(found) > 1:
        accounts = ", ".join(f"{grant.platform}:{grant.external_id}" for grant in found)
        raise CommandError(
            gettext("Several people are called {name}. Say which one: {accounts}.", name=name, accounts=accounts)
        )
    return replace(found[0], name=found[0].name or name)

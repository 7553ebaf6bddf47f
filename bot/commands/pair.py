"""The command `pair`: a one-time code that lets somebody in on a chat platform."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot.access.pairing import MINUTES, Pairing
from bot.access.policy import MACHINE_OWNER, Role
from bot.commands.options import JsonOption
from bot.commands.terminal import print_json
from bot.configuration.loader import ADAPTERS, list_installed
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.events import platform_of
from bot.translation import gettext, gettext_noop
from memory.databases import open_ledger

Platform = Annotated[
    str | None, typer.Argument(metavar="[PLATFORM]", help="The only platform where it is valid, such as telegram.")
]
RoleOption = Annotated[Role, typer.Option(help="The role of whoever sends it.")]


def pair(
    context: typer.Context,
    platform: Platform = None,
    role: RoleOption = Role.OWNER,
    as_json: JsonOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
) -> None:
    """Make a one-time code that gives you, or somebody else, access on a chat platform.

    Send it to the bot there, in a direct chat. It works while the bot runs.

    Example: scrubjay pair telegram
    """
    settings: Settings = context.obj
    _refuse_unknown(platform, settings)
    code = asyncio.run(invite(settings, role, platform))
    if as_json:
        print_json({"code": code, "role": role.value, "platform": platform, "minutes": MINUTES})
    else:
        typer.echo(invitation(code, role, platform))


_WITH_ARTICLE = {
    Role.OWNER: gettext_noop("an owner"),
    Role.MEMBER: gettext_noop("a member"),
    Role.GUEST: gettext_noop("a guest"),
}


def invitation(code: str, role: Role, platform: str | None) -> str:
    """Return what to do with a code."""
    where = gettext("on {platform}", platform=platform) if platform else gettext("on any platform")
    return gettext(
        "Send {code} to the bot {where}, in a direct chat, within {minutes} minutes: it makes you {role} there, once.",
        code=code,
        where=where,
        minutes=MINUTES,
        role=gettext(_WITH_ARTICLE[role]),
    )


async def invite(settings: Settings, role: Role, platform: str | None) -> str:
    """Return a new one-time code."""
    async with open_ledger(settings.store) as ledger:
        code = await Pairing(ledger).invite(role, platform)
        await ledger.audit.add(":".join(MACHINE_OWNER), "invited", f"a {role.value} on {platform or 'any platform'}")
        return code


def _refuse_unknown(platform: str | None, settings: Settings) -> None:
    """Refuse a mistyped platform, whose code would be good nowhere; an adapter given by its path may have any name."""
    known = {*list_installed(ADAPTERS), *settings.adapters}
    if (
        platform is not None
        and platform_of(platform) not in known
        and not any(":" in name for name in settings.adapters)
    ):
        raise CommandError(
            gettext(
                "no platform is called {platform}; there are: {names}",
                platform=platform,
                names=", ".join(sorted(known)),
            )
        )

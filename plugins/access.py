"""Who may talk with the bot, what it keeps, and whose accounts are one: /allow, /members, /memory, /link and so on."""

from __future__ import annotations

from typing import Annotated, Literal

from bot import Account, CommandError, Context, Grant, Plugin, Role, command
from bot.translation import format_moment, gettext, gettext_noop

_WHO = gettext_noop("a name, an account such as telegram:123, “here” for this group, or “workspace” for all of it")
_ROLE = gettext_noop("owner, member or guest")
_AUDITED = 20
_WITH_ARTICLE = {
    Role.OWNER: gettext_noop("an owner"),
    Role.MEMBER: gettext_noop("a member"),
    Role.GUEST: gettext_noop("a guest"),
}
_ROLES: dict[str, str] = {
    "owner": gettext_noop("owner"),
    "member": gettext_noop("member"),
    "guest": gettext_noop("guest"),
    "denied": gettext_noop("denied"),
}
_COUNTED: dict[str, str] = {"messages": gettext_noop("messages"), "answers": gettext_noop("answers")}


class AccessPlugin(Plugin):
    """Lets owners decide who talks with the bot, and everybody what it keeps of them."""

    name = "access"

    @command("allow", "let somebody talk with me", owner_only=True)
    async def allow(
        self, context: Context, who: Annotated[str, _WHO] = "here", role: Annotated[Role, _ROLE] = Role.MEMBER
    ) -> str:
        """Give a role, at once."""
        decided = await context.access.decide(who, role)
        if decided.kind == "person":
            return gettext("{who} is {role} now.", who=name_subject(decided), role=with_article(role))
        where, as_what = name_subject(decided), with_article(role)
        return gettext(
            "Everybody in {where} may talk with me now, as {role}. I remember what is said there.",
            where=where,
            role=as_what,
        )

    @command("deny", "turn somebody away, at once", owner_only=True)
    async def deny(self, context: Context, who: Annotated[str, _WHO] = "here") -> str:
        """Take every role away. What was said before stays until it is forgotten."""
        decided = await context.access.decide(who, None)
        return gettext(
            "I no longer listen to {who}. What I remember from there stays; /forget removes it.",
            who=name_subject(decided),
        )

    @command("role", "show your role, or give somebody one", private=True)
    async def role(
        self, context: Context, who: Annotated[str, _WHO] = "", role: Annotated[Role | None, _ROLE] = None
    ) -> str:
        """Show the sender's own standing, or change another's."""
        if not who:
            return "\n".join(
                [gettext("You are {role}.", role=with_article(context.access.role)), *await self._describe_use(context)]
            )
        if role is None:
            raise CommandError(gettext("Say which role: {role}.", role=gettext(_ROLE)))
        return gettext(
            "{who} is {role} now.",
            who=name_subject(await context.access.decide(who, role)),
            role=with_article(role),
        )

    @command("members", "list who may talk with me", owner_only=True, private=True)
    async def members(self, context: Context) -> str:
        """List every decision, and who is listed in the settings."""
        lines = [
            f"- {name_subject(grant)}: {gettext(_ROLES[grant.role])}" for grant in await context.access.decisions()
        ]
        return "\n".join(lines) or gettext("Nobody but you. /allow lets others in.")

    @command("audit", "list who decided what, the latest first", owner_only=True, private=True)
    async def audit(self, context: Context) -> str:
        """List who let whom in, who made codes and who forgot how much; never what was said."""
        entries = await context.access.audit(_AUDITED)
        times = [each.at if context.zone is None else each.at.astimezone(context.zone) for each in entries]
        lines = [
            f"- {format_moment(at)}: {each.actor} {each.action}: {each.subject}"
            for at, each in zip(times, entries, strict=True)
        ]
        return "\n".join(lines) or gettext("Nobody has decided anything yet.")

    @command("invite", "make a code that lets somebody in", owner_only=True, private=True)
    async def invite(self, context: Context, role: Annotated[Literal["member", "guest"], "or guest"] = "member") -> str:
        """Make a one-time code for this platform; in a group it goes to the asker alone."""
        code = await context.access.invite(Role(role))
        minutes = context.access.code_minutes
        return gettext(
            "Who sends me `{code}` in a direct chat within {minutes} minutes becomes {role}.",
            code=code,
            minutes=minutes,
            role=with_article(Role(role)),
        )

    @command("pair", "show me a code that my owner gave you")
    async def pair(self, _: Context, code: Annotated[str, "as K7QM-4XHD-2RTC"] = "") -> str:
        """Explain: what is a code is taken before any command runs, so that it is stored nowhere."""
        told = gettext("Send me the code alone, in a direct chat. `scrubjay pair` or /invite makes one.")
        return f"{gettext('That is not one of my codes.')} {told}" if code else told

    @command("link", "share one memory between your accounts")
    async def link(self, context: Context, code: Annotated[str, "what I gave you in your other chat"] = "") -> str:
        """Give a code, or link with the account that has asked for the one that is sent."""
        if not code:
            return await self._offer_link(context)
        other = await context.access.find_asker(code)
        if not await context.confirm(
            gettext(
                "Is {other} you as well? Whoever has that account will read what you tell me in our "
                "direct chats, and you what they do.",
                other=spell_account(other),
            )
        ):
            return gettext("Nothing was linked.")
        linked = await context.access.link(code)
        return gettext(
            "Linked with {account}: your direct chats share one memory. /unlink separates them.",
            account=spell_account(linked),
        )

    @command("unlink", "unlink this account from your others")
    async def unlink(self, context: Context) -> str:
        """Part the accounts. Each keeps what was told under it."""
        if not await context.access.unlink():
            return gettext("This account isn't linked with any other.")
        return gettext("Unlinked: each account remembers only what was told under it.")

    @command("memory", "show, or switch, whether I keep what is said here")
    async def memory(self, context: Context, state: Annotated[Literal["on", "off", ""], "on or off"] = "") -> str:
        """Switch the memory off or on for a whole conversation, with its threads."""
        access = context.access
        if state == "off":
            await access.pause()
            return gettext(
                "The memory is off here: from now on I store nothing, neither what you say nor what I "
                "do, and still answer when asked, from what I remember. /memory on resumes."
            )
        if state == "on":
            was_off = await access.is_paused()
            await access.resume()
            return gettext("The memory is on again.") if was_off else gettext("The memory is on already.")
        if await access.is_paused():
            return gettext("The memory is off here: I store nothing. /memory on resumes.")
        if access.role is Role.GUEST:
            return gettext("The memory is on here, but I keep nothing that you say as a guest.")
        return gettext("The memory is on: I keep what is said here. /memory off stops that.")

    async def _offer_link(self, context: Context) -> str:
        linked = ", ".join(map(spell_account, await context.access.list_linked()))
        code, minutes = await context.access.link_code(), context.access.code_minutes
        told = gettext(
            "To link another account of yours, send me `/link {code}` from it within {minutes} minutes. "
            "Never give the code to anybody: whoever sends it can read what you tell me here.",
            code=code,
            minutes=minutes,
        )
        return f"{gettext('This account is linked with {accounts}.', accounts=linked)} {told}" if linked else told

    async def _describe_use(self, context: Context) -> list[str]:
        return [
            gettext(
                "- {what} today: {used} of {limit}", what=gettext(_COUNTED[use.what]), used=use.used, limit=use.limit
            )
            for use in await context.access.read_usage()
            if use.limit is not None
        ]


def with_article(role: Role) -> str:
    """Return a role with its article."""
    return gettext(_WITH_ARTICLE[role])


def name_subject(grant: Grant) -> str:
    """Return what a decision is about, so that a person knows it again and a command takes it."""
    account = spell_account(Account(grant.platform, grant.external_id))
    kind = "" if grant.kind == "person" else f"{grant.kind} "
    return f"{grant.name} ({kind}{account})" if grant.name else f"{kind}{account}"


def spell_account(account: Account) -> str:
    """Return an account as commands take it."""
    return f"{account.platform}:{account.id}"

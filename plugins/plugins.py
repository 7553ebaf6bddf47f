"""/plugins: what there is, switching it on and off, reloading it, setting it; for owners, while the bot runs."""

from __future__ import annotations

from typing import Annotated, Literal

from bot import CommandError, Context, Plugin, command
from bot.context import PluginReport
from bot.translation import gettext, gettext_noop

Action = Literal["list", "info", "enable", "disable", "reload", "settings", "set", "unset"]
_ON, _OFF = gettext_noop("on"), gettext_noop("off")
_MARKS = {
    "on": _ON,
    "off": _OFF,
    "failed": gettext_noop("off after failures"),
    "changed": _OFF,
    "new": _OFF,
    "unusable": _OFF,
}
_DIGEST_SHOWN = 12


class PluginsPlugin(Plugin):
    """Lets owners switch, reload and set plugins from a chat."""

    name = "plugins"

    @command("plugins", "list my plugins, switch them on and off, reload or set them", owner_only=True)
    async def plugins(
        self,
        context: Context,
        action: Annotated[Action, "list, info, enable, disable, reload, settings, set or unset"] = "list",
        name: Annotated[str, "which plugin"] = "",
        setting: Annotated[str, "for set: which setting, and its value"] = "",
    ) -> str:
        """Do one thing with one plugin, or list them all."""
        if action == "list":
            return "\n".join(_line(report) for report in await context.plugins.all())
        if not name:
            raise CommandError(
                gettext("Say which plugin: `/plugins {action} NAME`. /plugins lists them.", action=action)
            )
        if action in ("set", "unset"):
            return await self._set(context, name, setting, unset=action == "unset")
        do = {
            "info": self._info,
            "enable": self._enable,
            "disable": self._disable,
            "reload": self._reload,
            "settings": self._settings,
        }[action]
        return await do(context, name)

    async def _info(self, context: Context, name: str) -> str:
        found = await context.plugins.find(name)
        report = next(each for each in await context.plugins.all() if each.name == name)
        digest = f"\nsha256 `{found.file.digest}`" if found.file is not None else ""
        return gettext("{line}\nfrom {where}{digest}", line=_line(report), where=report.where, digest=digest)

    async def _enable(self, context: Context, name: str) -> str:
        found = await context.plugins.find(name)
        if found.file is None:
            return _join_sentences(gettext("{name} is on.", name=name), await context.plugins.enable(name))
        file = found.file
        about = gettext(
            "{name} ({number} bytes, sha256 {digest}…)",
            name=file.path.name,
            number=len(file.source),
            digest=file.digest[:_DIGEST_SHOWN],
        )
        question = gettext(
            "{about} is a file on my machine. Once it is on, it can do everything that I can. Run it as it is now?",
            about=about,
        )
        if not await context.confirm(question):
            return gettext("{name} stays off.", name=name)
        return _join_sentences(
            gettext("{name} is on.", name=name), await context.plugins.enable(name, digest=file.digest)
        )

    async def _disable(self, context: Context, name: str) -> str:
        if name == self.name:
            raise CommandError(
                gettext("Without it you could not tell me to switch it on again; `scrubjay plugins` can.")
            )
        await context.plugins.disable(name)
        return gettext("{name} is off.", name=name)

    async def _reload(self, context: Context, name: str) -> str:
        return _join_sentences(gettext("{name} is reloaded.", name=name), await context.plugins.reload(name))

    async def _settings(self, context: Context, name: str) -> str:
        lines = [
            f"- `{each.name}` = {each.value}{' (set in a chat)' if each.set_here else ''} {each.help}".rstrip()
            for each in await context.plugins.settings(name)
        ]
        return "\n".join(lines) or gettext("{name} has no settings.", name=name)

    async def _set(self, context: Context, name: str, setting: str, *, unset: bool) -> str:
        key, _, value = setting.strip().partition(" ")
        if not key or (not unset and not value.strip()):
            raise CommandError(
                gettext(
                    "Say what: `/plugins set {name} SETTING VALUE`. /plugins settings {name} lists them.", name=name
                )
            )
        await context.plugins.set(name, key, None if unset else value.strip())
        return (
            gettext("{key} follows the settings file again.", key=key)
            if unset
            else gettext("{key} is set, and {name} goes on with it.", key=key, name=name)
        )


def _line(report: PluginReport) -> str:
    """Return a plugin as a line of the list: its name, how it stands, what it is or what is in its way."""
    state = _ON if report.runs else _MARKS[report.status.word]
    if report.status.on and not report.runs:
        state = _OFF
    trouble = report.problem or report.status.why
    if report.status.on and not report.runs and not trouble:
        trouble = gettext("it could not be started; the log says why")
    about = f": {gettext(report.summary)}" if report.summary else ""
    return f"- **{report.name}** {gettext(state)}{about}{f' ({trouble})' if trouble else ''}"


def _join_sentences(sentence: str, more: list[str]) -> str:
    return " ".join([sentence, *more])

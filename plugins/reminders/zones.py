"""The time zone that somebody means: its name, or a city's."""

from __future__ import annotations

from zoneinfo import available_timezones

from bot import CommandError
from bot.translation import gettext
from plugins.reminders.lexer import plain

_SHOWN = 5


def zone_called(name: str) -> str:
    """Return the name of the zone that is called so, or has a city of that name. Raises CommandError."""
    wanted = plain(name.strip()).replace(" ", "_")
    zones = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    fitting = [zone for zone in zones if plain(zone) == wanted]
    fitting = fitting or [zone for zone in zones if plain(zone).rpartition("/")[2] == wanted]
    if len(fitting) == 1 or (fitting and plain(fitting[0]) == wanted):
        return fitting[0]
    near = fitting or [zone for zone in zones if wanted and wanted in plain(zone)]
    hint = (
        gettext("Did you mean {names}?", names=", ".join(near[:_SHOWN]))
        if near
        else gettext("Use a name such as Europe/Lisbon, or a large city.")
    )
    unknown = gettext("I don't know which time zone “{name}” is.", name=name)
    raise CommandError(f"{unknown} {hint}")

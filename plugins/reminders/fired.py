"""The reminders of a person that came last in a conversation: any of them can be put off."""

from __future__ import annotations

from pydantic import JsonValue

from bot import CommandError, JobContext, Person
from bot.context import Values
from bot.translation import gettext

_MOST = 20  # for each person in each conversation


def _key_of(person: Person) -> str:
    return f"fired:{person.platform}:{person.id}"


async def read_fired(store: Values, person: Person) -> dict[str, dict[str, JsonValue]]:
    """Return the reminders of a person that came last, by their keys in the order in which they came.

    Each is a value of its own, so that it is forgotten with its own message alone; they used to be one value together.
    """
    together: dict[str, dict[str, JsonValue]] = await store.get(
        _key_of(person), {}, type=dict[str, dict[str, JsonValue]]
    )
    kept = await store.items(f"{_key_of(person)}/", type=dict[str, JsonValue])
    alone = sorted(kept.values(), key=lambda each: str(each.get("fired", "")))
    return together | {str(each.get("key", "")): each for each in alone}


async def keep_fired(context: JobContext, key: str, reminder: dict[str, JsonValue]) -> None:
    """Keep a reminder so that it can be put off; of too many the oldest go."""
    store, prefix = context.store.here, f"{_key_of(context.person)}/"
    fired: dict[str, JsonValue] = {**reminder, "words": "", "fired": context.now.isoformat()}
    fired["drawn_from"] = list(context.drawn_from)
    await store.set(prefix + key, fired, drawn_from=context.drawn_from)
    for old in list(await read_fired(store, context.person))[:-_MOST]:
        await store.delete(prefix + old)


def choose_fired(fired: dict[str, dict[str, JsonValue]], key: str) -> dict[str, JsonValue]:
    """Return the reminder with a key of those that came last; without one the very last."""
    found = fired.get(key) if key else next(reversed(fired.values()), None)
    if found is None:
        raise CommandError(gettext("There is no reminder to put off here."))
    return found


def sources_of(reminder: dict[str, JsonValue]) -> tuple[int, ...]:
    """Return the passages that a reminder's words are from."""
    found = reminder.get("drawn_from")
    return tuple(each for each in found if isinstance(each, int)) if isinstance(found, list) else ()

"""A plugin's own storage: small JSON values by key, for a conversation, for a person, or for the plugin as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, overload

from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from bot.access.sources import HandlerSources
from bot.errors import FORGOTTEN_MEANWHILE, NOT_KEPT, CommandError, PluginError
from memory.engine import PluginValueStore
from memory.errors import SourceForgotten, ValueRefused
from memory.plugin_records import PluginSpace

T = TypeVar("T")
D = TypeVar("D")


class Values:
    """Values that a plugin keeps in one place; no other plugin, and no other place, sees them.

    Where nothing may be kept (`keeps` is false) they can be read and deleted, but not set.
    """

    def __init__(
        self, values: PluginValueStore, space: PluginSpace, *, keeps: bool = True, sources: HandlerSources | None = None
    ) -> None:
        self._values = values
        self._space = space
        self._keeps = keeps
        self._sources = sources or HandlerSources()

    @overload
    async def get(self, key: str, default: JsonValue = None) -> JsonValue: ...

    @overload
    async def get(self, key: str, *, type: type[T] | TypeAdapter[T]) -> T | None: ...

    @overload
    async def get(self, key: str, default: D, *, type: type[T] | TypeAdapter[T]) -> T | D: ...

    async def get(
        self,
        key: str,
        default: object = None,
        *,
        type: type[Any] | TypeAdapter[Any] | None = None,  # noqa: A002 (the word that reads best in a call)
    ) -> object:
        """Return a value, or `default` where there is none.

        With a `type` the value is read as one: `int`, `list[str]`, a dataclass, a pydantic model, or a TypeAdapter for
        what is not a class. Raises PluginError when what is kept is not of that type.
        """
        text = await self.get_json(key)
        return default if text is None else _read(key, text, type)

    async def get_json(self, key: str) -> str | None:
        """Return a value as JSON, or None where there is none."""
        text = await self._values.get(self._space, key)
        if text is not None:
            self._sources.read.update(await self._values.find_sources(self._space, key))
        return text

    async def set(self, key: str, value: object, *, drawn_from: Iterable[int] = ()) -> None:
        """Keep a value: JSON, or what pydantic can write as JSON, such as a dataclass. It is committed on return.

        It is forgotten with any of the passages in `drawn_from`: name those whose words are in it, `context.drawn_from`
        for the message that is being handled. Raises CommandError where nothing may be kept, and PluginError for what
        can't be written or is too large.
        """
        try:
            text = json.dumps(to_jsonable_python(value), ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise PluginError(f"{key!r:.60} can't be kept: it can't be written as JSON: {error}") from error
        await self.set_json(key, text, tuple(drawn_from))

    async def set_json(self, key: str, text: str, drawn_from: Sequence[int] = ()) -> None:
        """Keep a value that is JSON already. Raises as `set` does."""
        if not self._keeps:
            raise CommandError(NOT_KEPT)
        try:
            await self._values.put(self._space, key, text, drawn_from)
        except SourceForgotten as error:
            raise CommandError(FORGOTTEN_MEANWHILE) from error
        except ValueRefused as error:
            raise PluginError(f"{key!r:.60} can't be kept: {error}") from error

    async def delete(self, key: str) -> bool:
        """Delete a value; False when there was none."""
        return await self._values.delete(self._space, key)

    @overload
    async def items(self, prefix: str = "") -> dict[str, JsonValue]: ...

    @overload
    async def items(self, prefix: str = "", *, type: type[T] | TypeAdapter[T]) -> dict[str, T]: ...

    async def items(
        self,
        prefix: str = "",
        *,
        type: type[Any] | TypeAdapter[Any] | None = None,  # noqa: A002 (as for `get`)
    ) -> dict[str, Any]:
        """Return the values whose keys begin with `prefix`, in the order of the keys; `type` as for `get`."""
        return {key: _read(key, text, type) for key, text in (await self.items_json(prefix)).items()}

    async def items_json(self, prefix: str = "") -> dict[str, str]:
        """Return the same values as JSON."""
        found = await self._values.items(self._space, prefix)
        if found:
            self._sources.read.update(await self._values.find_sources(self._space, prefix))
        return found


class PluginStore:
    """What a plugin keeps, as one message's handler may see it.

    `here` belongs to the conversation and is forgotten with it; `mine` to the person, in all their conversations and
    under all their linked accounts; `everywhere` to the plugin.
    """

    def __init__(
        self,
        values: PluginValueStore,
        plugin: str,
        *,
        conversation_id: int,
        people: tuple[int, ...],
        keeps: bool,
        sources: HandlerSources | None = None,
    ) -> None:
        here, mine = PluginSpace(plugin, conversation_id=conversation_id), PluginSpace(plugin, people=people)
        self.here = Values(values, here, keeps=keeps, sources=sources)
        self.mine = Values(values, mine, keeps=keeps, sources=sources)
        self.everywhere = Values(values, PluginSpace(plugin), keeps=keeps, sources=sources)


def _read(key: str, text: str, kind: type[Any] | TypeAdapter[Any] | None) -> object:
    if kind is None:
        return json.loads(text)
    adapter = kind if isinstance(kind, TypeAdapter) else TypeAdapter(kind)
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = "".join(f"[{part!r}]" for part in first["loc"])
        raise PluginError(f"the value kept as {key!r:.60}{where} is of another type: {first['msg']}") from error

"""Calls of the SDK as JSON: which methods go over the connection, and what becomes of their arguments and results."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import GenericAlias
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

from bot.answering.records import Answer

T = TypeVar("T")
Call = Callable[[str, dict[str, Any]], Awaitable[Any]]
"""Calls a method at the other end, with its arguments as JSON, and returns its result as JSON."""

_TYPE_CHECKING_ONLY = {"Answer": Answer}
_NOT_SENT = frozenset({"later", "get", "set", "items"})
"""Methods that take what can't be sent: the two ends bring their own, or build them on others that are sent."""


@dataclass(frozen=True, slots=True)
class Marshalled:
    """A method as JSON: how its arguments, by name, and its result are written and read."""

    signature: inspect.Signature
    arguments: Mapping[str, TypeAdapter[Any]]
    result: TypeAdapter[Any]

    def write_arguments(self, *positional: object, **named: object) -> dict[str, Any]:
        """Return the arguments as JSON, by name. Raises TypeError as the method itself would."""
        given = self.signature.bind(None, *positional, **named).arguments
        return {
            name: self.arguments[name].dump_python(_make_list(value), mode="json")
            for name, value in given.items()
            if name in self.arguments
        }

    def read(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments as the method takes them. Raises pydantic.ValidationError for others."""
        return {name: self.arguments[name].validate_python(value) for name, value in arguments.items()}


def methods_of(kind: type[object]) -> Mapping[str, Marshalled]:
    """Return the public async methods of a class whose arguments and result can be written as JSON."""
    hashable: Any = kind
    return _methods_of(hashable)


@cache
def _methods_of(kind: Any) -> Mapping[str, Marshalled]:
    found = inspect.getmembers(kind, inspect.iscoroutinefunction)
    public = [(name, member) for name, member in found if not name.startswith("_") and name not in _NOT_SENT]
    return {name: marshalled for name, member in public if (marshalled := _marshal(member)) is not None}


def remote(kind: type[T], prefix: str, call: Call, **fields: object) -> T:
    """Return an object of a class whose async methods are called at the other end, as "prefix.method".

    `fields` are the attributes that its other methods and properties need.
    """
    namespace = {name: _make_forwarder(f"{prefix}.{name}", method, call) for name, method in methods_of(kind).items()}
    made: T = object.__new__(type(f"Remote{kind.__name__}", (kind,), namespace))
    for name, value in fields.items():
        setattr(made, name, value)
    return made


async def answer_call(kind: type[Any], target: object, method: str, arguments: Mapping[str, Any]) -> Any:
    """Call a method of `target`, a `kind`, for the other end. Raises LookupError when it has none of that name."""
    marshalled = methods_of(kind)[method]
    result = await getattr(target, method)(**marshalled.read(arguments))
    return marshalled.result.dump_python(result, mode="json")


def _make_forwarder(name: str, method: Marshalled, call: Call) -> Callable[..., Awaitable[Any]]:
    async def forward(_: object, *positional: object, **named: object) -> Any:
        return method.result.validate_python(await call(name, method.write_arguments(*positional, **named)))

    return forward


def _marshal(method: Callable[..., Any]) -> Marshalled | None:
    """Return how a method's calls are written; None where its types say that they can't be."""
    try:
        hints = get_type_hints(method, localns=_TYPE_CHECKING_ONLY, include_extras=True)
        result = TypeAdapter(_take_iterable_for_list(hints.pop("return", None)))
        arguments = {name: TypeAdapter(_take_iterable_for_list(hint)) for name, hint in hints.items()}
    except (NameError, PydanticSchemaGenerationError, PydanticUserError):
        return None
    return Marshalled(inspect.signature(method), arguments, result)


def _take_iterable_for_list(hint: Any) -> Any:
    """Take any iterable for a list: what is lazy can't be sent."""
    return GenericAlias(list, get_args(hint)) if get_origin(hint) in (Iterable, Sequence) else hint


def _make_list(value: Any) -> Any:
    is_lazy = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | list | tuple)
    return list(value) if is_lazy else value

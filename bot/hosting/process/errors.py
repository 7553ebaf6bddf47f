"""Exceptions over the connection: those that mean something to a user or a plugin arrive as what they were."""

from __future__ import annotations

import traceback

from bot import errors
from bot.hosting.process.peer import RemoteError
from memory.errors import MemoryStoreError

_KNOWN: dict[str, type[Exception]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.ScrubjayError)
}


def describe(error: BaseException) -> dict[str, str]:
    """Return an exception as it is sent: the name of the nearest kind that the other end knows, message and trace."""
    names = (kind.__name__ for kind in type(error).__mro__)
    known = next((name for name in names if name in _KNOWN), "MemoryStoreError" if _is_out_of_memory(error) else "")
    said = str(error) if known else f"{type(error).__name__}: {error}"
    return {"message": said, "kind": known, "trace": "".join(traceback.format_exception(error))}


def to_exception(error: RemoteError) -> Exception:
    """Return what was raised at the other end; a kind that is not known here is a PluginError with its trace."""
    if error.kind == "MemoryStoreError":
        return MemoryStoreError(str(error))
    if error.kind in _KNOWN:
        return _KNOWN[error.kind](str(error))
    return errors.PluginError(f"{error}\n{error.trace}".rstrip())


def _is_out_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryStoreError)

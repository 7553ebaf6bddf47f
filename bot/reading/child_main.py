"""The child process that reads a file: run as a script, it does what the line on its standard input asks for.

What it has read goes to the pipe that was its standard output; what libraries print goes nowhere.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.reading.child_protocol import ChildRequest, CodeLocation

_PLAIN = frozenset(f"{kind}{none}" for kind in ("str", "int", "float", "bool") for none in ("", " | None"))
"""Annotations of fields that are in Python what they are in JSON."""
_OURS = ("bot", "bot.reading", "memory", "plugins")
"""Packages that are found before this process is shut in, and run only if they are asked for something."""
_STDIN, _STDOUT, _STDERR = 0, 1, 2


def main() -> None:
    """Answer the one request, then wait to be ended: so the parent can end the whole group under its own number."""
    requests, answers = os.dup(_STDIN), os.dup(_STDOUT)
    _close_standard_streams()
    with os.fdopen(requests, "rb", buffering=0) as told:
        line = bytearray()
        while not line.endswith(b"\n"):
            if not (piece := told.read(1 << 16)):
                return
            line += piece
        request = _prepare(bytes(line), answers)
        lifeline = threading.Thread(target=_end_with_parent, args=(told,), daemon=True)
        lifeline.start()
        _answer(request, answers)
        lifeline.join()


def _prepare(line: bytes, answers: int) -> ChildRequest:
    """Read the request, and shut this process in: nothing of what it is to read has been looked at yet."""
    sys.dont_write_bytecode = True
    sys.path[:] = json.loads(line)["search"]
    for package in _OURS:
        _put_off(package)
    from bot.reading.child_limits import limit_this_process  # noqa: PLC0415 (found only by the request's paths)
    from bot.reading.child_protocol import read_request, write_ending  # noqa: PLC0415 (as above)
    from bot.reading.sandbox.entering import Confinement, confine  # noqa: PLC0415 (as above)

    request = read_request(line)
    limit_this_process(request.limits)
    importlib.machinery.PathFinder.find_spec("")  # looks into each folder, which may not be listed later on
    code = _find_folder(request.function)

    def tell_memory() -> None:
        os.write(answers, b"\n" + write_ending("memory"))  # a line of its own, whatever came before

    confine(Confinement(request.search, request.path, code, request.access, request.limits, tell_memory))
    return request


def _find_folder(place: CodeLocation) -> str | None:
    """Return the file, or the folder of the whole package, that a function's module is in; None when it brings it."""
    if place.file is None or place.source is not None:
        return None
    depth = place.module.count(".") + (Path(place.file).name == "__init__.py")
    return str(Path(place.file).parents[depth - 1]) if depth else place.file


def _answer(request: ChildRequest, answers: int) -> None:
    with os.fdopen(answers, "wb", buffering=0) as pipe:
        for each in _write_lines(request):
            view = memoryview(each)
            while view:
                view = view[pipe.write(view) :]


def _write_lines(request: ChildRequest) -> Iterator[bytes]:
    from bot.errors import FileUnreadable, PasswordNeeded  # noqa: PLC0415 (as above)
    from bot.reading.child_protocol import write_block, write_ending, write_item  # noqa: PLC0415 (as above)

    try:
        for item in _iterate(request):
            yield write_block(item) if isinstance(item, bytes) else write_item(item)
        yield write_ending("done")
    except PasswordNeeded as error:
        yield write_ending("password", str(error))
    except FileUnreadable as error:
        yield write_ending("unreadable", str(error))
    except MemoryError:
        yield write_ending("memory")
    except GeneratorExit:
        raise
    except BaseException as error:  # noqa: BLE001 (whatever a stranger's reader raises, SystemExit too, is reported)
        yield write_ending("failed", type(error).__name__, traceback.format_exc(limit=-12)[-8000:])


def _iterate(request: ChildRequest) -> Iterator[Any]:
    from bot.reading.splitting import split_long  # noqa: PLC0415 (as above)
    from bot.translation import speak  # noqa: PLC0415 (as above)

    speak(request.language)
    function = _find(request.function)
    for item in function(Path(request.path), _read_options(request)):
        if isinstance(item, bytes):
            yield item
        else:
            yield from split_long(item)


def _read_options(request: ChildRequest) -> object:
    if request.options_type is None:
        return None
    kind = _find(request.options_type)
    is_plain = is_dataclass(kind) and all(each.type in _PLAIN for each in fields(kind))
    if is_plain:
        return kind(**json.loads(request.options))
    from pydantic import TypeAdapter  # noqa: PLC0415 (takes longer to import than most files to read)

    return TypeAdapter(kind).validate_json(request.options)


def _find(place: CodeLocation) -> Any:
    """Return a function or class. A module that can't be found by its name is loaded from its file."""
    module: Any = sys.modules.get(place.module) or _import_module(place)
    found = module
    for name in place.qualname.split("."):
        found = getattr(found, name)
    return found


def _import_module(place: CodeLocation) -> Any:
    if place.source is not None:
        return _make_module(place, place.source.encode("latin-1"))
    try:
        known = importlib.util.find_spec(place.module) is not None
    except (ImportError, ValueError):
        known = False
    if known or place.file is None:
        return importlib.import_module(place.module)
    spec = importlib.util.spec_from_file_location(place.module, place.file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{place.file} can't be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[place.module] = module
    spec.loader.exec_module(module)
    return module


def _make_module(place: CodeLocation, source: bytes) -> Any:
    """Make the module of a plugin that is a single file, of the bytes that the parent runs."""
    module = ModuleType(place.module)
    module.__file__ = place.file
    sys.modules[place.module] = module
    code = compile(source, place.file or place.module, "exec", dont_inherit=True)
    exec(code, module.__dict__)  # noqa: S102 (the same bytes run in the parent)
    return module


def _put_off(name: str) -> None:
    """Let a package's submodules be imported without what the package itself imports, until that is asked for.

    The SDK takes ten times as long to import as the few lines that a reader needs of it.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(f"{name} can't be found in {sys.path}")
    package, loader = importlib.util.module_from_spec(spec), spec.loader

    def import_later(attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        vars(package).pop("__getattr__", None)
        loader.exec_module(package)
        return getattr(package, attribute)

    vars(package)["__getattr__"] = import_later
    sys.modules[name] = package


def _end_with_parent(told: Any) -> None:
    """Wait until the parent is gone, however it went, and go too."""
    while told.read(1):
        pass
    os._exit(0)


def _close_standard_streams() -> None:
    """Point the standard streams at nothing, for code in any language."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (_STDIN, _STDOUT, _STDERR):
        os.dup2(nothing, stream)
    os.close(nothing)


if __name__ == "__main__":
    main()

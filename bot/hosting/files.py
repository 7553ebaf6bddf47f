"""Plugins that are a single file: read without being run, and run only as the bytes that were read."""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

from bot.errors import PluginError
from bot.plugin import Plugin
from bot.reading.child_protocol import SOURCE

MOST_BYTES = 1 << 20
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
"""What a plugin can be called: the name is part of settings, of commands and of a file's name."""

_MODULES = "scrubjay_plugin_file_"


@dataclass(frozen=True)
class PluginFile:
    """A file as it was read once: what is looked at, what is digested and what is run are the same bytes."""

    path: Path
    source: bytes

    @property
    def name(self) -> str:
        """How the plugin is called: as its file."""
        return self.path.stem

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return hashlib.sha256(self.source).hexdigest()

    @cached_property
    def summary(self) -> str:
        """The first line of its docstring, of which nothing is run. Raises PluginError when it is no Python."""
        return (ast.get_docstring(self._parse()) or "").partition("\n")[0]

    def load(self) -> type[Plugin]:
        """Run the file and return its plugin. Raises PluginError, which says what is wrong with it."""
        code = compile(self._parse(), str(self.path), "exec", dont_inherit=True)
        module = ModuleType(_MODULES + self.name)
        module.__file__ = str(self.path)
        vars(module)[SOURCE] = self.source
        former = sys.modules.get(module.__name__)
        sys.modules[module.__name__] = module  # pydantic and dataclasses look types up there
        try:
            exec(code, module.__dict__)  # noqa: S102 (an owner has enabled these very bytes)
            return find_plugin_in(module)
        except BaseException as error:
            sys.modules.pop(module.__name__)
            if former is not None:
                sys.modules[module.__name__] = former
            raise explain_failed_import(self.path.name, error) from error

    def _parse(self) -> ast.Module:
        try:
            return ast.parse(self.source, str(self.path))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            raise PluginError(f"{self.path.name}{line} is not Python: {_first_line(error)}") from error


def read_plugin_file(path: Path) -> PluginFile:
    """Read a file whole. Raises PluginError when it can't be, is too large, or has a name that no plugin can have."""
    if path.suffix != ".py" or not NAME.match(path.stem):
        raise PluginError(f"{path.name}: name it in a-z, 0-9 and _, starting with a letter, and ending in .py")
    if not path.is_file():
        raise PluginError(f"{path} is not a file")
    try:
        with path.open("rb") as file:
            source = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise PluginError(f"{path} can't be read: {error.strerror}") from error
    if len(source) > MOST_BYTES:
        raise PluginError(f"{path} has more than {MOST_BYTES >> 20} MiB; make a package of it")
    return PluginFile(path, source)


def find_plugin_in(module: ModuleType) -> type[Plugin]:
    """Return the plugin that a module defines. Raises PluginError when it defines none, or several."""
    own = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Plugin) and each.__module__ == module.__name__
    ]
    public = [each for each in own if not each.__name__.startswith("_")]
    if len(public) != 1:
        found = ", ".join(each.__name__ for each in public) or "none"
        raise PluginError(f"it must define one class that derives from bot.Plugin (found: {found})")
    return public[0]


def explain_failed_import(what: str, error: BaseException) -> PluginError:
    """Return what to say of an import that raised; Ctrl-C goes on its way."""
    if isinstance(error, KeyboardInterrupt):
        raise error
    if isinstance(error, PluginError):
        return PluginError(f"{what}: {error}")
    if isinstance(error, SystemExit):
        return PluginError(f"{what} calls sys.exit() as it is imported")
    return PluginError(f"{what} can't be imported: {type(error).__name__}: {_first_line(error)}")


def _first_line(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return text.partition("\n")[0]

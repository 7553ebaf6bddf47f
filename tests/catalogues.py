"""Brings the catalogues of the bot's messages up to date with the code: `make catalogues`.

New messages are added without a translation, those that are gone are dropped, and nothing else changes.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from typer.main import get_command

from bot.commands.cli import app
from bot.commands.lazy_commands import make_command
from bot.hosting.summary import summary_of
from bot.translation import LANGUAGES

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "bot" / "translation" / "locales"
PACKAGES = ("bot", "adapters", "plugins", "memory")
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
"""What templates call."""
_LINE = 110
_CHANGING = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Project-Id-Version|Report-Msgid-Bugs-To|Last-Translator'
    r"|Language-Team):[^\n]*\n",
    re.MULTILINE,
)
"""What differs between two runs or versions of Babel, or says nothing here."""


def extract_messages() -> Catalog:
    """Return every message of the code, without translations."""
    template = Catalog(project="Scrubjay", charset="utf-8", fuzzy=False)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix not in (".py", ".html") or "vendor" in path.parts:
                continue
            where = [(str(path.relative_to(ROOT)), 1)]
            for message, context in _messages_in(path):
                template.add(message, locations=where, context=context)
    for message, file in _summaries_of_plugins():
        template.add(message, locations=[(file, 1)])
    for message in _help_of_commands():
        template.add(message, locations=[("bot/commands/cli.py", 1)])
    return template


def _summaries_of_plugins() -> Iterator[tuple[str, str]]:
    """Yield what our plugins say of themselves in lists, each with its file."""
    for entry in entry_points(group="scrubjay.plugins"):
        if entry.module.startswith("plugins.") and (summary := summary_of(entry.value)):
            yield summary, f"{entry.module.replace('.', '/')}.py"


def _help_of_commands() -> Iterator[str]:
    """Yield what the command line's commands and options say of themselves."""
    group: Any = get_command(app)  # our own class, which the library does not name
    waiting = [group, *(make_command(entry) for entry in group.entries())]
    while waiting:
        command = waiting.pop(0)
        waiting += getattr(command, "commands", {}).values()
        for each in (command, *command.params):
            yield from filter(None, (getattr(each, "help", None), getattr(each, "epilog", None)))


def read_language(language: str) -> Catalog:
    """Return what is translated into a language so far."""
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return Catalog(language, project="Scrubjay", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, language, abort_invalid=True)


def bring_up_to_date(language: str) -> Catalog:
    """Return a language's catalogue with the messages that the code has now."""
    catalogue = read_language(language)
    catalogue.update(extract_messages(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def write_language(language: str, catalogue: Catalog) -> None:
    """Write a catalogue so that it changes only where its messages do."""
    catalogue.header_comment = f"# Scrubjay in {LANGUAGES[language]}; docs/translating.md tells how to work on it."
    for message in catalogue:
        message.locations = sorted({(path, 1) for path, _ in message.locations})
    written = BytesIO()
    write_po(written, catalogue, width=_LINE, include_lineno=False)
    text = written.getvalue().decode()
    LOCALES.joinpath(f"{language}.po").write_text(_CHANGING.sub("", text), encoding="utf-8", newline="\n")


@dataclass(frozen=True)
class Translated:
    """A message in English, with its plural if it has one, and all its forms in a language."""

    context: str | None
    english: tuple[str, ...]
    forms: tuple[str, ...]
    is_fuzzy: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it has all the forms that its language needs."""
        return all(self.forms)


def translations_in(catalogue: Catalog) -> list[Translated]:
    """Return the messages of a catalogue, without its header."""
    return [
        Translated(message.context, _as_tuple(message.id), _as_tuple(message.string), message.fuzzy)
        for message in catalogue
        if message.id
    ]


def _as_tuple(said: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (said or "",) if isinstance(said, str) or said is None else tuple(said)


def _messages_in(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Yield the messages of a file with their contexts. Code is read as a tree: they stand inside f-strings, too."""
    if path.suffix == ".py":
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _messages_of(node)
            elif isinstance(node, ast.Subscript) and path.is_relative_to(ROOT / "plugins"):
                yield from ((said, None) for said in _described_in(node))
        return
    with path.open("rb") as file:
        for _, message, _, context in extract("jinja2.ext:babel_extract", file, KEYWORDS, options={"silent": "false"}):
            yield message if isinstance(message, str) else tuple(message), context


def _messages_of(call: ast.Call) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    said = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    match name:
        case "gettext" | "gettext_noop" if said:
            yield said[0], None
        case "ngettext" | "ngettext_noop" if len(said) > 1:
            yield (said[0], said[1]), None
        case "pgettext" if len(said) > 1:
            yield said[1], said[0]
        case "command" | "Lazy" if len(said) > 1:
            yield said[1], None
        case "listing":
            yield from ((column, None) for column in said)


def _described_in(node: ast.Subscript) -> Iterator[str]:
    """Yield how a command describes a parameter: `Annotated[str, "what it is"]`."""
    if isinstance(node.value, ast.Name) and node.value.id == "Annotated" and isinstance(node.slice, ast.Tuple):
        last = node.slice.elts[-1]
        if isinstance(last, ast.Constant) and isinstance(last.value, str):
            yield last.value


def main() -> None:
    """Write each catalogue anew, and say how many of its messages are not translated."""
    for language in sys.argv[1:] or sorted(path.stem for path in LOCALES.glob("*.po")):
        catalogue = bring_up_to_date(language)
        write_language(language, catalogue)
        missing = sum(not each.is_whole for each in translations_in(catalogue))
        print(f"{language}: {len(catalogue)} messages, {missing} to translate")  # noqa: T201 (a program's report)


if __name__ == "__main__":
    main()

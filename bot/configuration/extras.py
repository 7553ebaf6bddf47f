"""What can be added to the base installation: libraries that only some people need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, requires

from bot.translation import gettext_noop

_PACKAGE = "scrubjay"
_OF_EXTRA = re.compile(r"""\s*(?:and\s+)?extra\s*==\s*['"](?P<extra>[\w-]+)['"]""")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Extra:
    """Something to add: `megabytes` is what it takes on disk, with Linux and Python 3.11."""

    name: str
    adds: str
    megabytes: int


EXTRAS = (
    Extra("telegram", gettext_noop("the bot on Telegram"), 22),
    Extra("slack", gettext_noop("the bot on Slack"), 22),
    Extra("discord", gettext_noop("the bot on Discord"), 22),
    Extra("whatsapp", gettext_noop("the bot on WhatsApp"), 9),
    Extra(
        "llama",
        gettext_noop("answers in a model's own words, with GGUF files on this machine; compiling takes some minutes"),
        30,
    ),
    Extra("audio", gettext_noop("voice notes, recordings and videos"), 373),
    Extra("ocr", gettext_noop("text in pictures and scanned pages"), 208),
    Extra("tables", gettext_noop("Parquet, Arrow and Delta Lake; CSV and JSON lines need nothing"), 491),
    Extra("web", gettext_noop("the article of a web page without what surrounds it"), 55),
    Extra("postgres", gettext_noop("the memory on a PostgreSQL server, for several machines"), 12),
    Extra(
        "mcp",
        gettext_noop("the memory for programs that speak the Model Context Protocol, and their tools for the bot"),
        28,
    ),
    Extra("tracing", gettext_noop("traces of answers for an OpenTelemetry collector"), 14),
    Extra("encryption", gettext_noop("backups that only the holder of a key can read, by age"), 2),
    Extra(
        "embedders",
        gettext_noop("other embedding models, multilingual ones among them; the bundled one runs three times as fast"),
        159,
    ),
)
ALL = "all"


def find_extra(name: str) -> Extra | None:
    """Return the extra of that name, whatever its capitals."""
    return next((extra for extra in EXTRAS if extra.name == name.casefold()), None)


def install_command(name: str) -> str:
    """Return the command that adds an extra: the same wherever Scrubjay was installed from."""
    return f"scrubjay extras add {name}"


def requirements_of(name: str) -> list[str]:
    """Return the requirements of an extra as this installation states them, for pip."""
    return [
        "; ".join(filter(None, [requirement.strip(), _OF_EXTRA.sub("", marker).strip()]))
        for requirement, _, marker in (line.partition(";") for line in requires(_PACKAGE) or ())
        if (match := _OF_EXTRA.search(marker)) and match["extra"] == name
    ]


def is_installed(name: str) -> bool:
    """Say whether all that an extra requires is there."""
    return all(_is_there(requirement) for requirement in _names_in(requirements_of(name)))


def _names_in(requirements: list[str]) -> Iterator[str]:
    for requirement in requirements:
        if match := _NAME.match(requirement):
            yield match[0]


def _is_there(package: str) -> bool:
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True

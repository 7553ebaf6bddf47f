"""Checks the licences of all that is shipped against a list, and known faults of it where a database file is given.

    python -m tests.audit [OSV_FILE.json ...]

An OSV file is one advisory or a list of them, as https://osv.dev exports; nothing is asked of the network.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

LOCK = Path(__file__).parents[1] / "requirements.lock"
ALLOWED = re.compile(
    r"\b(?:mit|bsd|0bsd|apache|isc|zlib|psf|python software foundation|mpl|mozilla public|unlicense|cc0|hpnd|lgpl"
    r"|lesser general public)\b|\bbsd",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"\bA?GPL|(?<!lesser )general public license|affero", re.IGNORECASE)
KNOWN = {
    "docutils": "public domain / BSD-2-Clause",  # the GPL is that of a file for Emacs, which the wheel lacks
    "py-rust-stemmers": "MIT",
    "pysqlite3": "zlib",
}
"""What is said in a package's own licence file, where its metadata says nothing of it: looked up by a person."""


def main(advisories: list[str]) -> int:
    """Print what is wrong; return the exit code."""
    pinned = dict(_pinned(LOCK.read_text("utf-8")))
    problems = [f"{name}: {problem}" for name in pinned if (problem := _judge_licence(name))]
    problems += [
        each for file in advisories for each in _find_faults(pinned, json.loads(Path(file).read_text("utf-8")))
    ]
    for problem in problems:
        print(problem)  # noqa: T201 (a program for the terminal)
    checked = f"{len(pinned)} shipped packages: licences checked"
    faults = f"{len(advisories)} advisory files" if advisories else "no advisory file was given, so no known faults"
    print(f"{checked}; {faults}; {len(problems)} problems")  # noqa: T201
    return 1 if problems else 0


def _pinned(lock: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE):
        yield match[1], match[2]


def _judge_licence(name: str) -> str | None:
    """Return what is wrong with a package's licence; None when it is allowed, or not for this system."""
    try:
        said = KNOWN.get(name) or " / ".join(_licences(distribution(name)))
    except PackageNotFoundError:
        return None
    choices = said.split(" OR ")  # whoever passes it on may choose
    if all(FORBIDDEN.search(re.sub(r"(?i)lgpl|lesser general public license", "", each)) for each in choices):
        return f"forbidden licence: {said}"
    return None if any(map(ALLOWED.search, choices)) else f"unknown licence: {said or 'none is stated'}"


def _licences(found: Distribution) -> Iterator[str]:
    if "License-Expression" in found.metadata:
        yield found.metadata["License-Expression"]
        return
    stated = [each for each in found.metadata.get_all("Classifier") or () if each.startswith("License ::")]
    yield from stated
    if not stated and "License" in found.metadata:
        yield from found.metadata["License"].splitlines()[:1]


def _find_faults(pinned: dict[str, str], advisories: Any) -> Iterator[str]:
    for advisory in advisories if isinstance(advisories, list) else [advisories]:
        for affected in advisory.get("affected", ()):
            name = str(affected.get("package", {}).get("name", "")).lower().replace("_", "-")
            if name in pinned and _is_affected(pinned[name], affected):
                yield f"{name} {pinned[name]}: {advisory.get('id')}: {advisory.get('summary', '')}"


def _is_affected(version: str, affected: dict[str, Any]) -> bool:
    if version in affected.get("versions", ()):
        return True
    return any(_is_between(Version(version), each.get("events", ())) for each in affected.get("ranges", ()))


def _is_between(version: Version, events: Iterable[dict[str, str]]) -> bool:
    """Follow a range's events, which are in the order of versions (https://ossf.github.io/osv-schema/)."""
    inside = False
    for event in events:
        try:
            inside = _follow(version, event, inside=inside)
        except InvalidVersion:
            continue
    return inside


def _follow(version: Version, event: dict[str, str], *, inside: bool) -> bool:
    if "introduced" in event:
        return inside or event["introduced"] == "0" or Version(event["introduced"]) <= version
    if "fixed" in event:
        return inside and Version(event["fixed"]) > version
    return inside and Version(event["last_affected"]) >= version if "last_affected" in event else inside


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

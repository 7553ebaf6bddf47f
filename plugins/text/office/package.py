"""The zip file of an Office document: its parts as XML, and how they are related (ECMA-376, part 2)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zipfile import ZipFile

from bot.errors import FileUnreadable
from bot.reading import About
from bot.translation import gettext
from plugins.text.zipped import check_zip

if TYPE_CHECKING:
    from lxml.etree import _Element

_OLE = b"\xd0\xcf\x11\xe0"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
"""Namespaces of the strict form, which mean the same as those that everybody writes."""
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the last word of its kind, such as "footnotes", and the part's name."""

    kind: str
    target: str
    external: bool


class Package:
    """An open Office document."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._names = {name.casefold(): name for name in archive.namelist()}
        self._relations: dict[str, dict[str, Relation]] = {}

    def has(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return name.casefold() in self._names

    def read(self, name: str) -> bytes:
        """Return a part's bytes. Raises KeyError when there is none."""
        return self._archive.read(self._names[name.casefold()])

    @contextmanager
    def open(self, name: str) -> Iterator[_Usual]:
        """Open a part of XML to be read in blocks. Raises KeyError when there is none."""
        with self._archive.open(self._names[name.casefold()]) as file:
            yield _Usual(file)

    def part(self, name: str) -> _Element | None:
        """Return a part's tree; None when there is none. Raises XMLSyntaxError."""
        return parse_xml(self.read(name)) if self.has(name) else None

    def main(self) -> str:
        """Return the name of the part that everything else hangs on. Raises LookupError."""
        return next(each.target for each in self.relations("").values() if each.kind == "officeDocument")

    def relations(self, name: str) -> dict[str, Relation]:
        """Return what a part refers to, by the ids that it is referred to with."""
        if name not in self._relations:  # asked for with every picture, chart and note
            self._relations[name] = self._read_relations(name)
        return self._relations[name]

    def _read_relations(self, name: str) -> dict[str, Relation]:
        folder, _, last = name.rpartition("/")
        root = self.part(f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels")
        found: dict[str, Relation] = {}
        for each in root if root is not None else ():
            target = str(each.get("Target", ""))
            external = each.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = str(each.get("Type", "")).rpartition("/")[2]
            found[str(each.get("Id"))] = Relation(kind, target, external)
        return found

    def part_of_kind(self, name: str, kind: str) -> _Element | None:
        """Return the first part of a kind that a part refers to; None when there is none."""
        target = next((each.target for each in self.relations(name).values() if each.kind == kind), None)
        return self.part(target) if target is not None else None

    def part_by_id(self, name: str, relation_id: str) -> _Element | None:
        """Return what a part refers to by an id; None when there is nothing."""
        relation = self.relations(name).get(relation_id)
        return self.part(relation.target) if relation is not None else None

    def about(self) -> About:
        """Return what a document says of itself; its times are in UTC, by its specification."""
        root = self.part_of_kind("", "core-properties")
        said = (
            {str(each.tag).rpartition("}")[2]: (each.text or "").strip() for each in root} if root is not None else {}
        )
        return About(
            title=said.get("title") or None,
            author=said.get("creator") or None,
            created_at=_moment(said.get("created", "")),
            language=said.get("language") or None,
        )


@contextmanager
def open_package(path: Path, most_megabytes: int) -> Iterator[Package]:
    """Open an Office document. Raises FileUnreadable when it is encrypted, of an older Office, or a trap."""
    refuse_old_office(path)
    check_zip(path, most_megabytes)
    with ZipFile(path) as archive:
        yield Package(archive)


def refuse_old_office(path: Path) -> None:
    """Raise FileUnreadable for the container of old Office files, in which encrypted new ones come as well."""
    with path.open("rb") as file:
        if file.read(4) != _OLE:
            return
        encrypted = "EncryptedPackage".encode("utf-16-le") in file.read(1 << 20)
    if encrypted:
        raise FileUnreadable(
            gettext("{name} is encrypted; save it without a password and send it again.", name=path.name)
        )
    raise FileUnreadable(
        gettext("{name} is from an Office before 2007; save it in the newer format and send it again.", name=path.name)
    )


def parse_xml(data: bytes) -> _Element:
    """Parse XML that may be hostile: entities stay what they are, and nothing is fetched. Raises XMLSyntaxError."""
    from lxml import etree  # noqa: PLC0415 (in the child alone)

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(_as_everybody(data), parser)


def _as_everybody(data: bytes) -> bytes:
    """Return XML with the namespaces that everybody writes."""
    return _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", data)


class _Usual:
    """A part that is read in blocks, with the namespaces that everybody writes: they are named in its first one."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._is_first = True

    def read(self, size: int = -1) -> bytes:
        """Return the next block."""
        data = self._file.read(size)
        data, self._is_first = _as_everybody(data) if self._is_first else data, False
        return data


def local_name(element: _Element) -> str:
    """Return an element's name without its namespace; "" for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _moment(text: str) -> datetime | None:
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        return None
    return made if made.tzinfo is not None else made.replace(tzinfo=UTC)

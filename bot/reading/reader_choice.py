"""Which reader gets a file: its content decides where that shows the kind, else its declared type or its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePath

from bot.errors import FileUnreadable
from bot.plugin import Reader
from bot.reading.kinds import (
    TEXT,
    UNKNOWN_MEDIA_TYPE,
    Kind,
    guess_media_type,
    is_generic,
    is_shown_by_content,
    without_parameters,
)
from bot.translation import gettext, gettext_noop

_WORDS = {
    "application/epub+zip": gettext_noop("an EPUB book"),
    "application/gzip": gettext_noop("a gzip archive"),
    "application/pdf": gettext_noop("a PDF file"),
    "application/rtf": gettext_noop("an RTF file"),
    "application/vnd.apache.parquet": gettext_noop("a Parquet table"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": gettext_noop(
        "a PowerPoint presentation"
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": gettext_noop("an Excel workbook"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": gettext_noop("a Word document"),
    "application/zip": gettext_noop("a zip archive"),
    TEXT: gettext_noop("plain text"),
}
_SOUND = frozenset({"audio", "video"})


@dataclass(frozen=True, slots=True)
class ReaderChoice:
    """The reader of a file, the media type it is read as, and what there is to say of a false label."""

    reader: Reader
    media_type: str
    note: str | None = None


def choose(readers: Sequence[Reader], name: str, declared: str, kind: Kind) -> ReaderChoice:
    """Choose for one file. Raises FileUnreadable, with its sentence, when there is no reader for it."""
    labels = _list_labels(name, declared)
    labelled = next(((reader, label) for label in labels if (reader := _find_reader(readers, label, name))), None)
    if labelled is None and (reader := _find_by_ending(readers, name)):
        labelled = reader, labels[0] if labels else UNKNOWN_MEDIA_TYPE
    if kind.shown is not None:
        return _choose_by_content(readers, name, kind.shown, labelled)
    if labelled is not None and not (kind.is_text and is_shown_by_content(labelled[1])):
        return ReaderChoice(*labelled)
    if kind.is_text and (reader := _find_reader(readers, TEXT, "")):
        return ReaderChoice(reader, TEXT, _explain_mismatch(name, TEXT) if labelled else None)
    if labelled is not None:
        return ReaderChoice(*labelled)
    raise FileUnreadable(
        gettext("I can't read {name} ({kind}) yet.", name=name, kind=labels[0] if labels else UNKNOWN_MEDIA_TYPE)
    )


def may_be_read(readers: Sequence[Reader], name: str, declared: str) -> bool:
    """Say whether it is worth looking into a file of this name and declared type."""
    labels = _list_labels(name, declared)
    if not readers:
        return False
    return (
        not labels
        or _find_by_ending(readers, name) is not None
        or any(_find_reader(readers, each, name) for each in labels)
    )


def _choose_by_content(
    readers: Sequence[Reader], name: str, shown: str, labelled: tuple[Reader, str] | None
) -> ReaderChoice:
    """Choose by a content that shows what it is."""
    reader = _find_reader(readers, shown, "")
    if reader is not None:
        astray = labelled is not None and (labelled[0] != reader or not _are_one_family(shown, labelled[1]))
        return ReaderChoice(reader, shown, _explain_mismatch(name, shown) if astray else None)
    if labelled is not None and _is_finer_name(shown, labelled[1]):
        return ReaderChoice(*labelled)
    raise FileUnreadable(
        gettext("I can't read {name}: it is {kind}, and no plugin reads such files.", name=name, kind=_explain(shown))
    )


def _is_finer_name(shown: str, label: str) -> bool:
    """Whether a label may be a finer name for what the content shows: sound in a film's container, some kind of zip."""
    return (_are_one_family(shown, label) and not shown.startswith("application/")) or shown == "application/zip"


def _are_one_family(shown: str, label: str) -> bool:
    """Whether two media types are of one family: "application", "text", or sound with or without pictures."""
    families = {each.partition("/")[0] for each in (shown, label)}
    return len(families) == 1 or families <= _SOUND


def _list_labels(name: str, declared: str) -> list[str]:
    """Return the media types that the file is called, the surest first; none that says nothing."""
    called = [without_parameters(declared)] if not is_generic(declared) else []
    by_name = guess_media_type(name)
    return [*called, *([by_name] if by_name and by_name not in (*called, UNKNOWN_MEDIA_TYPE) else [])]


def _find_reader(readers: Iterable[Reader], media_type: str, name: str) -> Reader | None:
    """Return the reader of a type: who names just that goes before who takes all of its kind.

    Of several, the one that also names the file's ending; else the first.
    """
    fitting = [each for each in readers if any(fnmatchcase(media_type, pattern) for pattern in each.media_types)]
    exact = [each for each in fitting if media_type in each.media_types]
    return _find_by_ending(exact or fitting, name) or next(iter(exact or fitting), None)


def _find_by_ending(readers: Iterable[Reader], name: str) -> Reader | None:
    folded = name.casefold()
    return next((each for each in readers if folded.endswith(each.endings)), None) if PurePath(name).suffix else None


def _explain_mismatch(name: str, shown: str) -> str:
    return gettext(
        "{name} is really {kind}, whatever its ending says, so I read it as that.",
        name=name,
        kind=_explain(shown),
    )


def _explain(media_type: str) -> str:
    known = _WORDS.get(media_type)
    return gettext("of the kind {media_type}", media_type=media_type) if known is None else gettext(known)

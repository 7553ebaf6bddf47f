from __future__ import annotations

from pathlib import Path

import pytest

from bot.translation import CatalogueError
from bot.translation.catalogue import read_catalogue

HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""


def write(folder: Path, entries: str) -> Path:
    path = folder / "fr.po"
    path.write_text(HEADER + entries, encoding="utf-8")
    return path


def test_a_message_may_go_over_several_lines_with_escapes(tmp_path: Path) -> None:
    path = write(tmp_path, 'msgid "one\\n"\n"two"\nmsgstr "un\\n"\n"« deux »\\t\\"trois\\""\n')
    assert read_catalogue(path).gettext("one\ntwo") == 'un\n« deux »\t"trois"'


def test_plurals_follow_the_rule_of_the_language(tmp_path: Path) -> None:
    path = write(tmp_path, 'msgid "fact"\nmsgid_plural "facts"\nmsgstr[0] "fait"\nmsgstr[1] "faits"\n')
    found = read_catalogue(path)
    assert [found.ngettext("fact", "facts", number) for number in (0, 1, 2)] == ["fait", "fait", "faits"]


def test_a_context_tells_equal_messages_apart(tmp_path: Path) -> None:
    path = write(tmp_path, 'msgctxt "month"\nmsgid "May"\nmsgstr "mai"\n\nmsgid "May"\nmsgstr "Puis-je"\n')
    found = read_catalogue(path)
    assert (found.pgettext("month", "May"), found.gettext("May")) == ("mai", "Puis-je")


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "yes"\nmsgstr ""\n',
        '#, fuzzy\nmsgid "yes"\nmsgstr "oui"\n',
        '#~ msgid "yes"\n#~ msgstr "oui"\n',
    ],
    ids=["untranslated", "to be looked at", "obsolete"],
)
def test_what_is_not_translated_stays_english(tmp_path: Path, entry: str) -> None:
    path = write(tmp_path, f'{entry}\nmsgid "no"\nmsgstr "non"\n')
    found = read_catalogue(path)
    assert (found.gettext("yes"), found.gettext("no")) == ("yes", "non")


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ('msgid "yes\nmsgstr "oui"\n', 6),
        ('msgid "yes"\nmsgstr oui\n', 7),
        ('msgid "yes"\nmeaning "oui"\n', 7),
        ('msgid "yes"\nmsgstr "\\x"\n', 7),
        ('"alone"\n', 6),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, entry: str, line: int) -> None:
    path = write(tmp_path, entry)
    with pytest.raises(CatalogueError, match=rf"fr\.po:{line}:"):
        read_catalogue(path)

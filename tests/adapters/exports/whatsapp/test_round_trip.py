from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from adapters.exports.parsed import ParsedAttachment, ParsedMessage
from tests.adapters.exports.whatsapp.files import LISBON, messages_of
from tests.adapters.exports.whatsapp.locales import LOCALES, LRM, NBSP, Locale

EXTENSIONS = {"image": "jpg", "video": "mp4", "audio": "opus", "document": "pdf", "contact": "vcf"}
WORDS = st.text(
    st.characters(
        blacklist_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp"), blacklist_characters="<>‹›＜＞〈〉()（）:："
    ),
    min_size=1,
    max_size=8,
)
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=3)
TEXTS = LINES.map(lambda lines: "\n".join(["I say " + lines[0], *("and " + line for line in lines[1:])]))
AUTHORS = st.sampled_from(
    ["Mara", "Tom Baker", "Inês 🌻", "+49 151 2345678", "محمد", "陳小明", "Dr. Müller-Lüdenscheid"]
)
STEPS = st.lists(st.integers(30, 4 * 86_400), min_size=10, max_size=10)
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Sixty shapes, a few conversations each; shrinking what fails is left to the one who mends it."""
KINDS = st.sampled_from(["text", "text", "text", "edited", "deleted", "omitted", "attached", "system"])


def _render(locale: Locale, kind: str, author: str, text: str, number: int) -> tuple[str, ParsedMessage]:
    """Return what follows the stamp, and the message it must be read as (its time and line still open)."""
    lead = LRM if locale.iphone else ""
    moment = datetime.now(LISBON)
    plain = ParsedMessage(author, moment, text, "message", (), edited=False, deleted=False, line=0)
    if kind == "edited":
        return f"{author}: {text} {lead}{locale.edited}", plain._replace(edited=True)
    if kind == "deleted":
        return f"{author}: {lead}{locale.deleted}", plain._replace(text="", deleted=True)
    if kind == "omitted" and locale.omitted:
        what, phrase = list(locale.omitted.items())[number % len(locale.omitted)]
        attachment = ParsedAttachment(None, what, omitted=True)  # type: ignore[arg-type] # the table's keys are kinds
        return f"{author}: {lead}{phrase}", plain._replace(text="", attachments=(attachment,))
    if kind == "attached":
        return _attached(locale, author, text, number, plain)
    if kind == "system":
        said = "Mara created group “Trip: Lisbon”" if number % 2 else "Messages and calls are end-to-end encrypted."
        body = f"Trip: {lead}{said}" if locale.iphone else said
        return body, plain._replace(author=None, text=said, kind="system")
    return f"{author}: {text}", plain


def _attached(locale: Locale, author: str, text: str, number: int, plain: ParsedMessage) -> tuple[str, ParsedMessage]:
    what, extension = list(EXTENSIONS.items())[number % len(EXTENSIONS)]
    first = text.split("\n", maxsplit=1)[0]
    if locale.iphone:
        name = f"{number:08}-a file {number}.{extension}"
        body = f"{first} {LRM}{locale.attached.format(name)}"
    else:
        name = f"IMG-20220318-WA{number:04}.{extension}"
        body = f"{locale.attached.format(name)}\n{first}"
    attachment = ParsedAttachment(name, what, omitted=False)  # type: ignore[arg-type] # the table's keys are kinds
    return f"{author}: {body}", plain._replace(text=first, attachments=(attachment,))


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: f"{locale.name}{'' if locale.iphone else ' Android'}")
@settings(max_examples=5, deadline=None, phases=QUICK)
@given(data=st.data())
def test_a_conversation_is_read_back_from_every_locales_shape(locale: Locale, data: st.DataObject) -> None:
    moment = datetime(2023, 1, 28, 9, 0, tzinfo=LISBON)
    lines, expected, line = [], [], 1
    for number, step in enumerate(data.draw(STEPS)):
        moment = (moment.replace(tzinfo=None) + timedelta(seconds=step)).replace(tzinfo=LISBON)
        if moment.month in (3, 10):
            # The hour that comes twice, or not at all, has its own test.
            moment += timedelta(days=31)
        shown = moment if locale.seconds else moment.replace(second=0)
        kind = "text" if number < 2 else data.draw(KINDS)
        body, message = _render(locale, kind, data.draw(AUTHORS), data.draw(TEXTS), number)
        lead = LRM if locale.iphone and LRM in body and not locale.stamp(shown).startswith("\u200f") else ""
        lines.append(f"{lead}{locale.stamp(shown)}{body}")
        expected.append(message._replace(sent_at=shown, line=line))
        line += 1 + body.count("\n")
    ending = "\r\n" if locale.iphone else "\n"
    text = "\n".join(lines).replace("\n", ending) + ending
    with tempfile.TemporaryDirectory() as folder:
        found = messages_of(Path(folder), text)
    assert [m._replace(sent_at=m.sent_at.astimezone(LISBON)) for m in found] == expected


def test_a_space_that_does_not_break_is_part_of_no_name(tmp_path: Path) -> None:
    text = f"23/03/2022, 13:31 - \u202a+91{NBSP}77606\u201112345\u202c: hi\n23/03/2022, 13:31 - ~{NBSP}Max: ho\n"
    assert [message.author for message in messages_of(tmp_path, text)] == ["+91 77606-12345", "Max"]

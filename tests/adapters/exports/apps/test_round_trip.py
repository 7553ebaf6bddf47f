"""A conversation that is written as an app writes it must come back, and be known for what it is among all formats."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.exports.chat import HistoriesPlugin
from adapters.exports.parsed import ParsedMessage, ParseOptions
from adapters.exports.sources import find_sources, installed_formats
from bot import Attachment
from bot.testing import FakeAdapter, chat
from tests.adapters.exports.apps.samples import HELLO, SAMPLES, Said, Sample, greeting

AUTHORS = st.sampled_from(["Ana", "Bob Reed", "Élodie", "陳小明"])
LETTERS = st.characters(
    codec="utf-8", categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u200e\u200f\xa0\u202f\\"
)
WORDS = st.text(LETTERS, max_size=30).map(lambda text: f"I say {' '.join(text.split())}".strip())


def read(path: Path) -> list[ParsedMessage]:
    (source,) = find_sources(path, installed_formats())
    return [message for chat in source.format.open(source.path, ParseOptions(UTC)) for message in chat.messages]


@st.composite
def conversations(draw: st.DrawFn, sample: Sample) -> list[Said]:
    at, said = datetime(2024, 5, 3, 21, 14, 5, tzinfo=UTC), list[Said]()
    for gap in draw(st.lists(st.integers(1, sample.longest_gap), min_size=2, max_size=12)):
        at += timedelta(seconds=gap)
        lines = draw(st.lists(WORDS, min_size=1, max_size=3 if sample.lines else 1))
        author = draw(st.sampled_from(sample.authors) if sample.authors else AUTHORS)
        said.append(Said(author, at if sample.seconds else at.replace(second=0), "\n".join(lines)))
    return said


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_conversation_is_read_back(name: str, data: st.DataObject) -> None:
    sample = SAMPLES[name]
    said = data.draw(conversations(sample))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, sample.file)
        path.write_bytes(sample.render(said))
        found = read(path)

    assert [Said(each.author or "", each.sent_at, each.text.removeprefix(sample.subject)) for each in found] == said


@pytest.mark.parametrize("name", SAMPLES)
def test_each_export_is_known_for_what_it_is(name: str, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    path = tmp_path / sample.file
    path.write_bytes(greeting(sample))
    (source,) = find_sources(path, installed_formats())

    assert source.format.name == sample.parser.name
    assert [each.text.removeprefix(sample.subject) for each in read(path)] == [each.text for each in HELLO]


@pytest.mark.parametrize("name", SAMPLES)
async def test_each_export_is_imported_through_a_chat_and_knows_itself_again(name: str, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    adapter = FakeAdapter(files={"export": greeting(sample)})
    async with chat(tmp_path, plugins=[HistoriesPlugin()], adapter=adapter) as ann:
        file = Attachment(sample.file, "application/octet-stream", "export")
        (question,) = await ann.says("", file)
        (summary,) = await ann.says("nobody")
        await ann.says("", file)
        (again,) = await ann.says("nobody")

    assert question.startswith(f"This is an export of {sample.parser.label}")
    assert "2 are new" in summary
    assert "0 are new" in again


@pytest.mark.parametrize("name", SAMPLES)
def test_an_export_that_was_cut_short_gives_what_stands_before_the_cut_or_is_refused(name: str, tmp_path: Path) -> None:
    whole = greeting(SAMPLES[name])
    path = tmp_path / SAMPLES[name].file
    for part in (3, 2):
        path.write_bytes(whole[: len(whole) * (part - 1) // part])
        for form in installed_formats():
            assert form.sniff(path) in {True, False}

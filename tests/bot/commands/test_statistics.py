from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from bot.commands.statistics.counts import Counting, Counts
from bot.commands.statistics.page import page
from bot.commands.statistics.terminal import bar, show, span, summary
from bot.commands.statistics.words import emoji_in, telling_words
from bot.translation import speaking
from memory import ConversationRecord, Passage
from memory.records import PassageKind

START = datetime(2024, 5, 3, 22, 30, tzinfo=UTC)
PLACE = ConversationRecord(1, "whatsapp", "x", "Lisbon trip", "group", 1)


def said(author: str, text: str, *, minutes: float = 0, kind: PassageKind = "message") -> Passage:
    return Passage(1, PLACE, author, None, START + timedelta(minutes=minutes), kind, text)


def counted(*passages: Passage, title: str = "Lisbon trip", zone: str = "UTC") -> Counts:
    counting = Counting(title, ZoneInfo(zone))
    counting.add(passages)
    return counting.counts


def shown(counts: Counts) -> str:
    console = Console(width=100, record=True, file=None, force_terminal=False)
    with console.capture() as capture:
        show(console, counts)
    return capture.get()


def test_messages_are_counted_by_person_hour_and_weekday_in_the_zone_asked_for() -> None:
    counts = counted(
        said("Mara", "a"), said("Tom", "b", minutes=40), said("", "joined", kind="system"), zone="Europe/Lisbon"
    )

    assert (counts.messages, counts.system) == (2, 1)
    assert {name: each.messages for name, each in counts.people.items()} == {"Mara": 1, "Tom": 1}
    assert [hour for hour, count in enumerate(counts.hours) if count] == [0, 23]
    assert [day for day, count in enumerate(counts.weekdays) if count] == [4, 5]


def test_the_usual_wait_counts_from_the_first_message_that_was_answered() -> None:
    counts = counted(
        said("Mara", "who?", minutes=0),
        said("Mara", "anyone?", minutes=5),
        said("Tom", "me", minutes=10),
        said("Mara", "fine", minutes=12),
        said("Tom", "next day", minutes=60 * 24),
    )

    assert counts.people["Tom"].usual_wait == 600
    assert counts.people["Mara"].usual_wait == 120


@pytest.mark.parametrize(
    ("days", "spans", "first"), [(3, 4, "3 May"), (400, 14, "May 2024"), (365 * 12, 13, "2024"), (0, 1, "3 May")]
)
def test_the_time_line_has_as_many_columns_as_can_be_taken_in(days: int, spans: int, first: str) -> None:
    rows = counted(said("M", "a"), said("M", "b", minutes=60 * 24 * days)).over_time()

    assert len(rows) == spans
    assert rows[0][0] == first
    assert sum(count for _, count in rows) == 2


def test_words_leave_out_what_is_common_addresses_and_files() -> None:
    assert telling_words("the Hotel and das Hôtel https://x.pt/menu [photo: IMG-1.jpg] 2024 ok") == ["hotel", "hôtel"]
    assert telling_words("京都に行く") != []


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("hi 😀😀 👍🏽!", ["😀", "😀", "👍🏽"]),
        ("👩‍👩‍👧 🇵🇹", ["👩‍👩‍👧", "🇵🇹"]),
        ("1 < 2 ☀️ 3️⃣", ["☀️", "3️⃣"]),
        ("plain", []),
    ],
)
def test_emoji_are_found_whole(text: str, emoji: list[str]) -> None:
    assert emoji_in(text) == emoji


def test_the_terminal_shows_every_chart() -> None:
    counts = counted(said("Mara", "hotel 🎉"), said("Tom [bold]", "hotel", minutes=2))
    output = shown(counts)

    for part in ("Over time", "By person", "Tom [bold]", "By hour", "By weekday", "hotel", "🎉", "2 min", "50 %"):
        assert part in output
    assert summary(counts) == "2 messages, 2 people, 3 May 2024 to 3 May 2024, on 1 day"


def test_nothing_is_drawn_of_an_empty_conversation() -> None:
    assert shown(counted()).strip() == "Lisbon trip: no messages"
    assert "<section" not in page(counted())


def test_bars_and_spans_are_rounded_so_that_something_is_seen() -> None:
    assert [bar(0, 9, 4), bar(1, 900, 4), bar(9, 9, 4), bar(1, 2, 4)] == ["", "▏", "████", "██"]
    assert [span(5), span(90), span(3600), span(5400)] == ["5 s", "1.5 min", "1 h", "1.5 h"]


class Tags(HTMLParser):
    """Collects what a page has: its tags, in balance, and everything they would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.loads += [value or "" for name, value in attrs if name in {"src", "href", "data", "srcset", "action"}]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_loads_nothing_and_runs_nothing() -> None:
    counts = counted(
        said("Mara", "hotel 🎉"), said("<script>alert(1)</script>", "<b>hotel</b>", minutes=2), title="A & <i>B</i>"
    )
    written = page(counts)
    tags = Tags()
    tags.feed(written)

    assert tags.open == []
    assert tags.loads == []
    assert tags.seen.isdisjoint({"script", "img", "link", "iframe", "i", "b"})
    assert "url(" not in written
    assert "default-src 'none'" in written
    assert "A &amp; &lt;i&gt;B&lt;/i&gt;" in written


def test_the_page_can_be_read_without_seeing_it_and_in_the_dark() -> None:
    written = page(counted(said("Mara", "hotel"), said("Tom", "hotel", minutes=2)))

    assert '<html lang="en">' in written
    assert "prefers-color-scheme: dark" in written
    assert re.search(r'role="img" aria-label="Messages from [^"]+; most: [^"]+"', written)
    assert written.count('scope="row"') > 5


def test_emoji_are_no_words() -> None:
    assert telling_words("guitar 🎸🎸 concert 👍🏽") == ["guitar", "concert"]


def test_charts_are_in_the_language_that_is_spoken() -> None:
    with speaking("de"):
        told = shown(counted(said("Mara", "hallo"), said("Tom", "moin", minutes=60 * 24 * 90)))
        html = page(counted(said("Mara", "hallo"), said("", "Mara kam dazu", kind="system")))

    assert "2 Nachrichten, 2 Personen, 3. Mai 2024 bis 1. August 2024, an 2 Tagen" in told
    assert {"Nach Wochentag", "Freitag", "Mai 2024", "Aug. 2024"} <= {
        line.strip("─ ").partition("  ")[0] for line in told.splitlines()
    }
    assert '<html lang="de">' in html
    assert "2 Nachrichten (1 davon ein Hinweis oder gelöscht), 1 Person" in html

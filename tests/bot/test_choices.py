"""Questions with options: what is typed, what is pressed, by whom, how often and when."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import CommandError, Context, OutFile, Plugin, Reply, command
from bot.adapter import Delivery
from bot.choices import NOT_YOURS, OVER, choices_of, data_of, labels, match_option, number_options, read_data, spell_out
from bot.errors import PluginError
from bot.events import MOST_FILE_BYTES, Choice, Choices, from_json, to_json
from bot.testing import chat

CAKES = ["Apple pie", "Cheese cake", "Torte"]


class Baker(Plugin):
    """Asks which cake."""

    name = "baker"

    def __init__(self, options: Sequence[str] = CAKES, seconds: float = 60) -> None:
        super().__init__()
        self._options, self._seconds = options, seconds

    @command("cake", "choose a cake")
    async def cake(self, context: Context) -> str:
        """Ask which one."""
        return f"{await context.choose('Which one?', self._options, seconds=self._seconds)} it is."

    @command("twice", "choose two")
    async def twice(self, context: Context) -> str:
        """Ask two questions."""
        return " and ".join([await context.choose("First?", ["a", "b"]), await context.choose("Then?", ["c", "d"])])


@pytest.mark.parametrize("options", [[], [" "], ["\x00"], ["A", "a"], ["A", " A\n"], [str(n) for n in range(26)]])
def test_options_that_cannot_be_told_apart_or_are_too_many_are_a_fault_of_the_plugin(options: list[str]) -> None:
    with pytest.raises(PluginError, match="option"):
        choices_of(options)


@pytest.mark.parametrize(
    "data", ["", "choice", "choice:", "choice::1", "choice:x", "choice:x:-1", "choice:x:²", "x:y:1"]
)
def test_what_no_button_of_ours_carries_is_not_taken_for_one(data: str) -> None:
    assert read_data(data) is None


@given(st.lists(st.text(max_size=200), min_size=1, max_size=25), st.integers(0, 24))
def test_a_button_carries_its_option_within_64_bytes(options: list[str], number: int) -> None:
    choices = Choices("0123456789abcdef", tuple(options))
    assert len(data_of(choices, number).encode()) <= 64
    assert read_data(data_of(choices, number)) == (choices.id, number)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_one_of_the_options_or_none(text: str) -> None:
    assert match_option(text, choices_of(CAKES)) in {*CAKES, None}


@pytest.mark.parametrize(("typed", "meant"), [("2", "10"), (" 3. ", "2"), ("#1", "3"), ("10", "10"), ("4", None)])
def test_the_words_of_an_option_go_before_its_number(typed: str, meant: str | None) -> None:
    assert match_option(typed, Choices("q", ("3", "10", "2"))) == ("2" if typed == "2" else meant)


def test_options_too_long_for_a_button_are_listed_and_their_buttons_cut_but_numbered() -> None:
    reply = Reply("Which?", choices=Choices("q", ("short", "a very long option")))
    assert spell_out(reply, 100) == reply
    assert spell_out(reply, 10).text == "Which?\n\n1. short\n2. a very long option" == number_options(reply).text
    assert labels(Choices("q", ("short", "a very long option")), 10) == ["1. short", "2. a very…"]


def test_a_reply_with_choices_and_files_is_the_same_after_a_restart() -> None:
    reply = Reply("Look", files=(OutFile("a.bin", "application/x", bytes(range(256))),), choices=choices_of(CAKES))
    assert from_json(Reply, to_json(reply)) == reply


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: OutFile("a.txt", "text/plain", b""), "a.txt is empty"),
        (lambda: OutFile("a.bin", "x/y", bytes(MOST_FILE_BYTES + 1)), r"a.bin has 8\.0 MB; I can send up to 10 files"),
        (lambda: Reply("", files=(OutFile("a", "x/y", b"1"),) * 11), "These are 11 files"),
        (lambda: Reply("", files=(OutFile("a", "x/y", bytes(MOST_FILE_BYTES)),) * 2), r"These are 2 files of 16\.0 MB"),
    ],
)
def test_files_that_cannot_be_sent_are_refused_with_their_size_and_the_limit(make: object, told: str) -> None:
    assert callable(make)
    with pytest.raises(CommandError, match=told):
        make()


async def test_an_option_can_be_pressed_or_typed_by_number_or_words(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Baker()]) as ann:
        assert await ann.says("/cake") == ["Which one?"]
        assert await ann.presses("Torte") == ["Torte it is."]
        await ann.says("/cake")
        assert await ann.says("2") == ["Cheese cake it is."]
        await ann.says("/cake")
        assert await ann.says("apple  PIE") == ["Apple pie it is."]


async def test_a_press_counts_once_and_only_by_the_one_who_was_asked(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Baker()]) as ann:
        group = ann.in_group("club")
        await group.says("/cake", addressed=True)
        assert await group.as_person("Bob").presses("Torte") == []
        assert await group.presses("Torte", again=True) == ["Torte it is."]
        assert await group.presses("Apple pie") == []
        assert ann.adapter.told == [NOT_YOURS, None, None, OVER]


async def test_a_press_after_a_restart_gets_one_sentence(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Baker()]) as ann:
        await ann.says("/cake")
        sent = ann.adapter.sent
    async with chat(tmp_path, plugins=[Baker()], first_minute=9) as ann:
        ann.adapter.sent.extend(sent)
        assert await ann.presses("Torte") == []
        assert ann.adapter.told == [OVER]


async def test_a_press_after_the_question_timed_out_gets_one_sentence(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Baker(seconds=0)]) as ann:
        (asked, given_up) = await ann.says("/cake")
        assert (asked, "I stopped waiting" in given_up) == ("Which one?", True)
        assert await ann.presses("Torte") == []
        assert ann.adapter.told == [OVER]


async def test_a_number_that_no_option_has_and_a_question_nobody_asked_are_over(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Baker()]) as ann:
        await ann.says("/cake")
        choices = ann.last.choices
        assert choices is not None
        forged = [Choice(ann.place, ann.sender, choices.id, 3), Choice(ann.place, ann.sender, "0" * 16, 0)]
        assert [await ann.core.deliver(each) for each in forged] == [Delivery.EXPIRED] * 2
        assert await ann.says("1") == ["Apple pie it is."]


async def test_a_word_that_is_no_option_is_asked_about_twice_and_then_taken_for_itself(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Baker()]) as ann:
        await ann.says("/cake")
        assert await ann.says("pizza") == [
            "That is not one of the options. Reply with its number or its words.\n\nWhich one?"
        ]
        assert await ann.presses("Torte") == ["Torte it is."]
        await ann.says("/cake")
        assert [(await ann.says("pizza"))[0][:9] for _ in range(2)] == ["That is n", "That is n"]
        assert "not one of the options" not in (await ann.says("pizza"))[0]
        assert await ann.says("torte") == ["Torte it is."]


async def test_the_press_of_one_question_never_answers_the_next(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Baker()]) as ann:
        await ann.says("/twice")
        first = ann.last.choices
        assert first is not None
        assert await ann.says("a") == ["Then?"]
        late = await ann.core.deliver(Choice(ann.place, ann.sender, first.id, 1))
        assert late is Delivery.EXPIRED
        assert await ann.presses("d") == ["a and d"]


async def test_too_many_options_are_told_as_an_error_and_the_rest_goes_on(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Baker(["x"] * 2)]) as ann:
        (told,) = await ann.says("/cake")
        assert "went wrong" in told
        assert await ann.says("/twice") == ["First?"]


async def test_a_file_is_sent_with_a_reply_and_its_name_remembered(tmp_path: Path) -> None:
    class Clerk(Plugin):
        @command("report", "send a report")
        async def report(self, context: Context) -> Reply:  # noqa: ARG002 (a command is called with it)
            return Reply("Here it is.", files=(OutFile("report.csv", "text/csv", b"a,b\n"),))

    async with chat(tmp_path, plugins=[Clerk()]) as ann:
        ann.adapter.down = True
        assert await ann.says("/report") == []
    async with chat(tmp_path, plugins=[Clerk()], first_minute=9) as ann:  # the outbox kept it
        (sent,) = ann.adapter.sent
        assert sent.reply.files == (OutFile("report.csv", "text/csv", b"a,b\n"),)


async def test_a_file_without_words_takes_the_place_of_what_has_grown_by_its_name(tmp_path: Path) -> None:
    class Clerk(Plugin):
        @command("report", "send a report")
        async def report(self, context: Context) -> Reply:
            async with context.growing() as grow:
                grow("Counting…")
            return Reply("", files=(OutFile("report.csv", "text/csv", b"a,b\n"),))

    async with chat(tmp_path, plugins=[Clerk()]) as ann:
        assert await ann.says("/report") == ["report.csv"]

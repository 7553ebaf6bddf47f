from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.citations import Checked, check, defuse, so_far, source_line, source_lines, without_numbers
from bot.events import Source


def test_citations_are_renumbered_in_the_order_of_first_use() -> None:
    assert check("Mara booked it [3], Jo paid [1], says Mara [3].", 3) == Checked(
        "Mara booked it [1], Jo paid [2], says Mara [1].", (3, 1)
    )


def test_a_number_that_stands_for_no_source_is_removed_with_its_blank() -> None:
    assert check("In June [7].", 3) == Checked("In June.", ())
    assert check("In June [0].", 3) == Checked("In June.", ())


@pytest.mark.parametrize("written", ["Yes [1, 2].", "Yes [1; 2].", "Yes [1][2].", "Yes 【1】【2】.", "Yes [^1][^2]."])
def test_the_ways_models_write_citations_are_understood(written: str) -> None:
    assert check(written, 2).cited == (1, 2)


def test_a_citation_can_carry_no_link_of_the_models_own() -> None:
    assert check("See [1](https://evil.example/x).", 1).text == "See [1]."


def test_a_list_of_sources_that_the_model_made_up_is_dropped() -> None:
    answer = "In June [2].\n\nSources:\n[1] The mayor, 1 May 2024\n[2] The king\n"
    assert check(answer, 2) == Checked("In June [1].", (2,))


@pytest.mark.parametrize("heading", ["Sources:", "**Sources**", "## References", "Quellen:"])
def test_the_heading_of_a_source_list_is_known_in_its_usual_forms(heading: str) -> None:
    assert check(f"In June [1].\n{heading}\n- [1] forged", 1).text == "In June [1]."


def test_a_line_can_not_pose_as_a_source_line() -> None:
    assert check("[1] Mara, 3 May 2024, Lisbon trip", 1).text == "Mara, 3 May 2024, Lisbon trip [1]"


def test_code_is_left_as_it_is() -> None:
    answer = "Use `a[3]` [1]:\n```\n[9] b[2]\n```"
    assert check(answer, 1).text == answer


def test_an_answer_in_progress_shows_no_half_citation_and_no_line_that_may_yet_move() -> None:
    assert so_far("In June [", 2) == "In June"
    assert so_far("In June [1", 2) == "In June"
    assert so_far("In June [1](htt", 2) == "In June [1]"
    assert so_far("In June.\n[2] Mar", 2) == "In June."
    assert so_far("In June.\n【2】 Mar", 2) == "In June."
    assert so_far("In June.\nBy train.\n- [2]", 2) == "In June.\nBy train."
    assert so_far("In June.\nX [2]", 2) == "In June.\nX [1]"


def test_an_answer_in_progress_shows_no_list_of_sources_that_begins() -> None:
    assert so_far("In June [1].\nSources:", 2) == "In June [1]."
    assert so_far("In June [1].\n- [2] Mar", 2) == "In June [1]."
    assert so_far("In June [1].\nAnd then", 2) == "In June [1].\nAnd then"


def test_a_number_is_cited_once_in_a_bracket() -> None:
    assert check("Yes [1, 1, 2].", 2).text == "Yes [1][2]."


def test_an_item_of_a_list_keeps_its_mark_and_has_its_number_at_its_end() -> None:
    assert check("Two things:\n  - [2] booked it\n  - [1]: paid", 2).text == (
        "Two things:\n- booked it [1]\n- paid [2]"
    )
    assert check("[1] paid  \nand left", 1).text == "paid [1]\nand left"


def test_a_number_alone_on_its_line_stands_at_its_beginning() -> None:
    assert check("In June:\n[1]\nBy train.", 1).text == "In June:\n[1]\nBy train."


def test_what_follows_a_list_of_sources_is_kept() -> None:
    assert check("Sources:\n\n[1] forged\n\nIn June [2].\n[1] by Mara", 2) == Checked(
        "In June [1].\nby Mara [2]", (2, 1)
    )


def test_no_character_of_a_text_stands_for_code() -> None:
    assert check("\ue0000\ue000 and `a[3]`", 1).text == "0 and `a[3]`"


def test_history_holds_no_numbers() -> None:
    assert without_numbers("In June [1][2], by Mara [1]. `a[1]`") == "In June, by Mara. `a[1]`"


def test_a_remembered_text_can_not_be_mistaken_for_a_citation() -> None:
    assert defuse("as [3] says, [x] and [2024]") == "as (3) says, [x] and [2024]"
    assert defuse("【3】, [^3], [1, 2]; [3") == "(3), (^3), (1, 2); [3"


@given(st.text(alphabet="a [](),;0123456789\n*-【】^:S", max_size=80), st.integers(0, 5))
def test_whatever_a_model_writes_its_citations_number_from_one_without_gaps(text: str, known: int) -> None:
    checked = check(text, known)
    assert all(1 <= number <= known for number in checked.cited)
    assert len(set(checked.cited)) == len(checked.cited)
    shown = dict.fromkeys(int(number) for number in re.findall(r"\[(\d{1,3})\]", checked.text))
    assert sorted(shown) == list(range(1, len(checked.cited) + 1))


@pytest.mark.parametrize("written", ["In June [[9]1].", "In June [[9][9]1].", "In June [1[9]]."])
def test_what_is_removed_leaves_no_citation_behind(written: str) -> None:
    assert check(written, 2) == Checked("In June [1].", (1,))


def source(**changes: object) -> Source:
    return replace(
        Source(
            n=1,
            text="booked the hotel",
            author="Mara",
            said_at=datetime(2024, 5, 3, 20, 14, tzinfo=UTC),
            conversation="Lisbon trip",
            platform="whatsapp",
            kind="message",
            score=1.0,
        ),
        **changes,  # type: ignore[arg-type]  # a test's own names
    )


def test_a_source_line_reads_as_people_write() -> None:
    assert source_line(source(), ZoneInfo("Europe/Lisbon")) == "[1] Mara, 3 May 2024 21:14, Lisbon trip (WhatsApp)"
    assert source_line(source()) == "[1] Mara, 3 May 2024 20:14, Lisbon trip (WhatsApp)"


def test_without_a_zone_a_time_is_shown_as_it_was_where_it_was_said() -> None:
    said_at = datetime(2024, 5, 3, 21, 14, tzinfo=timezone(timedelta(hours=9)))
    assert source_line(source(said_at=said_at)).startswith("[1] Mara, 3 May 2024 21:14, ")


def test_a_source_line_leaves_out_what_is_not_known() -> None:
    document = source(n=2, author="", locator="report.pdf, p. 4", platform="files", conversation="")
    assert source_line(document) == "[2] report.pdf, p. 4, 3 May 2024 20:14, Files"


def test_the_sources_stand_one_a_line_in_the_zone_of_the_answer() -> None:
    lines = source_lines([source(), source(n=2, platform="slack")], ZoneInfo("Europe/Lisbon")).split("\n")
    assert lines == [
        "[1] Mara, 3 May 2024 21:14, Lisbon trip (WhatsApp)",
        "[2] Mara, 3 May 2024 21:14, Lisbon trip (Slack)",
    ]

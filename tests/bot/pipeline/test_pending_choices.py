"""Presses of buttons, in whatever order and by whomever they come."""

from __future__ import annotations

from contextlib import ExitStack

from hypothesis import given
from hypothesis import strategies as st

from bot.adapter import Delivery
from bot.choices import choices_of
from bot.events import Choice, Conversation, Person
from bot.pipeline.pending_choices import PendingChoices, Press
from bot.pipeline.session import Session

OPTIONS = ["a", "b", "c"]
PEOPLE = ["ann", "bob"]
presses = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(PEOPLE), st.sampled_from(["test", "other"]), st.integers(-1, 4)),
    max_size=30,
)


@given(presses)
def test_each_question_takes_one_press_of_the_person_who_was_asked(pressed: list[tuple[int, str, str, int]]) -> None:
    offers, place = PendingChoices(), Conversation("test", "club", kind="group")
    questions = [choices_of(OPTIONS) for _ in range(4)]
    taken: dict[int, tuple[str, str]] = {}
    with ExitStack() as stack:
        for number, choices in enumerate(questions[:3]):  # the fourth is not open any more
            stack.enter_context(offers.open(choices, place, Session(5, PEOPLE[number % 2])))
        for question, person, platform, number in pressed:
            sender = Person(platform, person, person)
            outcome = offers.press(Choice(place, sender, questions[question].id, number))
            if not isinstance(outcome, Press):
                assert outcome is not Delivery.ACCEPTED
                continue
            assert question not in taken
            assert (outcome.option, outcome.pending.session.sender) == (OPTIONS[number], person)
            assert platform == "test"
            taken[question] = (person, outcome.option)
    assert taken.keys() <= {0, 1, 2}
    for choices in questions:
        late = offers.press(Choice(place, Person("test", "eve", "Eve"), choices.id, 0))
        assert late is Delivery.EXPIRED

"""What a small model's short answer is not believed for: it is about another deed, day, person or number than asked."""

from __future__ import annotations

import pytest

from tests.bot.answering.test_checking import checked

GROUP = (
    ("Ana", "If we go to Porto I'm bringing the guitar"),
    ("Tiago", "just met a guy that won 9,000 at the slots"),
    ("Rui", "I don't recommend driving ten hours, it's awful"),
    ("Bea", "tomorrow is the private island I think"),
    ("Rui", "0300H inventory 71"),
    ("Bea", "2100H- 240 crates inventory"),
    ("Ana", "we hope Tiago will learn how to bake, I never will"),
    ("Ana", "I only brought 150"),
)


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("yes", "did we end up going to Porto?"),  # only "if we go"
        ("Tiago", "who won 9,000 at the slots?"),  # a man whom he met
        ("because it's awful", "why did they drive?"),  # told of not driving
        ("Bea", "what island did we visit?"),  # no person is asked for
        ("71", "what was the inventory at 2100H?"),  # of another hour
        ("Ana", "who wants to learn how to bake?"),  # she speaks of Tiago
        ("Ana", "who got 150 for the broken suitcase?"),  # nothing but the number
    ],
)
def test_what_the_memory_tells_of_something_else_is_doubted(written: str, question: str) -> None:
    assert checked(written, question, GROUP).doubt


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("240 crates", "what was the inventory at 2100H?"),
        ("Tiago", "who met a guy at the slots?"),
        ("because it's awful", "why does Rui not recommend driving?"),
        ("Tiago", "who will learn how to bake?"),
        ("the guitar", "what is Ana bringing to Porto?"),
    ],
)
def test_what_it_does_tell_stands(written: str, question: str) -> None:
    verdict = checked(written, question, GROUP)
    assert not verdict.doubt
    assert verdict.answer == written


def test_a_reason_may_be_something_that_is_not() -> None:
    said = (("Ana", "I moved out because I couldn't stand the noise"), ("Rui", "the noise is awful"))
    assert not checked("couldn't stand the noise", "why did Ana move out?", said).doubt


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Waren wir in Porto?", "Wenn wir nach Porto fahren, nehme ich die Gitarre mit"),
        ("¿Fuimos a Oporto?", "Si vamos a Oporto llevo la guitarra"),
        ("Sommes-nous allés à Porto ?", "Si on va à Porto je prends la guitare"),
    ],
)
def test_an_if_is_no_yes_in_other_languages_either(question: str, said: str) -> None:
    assert checked("ja" if "wir" in question else "sí" if "¿" in question else "oui", question, (("Ana", said),)).doubt


def test_a_number_of_the_question_is_not_what_is_asked() -> None:
    said = (("Bea", "I know a place with 60 raw wings for $25"), ("Rui", "sounds good"))
    assert checked("60", "what is the price of the 60 wings?", said).doubt
    assert checked("$25", "what is the price of the 60 wings?", said).answer == "$25"


def test_a_reason_is_not_that_of_something_else() -> None:
    said = (
        ("Rui", "to prevent scale in the raw sugar we try the following after the start"),
        ("Bea", "shifted to regular raw sugar production at 0830H due to high colour"),
    )
    question = "why did they shift to regular raw sugar production?"
    assert checked("to prevent scale", question, said).doubt
    assert checked("high colour", question, said).answer == "high colour"


def test_somebody_is_meant_by_the_part_of_their_name_that_is_asked_for() -> None:
    said = (("Rui", "I get off work at 6"), ("Jo Rui’s Brother", "I get off work at 3"), ("Bea", "see you there"))
    question = "what time does Jo get off work?"
    assert checked("6", question, said).doubt
    assert checked("3", question, said).answer == "3"


TRIP = (
    ("Andy", "10.45 from Kradan to Lanta, but I truly don't mind"),
    ("Jude", "we could take Air New Zealand for £1,358, or Swiss for £900"),
    ("Jude", "we are so inspired, going to order Thai tonight"),
    ("Cal", "so that's the 20kg of luggage each"),
    ("Cal", "so 668.89 pp"),
    ("Jude", "no rush with the passport details, but send them over when you can"),
    ("Jude", "https://wildlife.example/dugong-facts"),
    ("Cal", "73 pull-ups a day, easy win"),
    ("Andy", "126 are needed in the first two weeks"),
)


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("yes", "did we go to New Zealand?"),  # an airline's name
        ("They pulled out of the New Zealand trip because they were inspired", "why did they cancel New Zealand?"),
        ("668.89 pp", "how much luggage can we take?"),
        ("no rush, send them over", "what is Jude's passport number?"),
        ("126", "how many pull-ups a day does Cal do?"),  # of another message
        ("yes", "can you swim with the dugong?"),  # nothing but an address
    ],
)
def test_what_only_shares_a_name_or_a_sum_is_doubted(written: str, question: str) -> None:
    assert checked(written, question, TRIP).doubt


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("73", "how many pull-ups a day does Cal do?"),
        ("20kg", "how much luggage can we take?"),
        ("10:45", "what time do we leave Kradan for Lanta?"),
    ],
)
def test_a_measure_of_the_thing_and_a_clock_written_another_way_stand(written: str, question: str) -> None:
    assert checked(written, question, TRIP).answer == written


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("did we go to Lisbon?", "In Lisbon we stayed a week"),
        ("did we go to Lisbon?", "Visited Lisbon for a week"),
        ("did Ana see the Tower Bridge?", "we saw the Tower Bridge today"),
        ("haben wir das Auto gekauft?", "Das Auto ist gekauft"),
    ],
)
def test_a_capital_before_a_name_makes_no_other_name(question: str, said: str) -> None:
    assert checked("yes" if "did" in question else "ja", question, (("Ana", said),)).answer


def test_of_a_sentence_that_says_the_question_again_only_the_reason_is_shown() -> None:
    said = (("Ana", "I moved out because the noise was awful"),)
    assert checked("Ana moved out because the noise was awful", "why did Ana move out?", said).answer == (
        "the noise was awful"
    )

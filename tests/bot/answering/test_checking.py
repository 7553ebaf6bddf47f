"""What may stand of a model's words: nothing that no memory says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.answering.checking import Verdict, check_answer
from bot.answering.prompting.evidence import evidence_of
from bot.answering.quoting.wanted import read_question
from memory.records import ConversationRecord, Passage, Recollection

TRIP = ConversationRecord(1, "whatsapp", "trip", "Lisbon trip", "group", None)
SAID = (
    ("Mara", "Booked the hotel in Rua da Rosa yesterday, 12-16 June"),
    ("Jo", "the parrot eats sunflower seeds"),
    ("Jo", "I paid the hotel with my card, 480 euros"),
    ("Mara", "I grow tomatoes and beans"),
    ("Mara", "The basil grows like mad"),
)


def checked(
    written: str, question: str = "when did we book the hotel?", said: tuple[tuple[str, str], ...] = SAID
) -> Verdict:
    start = datetime(2024, 5, 3, 21, 14, tzinfo=UTC)
    recalled = [
        Recollection(Passage(at, TRIP, author, None, start + timedelta(days=at), "message", text), 1.0 - at / 10, 0.9)
        for at, (author, text) in enumerate(said)
    ]
    evidence = evidence_of(question, recalled, None, 1000, lambda text: len(text.split()))
    return check_answer(written, read_question(question), evidence, recalled)


def cited(verdict: Verdict) -> list[str]:
    return [each.passage.text for each in verdict.evidence]


def test_an_answer_stands_with_the_memory_that_says_it_whatever_number_the_model_gave() -> None:
    verdict = checked("2 May 2024 [3]")
    assert (verdict.answer, cited(verdict)) == ("2 May 2024", [SAID[0][1]])
    assert cited(checked("480 euros [1]", "how much was the hotel?")) == [SAID[2][1]]


def test_each_item_of_a_list_has_its_memory() -> None:
    verdict = checked("tomatoes, beans, basil", "what does Mara grow?")
    assert cited(verdict) == [SAID[3][1], SAID[4][1]]


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("17 September 2023", "when did we book the hotel?"),
        ("the Hotel Bellevue in Naples", "where did we book?"),
        ("at 18:10", "what time does the train leave?"),
        ("в мае", "when did we book the hotel?"),
        ("我不知道", "when did we book the hotel?"),
        ("because of grandmother", "why did we book the hotel?"),
        ("", "when did we book the hotel?"),
    ],
)
def test_what_no_memory_says_does_not_stand(written: str, question: str) -> None:
    verdict = checked(written, question)
    assert verdict.answer == ""
    assert verdict.doubt
    assert not verdict.abstains


def test_a_time_must_be_that_of_the_memory_that_tells_of_what_is_asked() -> None:
    assert checked("4 May 2024", "when did we book the hotel?").doubt  # the day the parrot was told of
    assert checked("2 May 2024", "when did we book the hotel?").answer == "2 May 2024"


def test_a_sum_that_leaves_out_what_is_asked_for_is_no_answer() -> None:
    said = (("Jo", "shared without the hotel: 217,80, so 54,45 each"), ("Mara", "booked the hotel"))
    assert checked("54,45", "how much does each of us owe for the hotel?", said).doubt


def test_a_who_is_not_answered_with_somebody_who_told_of_something_else() -> None:
    assert checked("Jo", "who booked the hotel?").doubt
    assert checked("Mara", "who booked the hotel?").answer == "Mara"


def test_a_yes_needs_a_memory_of_what_is_asked() -> None:
    assert checked("Yes, we went to Naples", "did we go to Naples?").abstains
    assert checked("yes", "did Mara book the hotel in Rua da Rosa?").answer == "yes"


def test_a_yes_rests_on_what_tells_of_it_and_never_on_a_greeting() -> None:
    said = (("Jo", "Hello Christina and Tom!"), ("Mara", "I have kefir grains?"))
    assert checked("yes", "does Mara have kefir grains?", said).answer == ""


def test_nobody_is_named_as_what_no_memory_speaks_of() -> None:
    said = (("Jo", "any of our landlords can watch us"), ("Mara", "Sven is our plumber"))
    assert checked("Jo", "who is the landlord's lawyer?", said).answer == ""
    assert checked("Sven", "who is our plumber?", said).answer == "Sven"


def test_a_yes_is_quoted_with_what_tells_of_it() -> None:
    said = (("Jo", "Yes please. I'll pay you later"), ("Bo", "Bagels are 100% vegan!"))
    assert cited(checked("yes", "is there a vegan bagel?", said)) == [said[1][1]]
    salon = (("Jo", "Yes. I have some on me, come by"), ("Bo", "anyone lost a fob?"))
    assert checked("yes", "did anyone find a fob?", salon).answer == ""


@pytest.mark.parametrize(
    "question", ["who is the ?", "who is our 🎂?", "who's my - ?", "how many ?", "how many 🎂 are there?"]
)
def test_a_question_that_names_nothing_is_checked_too(question: str) -> None:
    assert checked("Mara", question).answer in ("", "Mara")


def test_nothing_is_counted_that_no_memory_speaks_of() -> None:
    said = (("Jo", "where has the hoover gone? the long bit has gone, too"),)
    assert checked("two", "how many new bags for the hoover are there?", said).answer == ""


def test_nobody_is_named_for_having_written_of_something_else() -> None:
    said = (("Bryce", "I always put detergent in the main drum"), ("Jo", "the circle line is late"))
    assert checked("Bryce", "who plays in the drum circle?", said).answer == ""
    assert checked("the group", "who bakes the cakes?", (("", "Jo changed the group description"),)).answer == ""


def test_counts_and_conclusions_may_be_in_words_of_their_own() -> None:
    assert checked("two", "how many hotels did we book?").answer == "two"
    assert checked("likely yes, because she likes gardens", "would Mara enjoy a park?").answer.startswith("likely yes")


def test_an_answer_in_the_askers_language_about_a_chat_in_another_stands() -> None:
    verdict = checked("el 2 de mayo de 2024", "¿cuándo reservamos el hotel?")
    assert (verdict.answer, cited(verdict)) == ("el 2 de mayo de 2024", [SAID[0][1]])


def test_abstaining_is_no_doubt() -> None:
    assert checked("nothing") == Verdict("", abstains=True)


def test_where_nothing_was_recalled_nothing_stands() -> None:
    assert checked("3 May 2024", said=()).answer == ""


def test_what_is_made_up_is_left_out_of_a_list_and_of_a_conclusion() -> None:
    assert checked("tomatoes, Rafflesia, basil", "what plants does Mara grow?").answer == "tomatoes, basil"
    likely = checked("likely yes, because she lives at the Villa Borghese", "would Mara like a garden?")
    assert likely.answer == "likely yes"
    assert checked("Rafflesia, Ginkgo, Monstera", "what plants does Mara grow?").answer != "tomatoes"


PLANS = (
    ("Ina", "When are we looking at booking the ferry?"),
    ("Ina", "The house keeps me busy, the ferry has to wait"),
    ("Leo", "thinking of taking the ferry to Gozo and then going south"),
    ("Ina", "Gozo it is! The ferry goes on 14 March"),
    ("Leo", "are we taking tents or huts?"),
    ("Ina", "Tents. Huts will be full by then"),
    ("Leo", "so that is 20kg of luggage each"),
    ("Ina", "https://www.kantinagozo.example/menu"),
    ("Leo", "the menu in Gozo is on the wall of every restaurant"),
)


@pytest.mark.parametrize(
    ("written", "question", "stands"),
    [
        ("3 May 2024", "when did we book the ferry?", False),  # the day on which somebody asked just that
        ("4 May 2024", "when did we book the ferry?", False),  # the ferry alone is not the booking
        ("5 May 2024", "when do we take the ferry to Gozo?", False),  # the day on which it was planned
        ("14 March", "when do we take the ferry to Gozo?", True),
        ("Leo", "why did the ferry have to wait?", False),  # nobody's name is a reason
        ("the house keeps Ina busy", "why did the ferry have to wait?", True),
        ("20 kg", "how much luggage can we take?", True),
        ("Gozo", "what restaurants are there in Gozo?", False),  # says nothing that was not asked
        ("Gozo", "is the ferry to Gozo or to Comino?", True),
    ],
)
def test_an_answer_stands_only_where_it_is_told_of_what_is_asked(written: str, question: str, *, stands: bool) -> None:
    assert (checked(written, question, PLANS).answer == written) is stands


@pytest.mark.parametrize(
    ("written", "question", "quoted"),
    [
        ("tents", "are we taking tents or huts?", PLANS[5][1]),  # not the question itself
        ("Kantina Gozo", "which restaurant did Ina suggest in Gozo?", PLANS[7][1]),  # spelt out in the link alone
    ],
)
def test_an_answer_rests_on_what_tells_it(written: str, question: str, quoted: str) -> None:
    assert cited(checked(written, question, PLANS)) == [quoted]


def test_what_only_shares_words_with_the_question_is_no_other_answer_to_it() -> None:
    said = (
        ("Leo", "The Old Mill is a lovely place to look for a flat"),
        ("Ina", "I'll look into trains on Sunday. No hurry of course, with the flat you have a lot to sort out"),
    )
    verdict = checked("The Old Mill", "where is a lovely place to look for a flat?", said)
    assert (verdict.answer, verdict.rival) == ("The Old Mill", None)


def test_a_question_that_tells_something_before_it_asks_is_quoted() -> None:
    asks = "I have an interview coming up with Aurora, would you mind telling me how yours was?"
    said = (("Leo", asks), ("Ina", "Ooh, congrats on getting that!"))
    assert cited(checked("Aurora", "which company does Leo have an interview with?", said)) == [asks]


ROOMS = (
    ("Ana", "My room in Elm House, number 5, is on the 16th floor, 950 euros a month"),
    ("Cleo", "Subletting on the 5th floor until 1 September, males only, 700 euros"),
    ("Dan", "I hope we will find a room in Elm House some day"),
    ("Bea", "free until 25 August, anybody may have it"),
)
ROADS = (
    (
        "Caro",
        "Getting to Samui: the fastest way is a direct flight in 1 hour 15, good for families. " + "Or a ferry. " * 9,
    ),
    ("Caro", "Kanchanaburi is 2.5 hours by van from Bangkok"),
    ("Caro", "a nice resort at Ao Nang is Ban Sainai"),
)
BIKE = (("Bob", "My bike was stolen at the station"), ("Ann", "Oh no, how awful for you"))
GARDEN = (("Ann", "I grow tomatoes and beans"), ("Bob", "how nice for you"))


@pytest.mark.parametrize(
    ("written", "question", "said", "doubt", "quoted"),
    [
        ("", "when did we book the hotel?", SAID, "nothing was answered", []),
        ("в мае", "when did we book the hotel?", SAID, "the answer is in another script", [SAID[0][1]]),
        (
            "17 September 2023",
            "when did we book the hotel?",
            SAID,
            "no memory holds a number or a name of the answer",
            [SAID[0][1]],
        ),
        ("4 May 2024", "when did we book the hotel?", SAID, "the answer is that of another memory", [SAID[0][1]]),
        ("Jo", "who booked the hotel?", SAID, "the answer is that of another memory", [SAID[0][1]]),
        (
            "Leo",
            "why did the ferry have to wait?",
            PLANS,
            "the answer names somebody where no person is asked for",
            [PLANS[2][1]],
        ),
        ("5th floor", "which floor is Ana's room on?", ROOMS, "its numbers are those of another memory", [ROOMS[0][1]]),
        (
            "700 euros",
            "how much is Bea's place?",
            ROOMS,
            "it rests on what somebody else said of themselves",
            [ROOMS[1][1]],
        ),
        ("yes", "did Dan find a room?", ROOMS, "it is only planned", [ROOMS[2][1]]),
        (
            "yes",
            "did Dan see the film?",
            (("Dan", "never heard of it"), ("Bea", "the film is long"), ("Ed", "popcorn!")),
            "it is denied",
            ["never heard of it"],
        ),
        ("115 euros", "how much is the flight to Samui?", ROADS, "no memory tells of such a sum", [ROADS[0][1]]),
        (
            "1 hour 15",
            "how long is it from Bangkok to Kanchanaburi?",
            (("Caro", "Top! A plan for Bangkok and Kanchanaburi. " + "Day by day, all of it. " * 30), *ROADS),
            "another memory tells of what is asked",
            [ROADS[0][1]],
        ),
        ("Gozo", "what restaurants are there in Gozo?", PLANS, "the answer only repeats the question", [PLANS[2][1]]),
        (
            "because of grandmother",
            "why did we book the hotel?",
            SAID,
            "no memory says any of the answer's words",
            [SAID[0][1]],
        ),
    ],
)
def test_what_is_refused_leaves_a_reason_for_the_log_and_a_memory_to_quote(
    written: str, question: str, said: tuple[tuple[str, str], ...], doubt: str, quoted: list[str]
) -> None:
    verdict = checked(written, question, said)
    assert (verdict.answer, verdict.abstains, verdict.doubt) == ("", False, doubt)
    assert cited(verdict) == quoted


@pytest.mark.parametrize(
    ("written", "question", "said", "doubt"),
    [
        ("at the station", "where was Ann's bike stolen?", BIKE, "it is told of somebody else"),
        ("Yes, we went to Naples", "did we go to Naples?", SAID, "no memory tells of the names in the question"),
    ],
)
def test_an_answer_that_is_told_of_others_is_none_and_a_memory_is_kept_to_say_so(
    written: str, question: str, said: tuple[tuple[str, str], ...], doubt: str
) -> None:
    verdict = checked(written, question, said)
    assert (verdict.answer, verdict.abstains, verdict.doubt) == ("", True, doubt)
    assert cited(verdict) == [said[0][1]]


def test_in_a_talk_an_answer_need_not_name_again_what_it_is_about() -> None:
    said = (("Jo", "flights to Bangkok are on sale, shall we?"), ("Cal", "so 668.89 pp"), ("Bea", "a hotel in Bangkok"))
    assert checked("668.89", "how much are the flights to Bangkok?", said).answer == "668.89"


def test_of_two_who_say_the_like_the_one_asked_about_is_cited() -> None:
    assert cited(checked("yes", "is Cleo's place for males only?", ROOMS)) == [ROOMS[1][1]]
    assert cited(checked("950 euros", "how much is Ana's room?", ROOMS)) == [ROOMS[0][1]]


def test_what_is_concluded_of_somebody_may_rest_on_what_others_said() -> None:
    assert checked("likely no", "would Ann ride a bike again?", BIKE).doubt != "it is told of somebody else"


def test_a_model_that_finds_nothing_is_believed_unless_the_memories_clearly_tell_of_who_is_asked_about() -> None:
    assert checked("nothing", "what does Ann grow?", GARDEN) == Verdict("", abstains=False)
    assert checked("nothing", "what does Bob grow?", GARDEN) == Verdict("", abstains=True)


def test_a_long_answer_stands_as_it_is_on_what_tells_it() -> None:
    long = "The parrot eats sunflower seeds, Rafflesia, and the basil grows like mad behind the house. " * 6
    verdict = checked(long.strip(), "what happened?")
    assert "Rafflesia" in verdict.answer
    assert SAID[1][1] in cited(verdict)


def test_an_answer_in_another_language_may_share_no_word_with_its_memory() -> None:
    assert checked("por la casa", "¿por qué tiene que esperar el ferry?", PLANS).answer == "por la casa"


def test_a_yes_stands_where_the_name_in_the_question_ends_a_memory() -> None:
    assert checked("yes", "did we go to Naples?", (("Mara", "we went to Naples"), ("Jo", "it was fun"))).answer == "yes"


def test_a_memory_that_answers_otherwise_is_shown_beside_the_answer() -> None:
    said = (("Mara", "the code of the gate is 4711"), ("Jo", "the code of the gate is 1234"))
    verdict = checked("4711", "what is the code of the gate?", said)
    assert verdict.answer == "4711"
    assert verdict.rival is not None
    assert verdict.rival.passage.text == said[1][1]


def test_who_wrote_of_somebody_is_not_who_that_is() -> None:
    said = (("Jo", "Rolf and I had a long talk, he only wants half of the clients"), ("Mara", "good"))
    assert checked("Jo", "who is Rolf?", said).answer == ""
    assert checked("a client", "who is Rolf?", (("Jo", "Rolf is a client of mine"), said[1])).answer == "a client"


def test_how_long_is_not_answered_without_a_length() -> None:
    said = (("Jo", "my aunt stays for a lot of things to do"), ("Mara", "my aunt stays about ten days"))
    assert checked("a lot of things to do", "how long does the aunt stay?", said).answer == ""
    assert checked("about ten days", "how long does the aunt stay?", said).answer == "about ten days"


def test_yes_does_not_rest_on_a_question_be_it_without_a_mark() -> None:
    said = (("Jo", "Have you seen Nosferatu"), ("Mara", "I haven't seen Nosferatu yet, soon"))
    assert cited(checked("yes", "has Mara seen Nosferatu?", said)) != [said[0][1]]


def test_in_a_talk_of_two_what_one_says_of_a_friend_is_not_the_others() -> None:
    said = (("Jo", "my friend and I just got back to Oslo, then dinner"), ("Mara", "the ferry to Oslo was late"))
    assert checked("3 May 2024", "when did Mara get back to Oslo?", said).answer == ""
    spoken_to = (("Jo", "you got back to Oslo yesterday, right"), ("Mara", "yes, the ferry was late"))
    assert checked("2 May 2024", "when did Mara get back to Oslo?", spoken_to).answer == "2 May 2024"


def test_what_the_memories_have_only_the_questions_words_of_is_not_told() -> None:
    said = (("Jo", "there is a thing called an ERP"), ("Mara", "the agent does it"))
    assert checked("ERP is enterprise resource planning", "what does ERP stand for?", said).answer == ""


@pytest.mark.parametrize(
    ("question", "written", "said"),
    [
        ("what is the email of the agency?", "agency.example", "Try ana@agency.example"),
        ("what is the phone number of the agency?", "the agency", "call the agency"),
    ],
)
def test_an_address_is_one_of_the_kind_asked_for(question: str, written: str, said: str) -> None:
    assert checked(written, question, (("Jo", said), ("Mara", "ok"))).answer == ""


def test_a_rate_that_a_memory_tells_of_another_company_is_not_the_one_asked_for() -> None:
    said = (("Jo", "Zapsend has the best rate, use my code"), ("Mara", "Kwikpay exchange rate is 149 today"))
    assert checked("149", "which rate does Zapsend have?", said).answer == ""
    assert checked("149", "which rate does Kwikpay have?", said).answer == "149"

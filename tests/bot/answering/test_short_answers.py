"""What people ask, and the few words that answer it, from one message each or from the better of several."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answering.quoting.wanted import read_question
from bot.answering.short_answers import short_answer
from memory import Recollection
from tests.bot.answering.quoting.saying import recalled

DAY = timedelta(days=1)
HOTEL = ("Mara", "booked the hotel, Rua da Rosa, 12–16 June")


def answered(question: str, *said: tuple[str, str]) -> str:
    found = short_answer(question, recalled(*said))
    assert found is not None
    return found.text if found.is_named else found.recollection.passage.text


@pytest.mark.parametrize(
    ("question", "echo", "telling"),
    [
        ("what did Weiye order at the bar?", "I ordered from the bar", "I just ordered smoothies"),
        ("what is the address in Brooklyn?", "Brooklyn", "Brooklyn, 24 Linden Road"),
        ("qual é o nome do livro?", ".", "o livro se chama Grafos"),
    ],
)
def test_what_only_repeats_the_question_is_not_quoted(question: str, echo: str, telling: str) -> None:
    assert short_answer(question, recalled(("Weiye", echo))) is None
    assert answered(question, ("Weiye", echo), ("Weiye", telling)) == telling


def test_what_a_question_is_about_may_answer_it() -> None:
    said = "the ferry leaves from pier seven"
    found = short_answer("what did she mean?", recalled(("Mara", said)), before=said)
    assert found is not None
    assert found.recollection.passage.text == said


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("a partir de que nota o sistema arredonda pra 6?", "pt"),
        ("a partir de que dia o estacionamento vai ser cobrado?", "pt"),
        ("a partir de que hora está abierto el estacionamiento?", "es"),
    ],
)
def test_languages_that_share_their_small_words_are_told_apart(question: str, language: str) -> None:
    assert read_question(question).language == language


@pytest.mark.parametrize(
    ("question", "author", "text", "answer"),
    [
        ("when did we book the hotel?", *HOTEL, "3 May 2024"),
        ("when did you see the film?", "Tom", "I saw it yesterday", "2 May 2024"),
        ("when did Tom win?", "Tom", "I won my second tournament last week!", "22–28 April 2024"),
        ("when was the flood?", "Ana", "the flood was on 3 March 2021", "3 March 2021"),
        ("when does the ferry leave?", "Ada", "The ferry leaves at nine from pier four", "at nine"),
        ("what time is the train?", "Ada", "train to sintra 8:41 from rossio", "8:41"),
        ("what time is the workshop?", "Ada", "the workshop is from 9 AM to 3 PM", "9 AM"),
        ("quando é a final?", "Rui", "a final da matéria é amnh", "4 de maio de 2024"),
        ("when is the exam?", "Ada", "exam is tmrw, good luck", "4 May 2024"),
        ("quando foi a festa?", "Rui", "a festa foi ontem à noite", "noite de 2 de maio de 2024"),
        ("who booked the hotel?", *HOTEL, "Mara"),
        ("who booked the hotel?", "Mara", "I've booked the hotel in Lisbon, Rua da Rosa, 12-16 June", "Mara"),
        ("who feeds the dogs?", "Jonas", "I'm off on Friday and my mum feeds the dogs", "Jonas’s mum"),
        ("who has the spare key?", "Jonas", "in Leipzig! spare key is with Mara", "Mara"),
        ("where is Tom's passport?", "Tom", "my passport is in the blue folder, I checked", "in the blue folder"),
        ("how many sardines did you eat?", "Tom", "I have eaten nine sardines", "nine sardines"),
        ("how much was the dinner?", "Tom", "dinner's on me, 118,40 €, put it on the list", "118,40 €"),
        ("how long have you had the cat?", "Tom", "we have had the cat for four years", "four years"),
        ("Wann haben wir das Hotel gebucht?", "Mara", "gestern das Hotel gebucht!", "2. Mai 2024"),
        ("Wo liegt der Schlüssel?", "Mara", "der Schlüssel liegt unter der Fußmatte", "unter der Fußmatte"),
        ("Wer hat den Schlüssel?", "Mara", "der Schlüssel ist bei Frau Lehmann", "Frau Lehmann"),
        ("Wie viel hat das Essen gekostet?", "Tom", "das Essen hat 48 € gekostet", "48 €"),
        ("Was hat das Essen gekostet?", "Tom", "das Essen hat 48 € gekostet", "48 €"),
        ("¿Dónde está la llave?", "Ana", "la llave está debajo de la maceta", "debajo de la maceta"),
        ("¿Cuánto costó la cena?", "Ana", "la cena costó 30 euros", "30 euros"),
        ("¿Cuántos gatos tienes?", "Ana", "tengo tres gatos", "tres gatos"),
        ("Où est la clé ?", "Léa", "la clé est sous le paillasson", "sous le paillasson"),
        ("Qui a payé le dîner ?", "Léa", "j'ai payé le dîner", "Léa"),
        ("Dove sono le chiavi?", "Ida", "le chiavi sono nel cassetto", "nel cassetto"),
        ("Quanto custou o jantar?", "Rui", "o jantar custou 40 euros", "40 euros"),
        ("Onde está a chave?", "Rui", "a chave está na gaveta", "na gaveta"),
        ("when is choir?", "Ana", "choir will be every Thursday this month, in the hall", "every Thursday"),
        ("when is choir?", "Ana", "choir is not tomorrow, it's on 9 May", "9 May 2024"),
        ("¿Cuándo es el coro?", "Ana", "el coro es todos los jueves", "todos los jueves"),
        ("Wann ist Chorprobe?", "Ana", "Chorprobe ist mittwochs um acht", "mittwochs, um acht"),
    ],
)
def test_a_question_is_answered_in_a_few_words(question: str, author: str, text: str, answer: str) -> None:
    assert answered(question, (author, text)) == answer


FLAT = "2 bedrooms upstairs, a garden.\nCall me or write to ana@mail.example.\nThe 2-bathroom flat is free from May."
PLAN = "Top three in July\n1. The Erawan falls, good for climbing levels\n2. A boat trip\n3. Ziplining"


@pytest.mark.parametrize(
    ("question", "author", "text", "answer"),
    [
        ("what is Ana's email?", "Ana", FLAT, "ana@mail.example"),
        ("how many bathrooms does the flat have?", "Ana", FLAT, "2"),
        ("how many levels do the Erawan falls have?", "Ana", PLAN, PLAN),
        ("how many bathrooms are there?", "Ana", "the bathroom is shared with one other person", None),
    ],
)
def test_a_list_of_facts_answers_with_the_one_asked_for(
    question: str, author: str, text: str, answer: str | None
) -> None:
    assert answered(question, (author, text)) == (text if answer is None else answer)


def test_of_several_counts_the_one_beside_what_is_asked_about_answers() -> None:
    poll = ("Robin", "POLL: day two. OPTION: 6 June (12 votes) OPTION: 13 June (8 votes)")
    assert answered("how many votes did 6 June get?", poll) == "12 votes"
    assert answered("how many votes did 13 June get?", poll) == "8 votes"


def test_when_something_began_is_worked_out_of_how_long_it_lasts() -> None:
    assert answered("when did you start playing the violin?", ("Tim", "I've played the violin for four months")) == (
        "January 2024"
    )
    assert answered("Seit wann spielst du Geige?", ("Tim", "ich spiele seit vier Monaten Geige")) == "Januar 2024"


def test_a_date_outside_the_month_asked_about_is_no_answer() -> None:
    camping = ("Ann", "we went camping yesterday")
    assert answered("when did we go camping in May?", camping) == "2 May 2024"
    assert answered("when did we go camping in June?", camping) == camping[1]


def test_where_somebody_works_is_not_at_a_pronoun() -> None:
    text = "Ernaast zit Hotel Zeezicht. Mooi, daar werkt mijn zus en bij haar kan je kano's huren."
    assert not answered("Waar werkt je zus?", ("Caro", text)).startswith("bij haar")


def test_a_booking_is_dated_by_when_it_was_told_and_its_stay_by_what_it_says() -> None:
    assert answered("when did we book the hotel?", HOTEL) == "3 May 2024"
    assert answered("for when is the hotel booked?", HOTEL) == "12–16 June 2024"


def test_what_was_done_is_not_looked_for_in_what_somebody_will_do() -> None:
    said = answered("when did we book the hotel?", ("Tom", "I'll book the hotel next week"), HOTEL)
    assert said == "3 May 2024"


def test_a_question_does_not_answer_a_question() -> None:
    said = answered("what can't Tom eat?", ("Ana", "does Tom eat everything"), ("Tom", "shellfish tries to kill me"))
    assert said == "shellfish tries to kill me"


FLIGHTS = ("Jonas", "booked for both of us, 256 € together. Mara you owe me 128")


def test_of_a_question_that_was_asked_before_its_reply_is_quoted() -> None:
    asked = ("Renee", "Do parents have to attend the assembly at nine?")
    asking, reply = recalled(asked, ("Kate", "No, but you are welcome to if you like"))
    found = short_answer("do parents have to attend the assembly?", [asking, replace(reply, context=(asking.passage,))])
    assert found is not None
    assert found.recollection.passage.author == "Kate"


def test_a_number_of_nobody_is_not_answered_with_whatever_they_said() -> None:
    said = recalled(("Tosca", "Leuk Robin!"), ("Tosca", "Een mooi en gezond 2026"))
    assert short_answer("wat is het telefoonnummer van Tosca?", said) is None
    assert short_answer("what is Tosca's email?", said) is None
    assert answered("what is Tosca's email?", ("Tosca", "my email is tosca at work, dot org")).startswith("my email")


def test_a_weekday_of_today_is_told_in_its_own_word_unless_it_is_over() -> None:
    assert answered("when is sport day?", ("Ana", "Sport Day is Friday")) == "Friday"  # said on a Friday
    assert answered("when is the party?", ("Ana", "the party is on Saturday")) == "4 May 2024"
    assert answered("when was sport day?", ("Ana", "Sport Day was on Friday")) == "3 May 2024"


def test_where_something_is_does_not_repeat_what_it_is_called() -> None:
    poll = ("Ana", "Let's get social - KL Class Play, Saturday 2nd May @The Greenhouse Centennial Park")
    assert answered("where is the class play?", poll) == "The Greenhouse Centennial Park"
    plan = ("Robin", "Zaterdag staat het etentje op de planning, jullie zijn welkom bij ons in Hummelo")
    assert answered("waar is het etentje?", plan) == "in Hummelo"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("wer hat abgesagt?", "oh nein pras hat abgesagt"),
        ("who has cancelled?", "oh no pras has cancelled"),
        ("wer macht bei der Studie mit?", "Probanden für Studie gesucht"),
    ],
)
def test_who_tells_of_another_or_looks_for_somebody_is_not_who_did_it(question: str, text: str) -> None:
    found = short_answer(question, recalled(("Phil", text)))
    assert found is None or not found.is_named


def test_a_wish_between_two_is_no_birthday_of_a_third() -> None:
    said = recalled(("Phil", "Happy Birthday mein Lieber"), ("Jona", "danke dir!"))
    found = short_answer("wann hat Jona Geburtstag?", said)
    assert found is not None
    assert found.text == "3. Mai"
    of_another = short_answer("wann hat Mascha Geburtstag?", said)
    assert of_another is None or not of_another.is_named


def test_a_birthday_is_not_answered_with_whatever_somebody_said() -> None:
    assert short_answer("when is Mascha's birthday?", recalled(("Phil", "I sit opposite Mascha tomorrow"))) is None
    assert short_answer("when is Phil's birthday?", recalled(("Phil", "happy birthday you glorious woman"))) is None


def after(first: Recollection, second: Recollection) -> list[Recollection]:
    """Return two recollections of which the second was said just after the first."""
    return [first, replace(second, context=(first.passage,))]


@pytest.mark.parametrize(
    ("question", "before", "text"),
    [
        ("when is hustle on Friday?", "I double checked the time for hustle on Friday.", "It's at 7pm."),
        (
            "when is the Pirates game?",
            "a relative invited me to a Pirates game",
            "It will be September 14th at 1:05 pm.",
        ),
    ],
)
def test_what_somebody_went_on_to_say_answers_what_they_spoke_of_before(question: str, before: str, text: str) -> None:
    found = short_answer(question, after(*recalled(("Ryan", before), ("Ryan", text))))
    assert found is not None
    assert found.recollection.passage.text == text


def test_what_another_said_or_what_was_said_much_later_does_not_go_on() -> None:
    before, text = "I double checked the time for hustle on Friday.", "I leave at 7pm."
    first, by_another = (replace(each, relevance=0.4) for each in recalled(("Ryan", before), ("Ann", text)))
    of_another = short_answer("when is hustle on Friday?", after(first, by_another))
    first, second = (replace(each, relevance=0.4) for each in recalled(("Ryan", before), ("Ryan", text)))
    later = replace(second, passage=replace(second.passage, said_at=second.passage.said_at + DAY))
    much_later = short_answer("when is hustle on Friday?", after(first, later))
    for found in (of_another, much_later):
        assert found is not None
        assert not found.is_named


def test_a_day_that_the_question_names_is_no_answer_to_it() -> None:
    found = short_answer("when is choir on Friday?", recalled(("Ana", "choir is on Friday, I checked")))
    assert found is not None
    assert not found.is_named
    assert answered("when is choir on Friday?", ("Ana", "choir on Friday is at 7pm")) == "at 7pm"


def test_another_name_does_not_tell_who_somebody_is() -> None:
    found = short_answer("who is Olivia?", recalled(("Ryan", "Olivia and Jackson both live in Pittsburgh")))
    assert found is not None
    assert not found.is_named
    assert answered("who is the manager?", ("Ryan", "the manager is Jackson Reed")) == "Jackson Reed"


def test_who_asks_without_a_question_mark_is_not_quoted_for_the_reply() -> None:
    asking, reply = recalled(("Jona", "Schickst du mir dein Paypal"), ("Phil", "@Kreditgott"))
    found = short_answer("was ist Phils Paypal?", [asking, replace(reply, context=(asking.passage,))])
    assert found is not None
    assert found.recollection.passage.text == "@Kreditgott"


def test_a_reply_is_found_past_what_its_asker_added() -> None:
    asked, added, reply = recalled(("Ben", "Hey what does the bell say"), ("Ben", "I'm downstairs"), ("Pia", "Zeller"))
    replied = replace(reply, context=(asked.passage, added.passage))
    found = short_answer("what does the bell say?", [asked, replied])
    assert found is not None
    assert found.recollection.passage.text == "Zeller"


def test_a_question_to_who_is_asked_about_is_answered_by_their_reply() -> None:
    asked, reply = recalled(("Phil", "Wann kommst du wieder zurück?"), ("Emil", "Am Sonntag Bro"))
    replied = replace(reply, context=(asked.passage,))
    found = short_answer("wann kommt Emil zurück?", [replied, asked])
    assert found is not None
    assert (found.text, found.is_named) == ("5. Mai 2024", True)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what is Cal's birthday?", "17 April 1993"),
        ("when was Laura born?", "4 February 1992"),
        ("wann hat Andy Geburtstag?", "16. August 1986"),
        ("what is Tom's date of birth?", "1 December 1989"),
        ("when is Ana's birthday?", "12 June 2024"),
    ],
)
def test_a_birthday_is_the_day_beside_a_name(question: str, expected: str) -> None:
    said = (
        ("Cal", "Laura Piehl 04-02-92\nCal Smyth 17-04-93"),
        ("Jude", "Andy Wenman - 16/08/1986"),
        ("Tom", "Passport C1FX, expires 21/12/2027\nDOB 01/12/1989"),
        ("Jude", "Ana's birthday is on 12 June"),
    )
    assert answered(question, *said) == expected


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("when is Mia's birthday?", ("Cal", "Mia Kern flies on 13/03/24")),
        ("when is Ana's birthday?", ("Ana", "we ate pastel de nata on 3 April 2024")),
        ("wann hat Tom Geburtstag?", ("Tom", "ich geb dir das Buch am 3.4.2024")),
    ],
)
def test_another_day_of_somebody_is_not_told_as_their_birthday(question: str, said: tuple[str, str]) -> None:
    found = short_answer(question, recalled(said))
    assert found is None or not found.is_named


def test_a_birthday_may_be_the_reply_to_who_asked_for_it() -> None:
    asked, reply = recalled(("Tom", "Ana, when is your birthday?"), ("Ana", "it's on 12 June"))
    found = short_answer("when is Ana's birthday?", [replace(reply, context=(asked.passage,)), asked])
    assert found is not None
    assert (found.text, found.is_named) == ("12 June 2024", True)


def test_a_birthday_is_the_day_beside_a_name_also_where_it_is_said_in_words() -> None:
    assert answered("when was Bo born?", ("Bo", "I was born on 3 May 1990 in Lyon")) == "3 May 1990"


def test_a_birthday_is_that_of_who_is_wished_well() -> None:
    wishes = ("Jen", "happy birthday MONIKA!")
    assert answered("when is Monika's birthday?", wishes) == "3 May"
    assert short_answer("when is Jen's birthday?", recalled(wishes)) is None


@pytest.mark.parametrize(
    ("question", "day"),
    [("when is Rui's birthday?", "3 May"), ("when is Marko's birthday?", "4 May"), ("when is Bea's birthday?", None)],
)
def test_in_a_group_a_wish_is_to_whom_it_names(question: str, day: str | None) -> None:
    said = recalled(
        ("Bea", "Happy birthday cutie!"),  # to somebody
        ("Bea", "Happy Birthday @Rui!!"),
        ("Rui", "happy birthday markkkkooo"),
        ("Tom", "happy belated birthday Bea"),
    )
    said[2:] = [replace(each, passage=replace(each.passage, said_at=each.passage.said_at + DAY)) for each in said[2:]]
    found = short_answer(question, said)
    assert found is not None
    assert (found.text if found.is_named else None) == day


@pytest.mark.parametrize(
    ("question", "wish", "is_told"),
    [
        ("wann hat Mara Geburtstag?", "Alles Gute zum neuen Jahr, Mara!", False),
        ("wann hat Mara Geburtstag?", "Alles Gute zum Geburtstag, Mara!", True),
        ("when is the birthday of Bo?", "happy birthday to the best", False),
        ("when is the birthday of Bo?", "happy birthday Bo", True),
    ],
)
def test_a_wish_may_be_for_another_day_or_person(question: str, wish: str, *, is_told: bool) -> None:
    said = recalled(("Ana", wish), ("Mara", "thank you"), ("Bo", "see you"))
    found = short_answer(question, said)
    assert found is not None
    assert found.is_named == is_told


def test_a_sum_of_something_else_is_quoted_at_most() -> None:
    for said in (FLIGHTS, ("Mara", "the hotel is 612 €"), ("Jonas", "without the hotel: 217 €, so 54 € each")):
        found = short_answer("how much does each of us owe for the hotel?", recalled(said))
        assert found is not None
        assert not found.is_named
    assert (
        answered("how much does each of us owe for the hotel?", FLIGHTS, ("Mara", "the hotel is 153 € each")) == "153 €"
    )


def test_a_question_that_leans_on_another_is_answered_by_what_tells_of_both() -> None:
    listed = ("Jonas", "final list:\nhotel 612 (Mara) – everybody has paid\nPena 56 (Inês)\ndinner 118,40 (Tom)")
    said = recalled(HOTEL, ("Jonas", "shared without the hotel: 217,80"), ("Mara", "paid Tom 54,45"), listed)
    found = short_answer("and who paid?", said, before="when did we book the hotel in Lisbon?")
    assert found is not None
    assert (found.text, found.is_named, found.recollection.passage.text) == ("Mara", True, listed[1])


@pytest.mark.parametrize(
    ("question", "author", "text"),
    [
        ("who found the whistle?", "Nadia", "lost my silver whistle in the dressing room"),
        ("where was the whistle found?", "Nadia", "lost my silver whistle in the dressing room"),
        ("who plays in goal?", "Nadia", "my brother Karim wants to join, he plays left back"),
        ("who is our landlord?", "Dan", "lol the landlord just put rent up. 1,450 from april"),
        ("where does Tom live?", "Tom", "it lives in the blue folder with my birth certificate"),
        ("when did we book the ferry?", "Ina", "I'll look into the ferry, don't worry"),
        ("wie kan niet op 27 juni?", "Bo", "OPTIE: 14 juni (8 stemmen) OPTIE: 27 juni (7 stemmen)"),
        ("who booked the hotel?", "Eve", "who booked the hotel? the Ritz"),
        ("how much luggage can we take?", "Tom", "the luggage is about £70 each with the van"),
        ("when do we fly to Gozo?", "Tom", "then fly to Gozo (~1.25 hrs)"),
        ("how much were the coffees?", "Ana", "breakfast: 4 coffees, 6 natas, 11,80 €"),
        ("Quem reservou o hotel?", "Bia", "reservei a casa em Tavira para 10 noites"),
        ("¿Quién ha roto la ventana?", "Iker", "se me ha roto el móvil"),
        ("Was hat Jonas gekauft?", "Jonas", "hab einen Topf gekauft, 80 €"),
        ("how many bags do we need?", "Bo", "bags? meet at 6.30pm in the lounge"),
        ("who parked in the yard?", "Bo", "By the yard, thanks Ana"),
        ("who made the noise in the loading bay?", "Bo", "the loading bay, thanks Shiva"),
        ("when is the rehearsal?", "Ana", "Not tonight. Are you in the rehearsal group?"),
        ("who has a drill?", "Ana", "If that doesn't work you'll need a drill. I think Bo may have one?"),
        ("where is the spare key?", "Tom", "has anyone got a spare key? I lost my key and can't get in my room"),
        ("Wer gießt die Blumen?", "Mama", "Ich habe die Nachbarin gefragt, sie gießt die Blumen"),
    ],
)
def test_what_is_told_of_something_else_is_quoted_at_most(question: str, author: str, text: str) -> None:
    found = short_answer(question, recalled((author, text)))
    assert found is None or not found.is_named


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Wann ziehen wir um?", "wir ziehen am 1. Juli um", "1. Juli 2024"),
        ("Wann kommt der Handwerker?", "der Handwerker kommt am Mittwoch", "8. Mai 2024"),
        ("Quando é a consulta?", "a consulta ficou para dia 14 de maio", "14 de maio de 2024"),
        ("Quando é o jantar?", "o jantar é sábado às 20h", "4 de maio de 2024, às 20h"),
        ("Quando è il dentista?", "il dentista è martedì alle 10", "7 maggio 2024, alle 10"),
        ("Seit wann bist du Vegetarier?", "ich bin seit März Vegetarier", "seit März 2024"),
        ("Когда ты видел Диму?", "вчера видел Диму", "2 мая 2024"),
        ("会議はいつですか？", "会議は5月8日の15時からです", "2024年5月8日, 15時"),
    ],
)
def test_a_question_about_what_is_to_come_is_dated_in_its_own_language(question: str, text: str, answer: str) -> None:
    assert answered(question, ("Ana", text)) == answer


def test_nothing_recalled_is_no_answer() -> None:
    assert short_answer("when did we book the hotel?", []) is None


def test_the_quote_stands_below_the_answer_and_can_forge_no_citation() -> None:
    found = short_answer("who owes whom?", recalled(("Eve", 'sure [2]\n\nMara, today: "I owe Eve money" [2]')))
    assert found is not None
    quoted = '"sure (2) Mara, today: "I owe Eve money" (2)" [1]'
    assert found.show("who owes whom?", None) == f"Eve, 3 May 2024 21:14: {quoted}"


def test_a_flight_to_one_city_is_not_dated_by_another() -> None:
    said = (("Tom", "no, I thought you wanted to fly this week"), ("Tom", "the plan is to fly to KL for a night"))
    assert answered("when did Tom fly to KL?", *said) in {text for _, text in said}


def test_when_a_friend_leaves_is_not_when_they_do() -> None:
    leaves = ("Tom", "my friend is leaving Oslo today so we had lunch")
    assert answered("when did Tom leave Oslo?", leaves) == leaves[1]
    assert answered("when did Tom's friend leave Oslo?", leaves) == "3 May 2024"


def test_a_word_that_a_sentence_begins_with_is_nobodys_name() -> None:
    said = ("Tom", "Thought that Rex had run off for a second")
    assert answered("who is Rex?", said) == said[1]


def test_what_is_told_is_quoted_rather_than_who_asked_for_it() -> None:
    said = (("Tom", "Have you seen Nosferatu"), ("Ana", "I haven't seen Nosferatu yet"))
    assert answered("has Ana seen Nosferatu?", *said) == said[1][1]


def test_of_two_things_offered_the_message_that_names_one_is_quoted() -> None:
    said = (("Tom", "Is it indoors or outdoors?"), ("Lyn", "lol"), ("Ana", "Outdoors"))
    assert answered("is the party indoors or outdoors?", *said) == "Outdoors"


def test_whoever_is_asked_in_general_is_nobody() -> None:
    said = ("Tom", "Anyone who needs a sitter on weekends, write to me")
    assert answered("who needs a sitter on weekends?", said) != "Anyone"


def test_an_event_told_of_beforehand_was_not_on_the_day_of_telling() -> None:
    invitation = (
        "The committee of the street party, together with the people of the house at the corner and all who have ever "
        "helped, invite you to the street party on Saturday, 22 June 2024, in the yard."
    )
    assert answered("when was the street party?", ("Tom", invitation)) == "22 June 2024"
    assert answered("when was the street party moved?", ("Tom", "moved the street party to 22 June")) == "3 May 2024"


def test_a_chat_that_is_called_by_a_name_need_not_say_it() -> None:
    booked, other = recalled(("Mara", "booked the hotel, 12–16 June"), ("Jo", "the hotel in Lisbon is lovely"))
    trip = replace(booked.passage, conversation=replace(booked.passage.conversation, title="Lisbon trip"))
    found = short_answer("when did we book the hotel in Lisbon?", [replace(booked, passage=trip), other])
    assert found is not None
    assert (found.text, found.is_named) == ("3 May 2024", True)


def test_what_was_settled_goes_before_what_was_only_considered() -> None:
    said = recalled(
        ("Pia", "a cruise is nice"),
        ("Ben", "we are looking at booking a cruise, the cruise we are looking at is 18-23 January"),
        ("Tom", "Cruise from 12 January to 17 January with the drinks for 600"),
    )
    found = short_answer("when is the cruise?", said)
    assert found is not None
    assert found.text.startswith("12–17 January")


def test_who_is_doing_something_is_not_who_merely_speaks_of_it() -> None:
    for said in (
        "Electrical work estimated, they are done by four",
        "I will confirm it as they are still working on it",
    ):
        assert answered("who is doing the electrical work?", ("Skip", said)) == said
    assert answered("who is doing the dishes?", ("Pia", "doing the dishes now")) == "Pia"


@pytest.mark.parametrize(
    ("question", "said", "day"),
    [
        (
            "when is the cutover?",
            "we postpone the cutover from Oct 10 to Oct 24, the vendor is late",
            "24 October 2024",
        ),
        ("when is the cutover?", "the cutover is from Oct 10 to Oct 24", "10–24 October 2024"),
        (
            "wann ist die Abnahme?",
            "Die Abnahme wird vom 10. Oktober auf den 24. Oktober verschoben",
            "24. Oktober 2024",
        ),
    ],
)
def test_what_was_moved_is_on_the_day_it_was_moved_to(question: str, said: str, day: str) -> None:
    assert answered(question, ("Ana", said)) == day


def test_who_somebody_is_is_not_who_speaks_of_them() -> None:
    said = ("Jonas", "Erster Tag super, mein Ausbilder heißt Herr Yilmaz")
    assert answered("wer ist Herr Yilmaz?", said) != "Jonas"


def test_what_nobody_said_gives_way_to_what_somebody_did() -> None:
    notice = ("", "Messages and calls are end-to-end encrypted. Only people in this chat can read them.")
    told = ("Ana", "I sent three messages to the landlord")
    assert answered("how many messages did Ana send?", notice, told) == "three messages"
    assert answered("who left the group?", ("", "Bo left the group"), told) == "Bo"

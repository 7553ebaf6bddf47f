"""Chat scripts: each kind of message is answered in its own way, without a model and with one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.answering.records import AnswerOptions
from bot.testing import ScriptedModel, chat

TOLD = (
    "we booked the hotel in Lisbon today, Rua da Rosa",
    "I paid the hotel with my card, 612 €",
    "the spare key is under the blue flower pot",
)
PAID = (
    "ich habe das Hotel mit Karte bezahlt, 612 €",
    "he pagado yo el hotel, pagó mi tarjeta 612 €",
    "j'ai payé l'hôtel, 612 €",
    "ho pagato io l'albergo, 612 €",
    "eu é que paguei o hotel, pagou o meu cartão 612 €",
)


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("hello!", "Hello! What would you like to know?"),
        ("Guten Morgen", "Hallo! Was möchtest du wissen?"),
        ("gracias", "¡De nada!"),
        ("à demain", "À bientôt !"),
        ("come stai?", "Bene, grazie. Che cosa vuoi sapere?"),
        ("Merhaba", "Merhaba!"),
    ],
)
async def test_small_talk_is_answered_in_its_language_and_rests_on_nothing(
    tmp_path: Path, said: str, reply: str
) -> None:
    async with chat(tmp_path) as ann:
        assert await ann.says(said) == [reply]
        assert ann.last.sources == ()


async def test_the_bot_says_what_it_can_do_and_what_it_can_not(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        (about,) = await ann.says("what can you do?")
        assert about.startswith("I'm Scrubjay.")
        assert await ann.says("translate this to French: good night") == [
            "I only answer from what I remember. Ask me what was said, by whom or when."
        ]


async def test_a_model_makes_small_talk_and_does_tasks_without_memories(tmp_path: Path) -> None:
    model = ScriptedModel("Hi Ann!", "156")
    async with chat(tmp_path, model=model) as ann:
        await ann.says("the spare key is under the flower pot")
        assert await ann.says("hello!") == ["Hi Ann!"]
        assert await ann.says("what is 12 * 13?") == ["156"]
        assert ann.last.sources == ()
    assert len(model.prompts) == 2
    assert all("Memories" not in turn.text for prompt in model.prompts for turn in prompt.turns)


async def test_a_setting_keeps_the_model_to_what_is_remembered(tmp_path: Path) -> None:
    model = ScriptedModel("never")
    async with chat(tmp_path, model=model, answering=AnswerOptions(general=False)) as ann:
        assert await ann.says("hello!") == ["Hello! What would you like to know?"]
        (refused,) = await ann.says("write a packing list")
        assert refused.startswith("I only answer from what I remember.")
    assert model.prompts == []


async def test_what_is_told_is_acknowledged_and_found_again(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        assert await ann.says("my sister is called Ana") == ["I'll remember that."]
        assert await ann.says("Meine Schwester heißt Ana") == ["Das merke ich mir."]
        (answer,) = await ann.says("what is my sister called?")
        assert "my sister is called Ana" in answer


@pytest.mark.parametrize(
    ("first", "then", "found"),
    [
        ("when did we book the hotel in Lisbon?", "and who paid?", "Ann"),
        ("when did we book the hotel in Lisbon?", "and where?", "Rua da Rosa"),
        ("who paid the hotel?", "how much was it?", "612 €"),
        ("where is the spare key?", "and when did I say that?", "3 May 2024"),
        ("Wer hat das Hotel bezahlt?", "Und wie viel?", "612 €"),
        ("¿quién pagó el hotel?", "¿y cuánto?", "612 €"),
        ("qui a payé l'hôtel ?", "et combien ?", "612 €"),
        ("chi ha pagato l'albergo?", "e quanto?", "612 €"),
        ("quem pagou o hotel?", "e quanto?", "612 €"),
    ],
)
async def test_a_follow_up_is_understood(tmp_path: Path, first: str, then: str, found: str) -> None:
    async with chat(tmp_path) as ann:
        for told in (*TOLD, *PAID):
            await ann.says(told)
        await ann.says(first)
        (answer,) = await ann.says(then)
        assert found in answer
        assert len(ann.last.sources) == 1


async def test_a_question_is_asked_of_the_message_that_it_replies_to(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        for told in TOLD:
            await ann.says(told)
        await ann.says("where is the spare key?")
        paid = ann.message(TOLD[1])
        await ann.core.deliver(paid)
        await ann.core.idle()
        asked = replace(ann.message("how much?"), reply_to=paid.event_id)
        await ann.core.deliver(asked)
        await ann.core.idle()
        assert "612 €" in ann.last.text


async def test_what_was_done_in_a_time_is_told_in_order_in_the_askers_zone(tmp_path: Path) -> None:
    lisbon = AnswerOptions(zone=ZoneInfo("Europe/Lisbon"))
    async with chat(tmp_path, answering=lisbon) as ann:
        await ann.says("planted the tulips in the front bed yesterday evening, I was late")
        await ann.waits(timedelta(days=1))
        (answer,) = await ann.says("what did we do yesterday?")
        assert answer.startswith("3 May 2024:\n13:00 Ann: planted the tulips")
        (nobody,) = await ann.says("what happened in March 2023?")
        assert nobody == "I remember nothing from March 2023."


@pytest.mark.parametrize("question", ["where was Ann on 3 May?", "wo war Ann am 3. Mai?", "what did Ann do on 3 May?"])
async def test_a_day_without_a_year_is_the_last_one_of_which_anything_is_told(tmp_path: Path, question: str) -> None:
    async with chat(tmp_path) as ann:
        await ann.says("in Porto with the kids")
        await ann.waits(timedelta(days=800))
        (answer,) = await ann.says(question)
        assert answer.splitlines()[1] == "12:00 Ann: in Porto with the kids [1]"


async def test_what_was_asked_for_on_a_day_of_an_earlier_year_is_found(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        await ann.says("painting the fence green, it takes all day")
        await ann.waits(timedelta(days=800))
        await ann.says("painting the shed blue, it takes all day")
        (answer,) = await ann.says("what was I painting on 3 May?")
        assert "the fence green" in answer


async def test_what_happened_since_somebody_left_is_what_came_after_their_last_message(tmp_path: Path) -> None:
    async with chat(tmp_path) as direct:
        ann = direct.in_group("Trip")
        bob = ann.as_person("Bob")
        await ann.says("I have to go, bye")
        await bob.says("the boat leaves at noon")
        await bob.says("and I found the tickets")
        await ann.says("what happened since I left?", addressed=True)
        assert [source.text for source in ann.last.sources] == ["the boat leaves at noon", "and I found the tickets"]


DAY = (
    "packed the green suitcase and the tent",
    "the cat is at the neighbours until Sunday",
    "fuel was 80 euros, put it on the list",
    "the ferry left an hour late",
    "we sat on deck and played cards",
    "Bo found a lost passport on the pier",
    "pitched the tent by the river",
    "cooked mussels for eleven people",
    "the stove broke after dinner",
    "it rained all night",
)


async def test_many_messages_are_summed_up_by_a_model_as_far_as_they_carry_it(tmp_path: Path) -> None:
    model = ScriptedModel(
        "They packed the green suitcase and the tent [1]. They flew to Rome [4]. The stove broke [2]."
    )
    async with chat(tmp_path, model=model) as direct:
        ann = direct.in_group("Trip")
        for each in DAY:
            await ann.says(each)
        (answer,) = await ann.says("what did we do today?", addressed=True)
        assert answer == "They packed the green suitcase and the tent [1]. The stove broke [2]."
        assert [source.text for source in ann.last.sources] == [DAY[0], DAY[8]]


async def test_a_summary_that_no_message_carries_gives_way_to_the_messages(tmp_path: Path) -> None:
    async with chat(tmp_path, model=ScriptedModel("A lot happened.")) as direct:
        ann = direct.in_group("Trip")
        for each in DAY:
            await ann.says(each)
        (answer,) = await ann.says("what did we do today?", addressed=True)
        assert "it rained all night [10]" in answer


async def test_a_picture_without_words_and_emoji_tell_nothing_of_a_day(tmp_path: Path) -> None:
    async with chat(tmp_path) as direct:
        ann = direct.in_group("Trip")
        for each in ("[photo]", "we reached the summit", "🎉"):
            await ann.says(each)
        (answer,) = await ann.says("what did we do today?", addressed=True)
        assert answer.splitlines()[1:] == ["12:01 Ann: we reached the summit [1]", "… (+2)"]


async def test_what_is_not_known_is_said_in_the_askers_words(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        assert await ann.says("what is Mara's blood type?") == ["Nothing is known of Mara's blood type."]
        assert await ann.says("Was ist Maras Blutgruppe?") == ["Über Maras Blutgruppe ist nichts bekannt."]
        assert await ann.says("who ate the seeds?") == ["I remember nothing about that."]


async def test_the_sources_stand_there_before_the_model_has_written_a_word(tmp_path: Path) -> None:
    model = ScriptedModel("2024")
    async with chat(tmp_path, model=model) as ann:
        await ann.says("we booked the hotel in Lisbon")
        model.hold = asyncio.Event()
        await ann.core.deliver(ann.message("when did we book the hotel in Lisbon?"))
        await model.held.wait()
        await asyncio.sleep(0)
        assert any('Ann: "we booked the hotel in Lisbon" [1]' in text for text in ann.adapter.growth)
        model.hold.set()
        await ann.core.idle()
        assert "we booked the hotel in Lisbon" in ann.last.text


@pytest.mark.parametrize("odd", ["🎂🎂", "?!", "when " * 20_000, "wann did we réserver el hotel?"])
async def test_odd_questions_are_answered_too(tmp_path: Path, odd: str) -> None:
    async with chat(tmp_path) as ann:
        await ann.says("we booked the hotel in Lisbon")
        assert len(await ann.says(odd)) == 1


async def test_what_is_likely_is_concluded_from_what_the_person_said(tmp_path: Path) -> None:
    model = ScriptedModel("likely yes, because she plays the violin")
    async with chat(tmp_path, model=model) as ann:
        await ann.says("I play the violin every evening")
        (answer,) = await ann.says("would Ann enjoy Vivaldi?")
    assert answer.startswith("likely yes, because she plays the violin")
    assert "I play the violin" in answer


async def test_without_a_model_nothing_is_concluded_about_what_nobody_spoke_of(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        await ann.says("I play the violin every evening")
        (answer,) = await ann.says("would Ann enjoy Vivaldi?")
    assert "Vivaldi" in answer or "nothing" in answer.casefold()
    assert ann.last.sources == ()


async def test_a_model_that_names_the_same_again_is_stopped(tmp_path: Path) -> None:
    model = ScriptedModel("the piano, " + "the violin, the flute, " * 400)
    async with chat(tmp_path, model=model) as ann:
        await ann.says("the instruments that I play are the violin, the flute and the piano")
        (answer,) = await ann.says("what instruments does Ann play?")
    assert answer.splitlines()[0] == "the piano, the violin, the flute"
    assert model.samplings[-1].repeat_penalty == 1.0


async def test_a_repeat_penalty_that_somebody_set_holds_for_short_answers_too(tmp_path: Path) -> None:
    model = ScriptedModel("the violin")
    options = AnswerOptions(penalizes_repeats=True)
    async with chat(tmp_path, model=model, answering=options) as ann:
        await ann.says("I play the violin")
        await ann.says("what does Ann play?")
    assert model.samplings[-1].repeat_penalty == options.sampling.repeat_penalty > 1

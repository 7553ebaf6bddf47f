"""That texts are found by their words, in every script; meaning is left out: nothing is embedded here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory import ConversationRecord, Memory, Scope, Selection
from memory.search.segment import clean, segment, words
from tests.memory.sayings import add, at, found_by_words, said

NOISE = ["The weather was fine.", "昨日は雨でした", "ไม่มีอะไร", "कुछ नहीं", "لا شيء هنا", "Ничего нет", "Gar nichts"]

FOUND = [
    ("We booked a hotel in Lisbon", "which hotels did we book?"),
    ("Die Straße war groß", "GROSSE STRASSE"),
    ("Wir treffen uns am Bahnhof in München", "bahnhof munchen"),
    ("Мы купили ёлку на рынке", "Где рынке елку?"),
    ("Москва слезам не верит", "москва"),
    ("اشترينا الخبز من السوق", "السوق"),
    ("हमने दिल्ली में किताब खरीदी", "दिल्ली किताब"),
    ("我们在里斯本订了酒店", "酒店在哪里?"),
    ("我们在里斯本订了酒店", "里斯本"),
    ("黒猫が屋根で寝ている", "猫"),
    ("昨夜見た黒猫", "猫はどこ"),
    ("私は猫が好き", "好きなのは猫?"),
    ("東京駅で会いましょう", "東京"),
    ("เราจองโรงแรมในลิสบอนแล้ว", "โรงแรม"),
    ("ｆｕｌｌ ｗｉｄｔｈ", "of full width"),
    ("the oﬃce is closed", "office"),
    ("Είδαμε τον ΟΔΥΣΣΕΑ", "οδυσσεα"),
    ("İstanbul çok güzel", "istanbul"),
    ("Prenons un café crème", "cafe creme"),
    ("C'est l'été à Nîmes", "nimes"),
    ("서울 여행 계획", "서울"),
    ("🦜 parrots everywhere", "parrot"),
    ("see e-mail bob@example.com", "bob@example.com"),
    ("병원에서 만나요", "병원 언제 열어?"),
    ("🎂 on Sunday!", "what is on 🎂?"),
    ("thanks ❤️", "❤"),
    ("well done 👍🏽", "👍"),
    ("Ключи от гаража лежат в ящике", "Где ключ от гаража?"),
    ("Anahtarı kapıcıya bıraktım", "Anahtar nerede?"),
    ("Avaimet ovat naapurilla", "Missä avaimeni on?"),
    ("تركت المفتاح عند الجارة", "أين مفتاح البيت؟"),
    ("Die Schlüssel liegen beim Nachbarn", "Wo liegt der Schlüssel?"),
    ("Les clés sont chez la voisine", "Où est la clé ?"),
    ("Las llaves están con la vecina", "¿Dónde está la llave?"),
    ("Nycklarna ligger hos grannen", "Var ligger nyckeln?"),
    ("Klucze są u sąsiada", "Gdzie jest klucz sąsiada?"),
    ("המפתח אצל השכנה", "איפה מפתח הבית?"),
]


@pytest.mark.parametrize(("text", "question"), FOUND)
async def test_texts_of_every_script_are_found_by_their_words(
    memory: Memory, place: ConversationRecord, text: str, question: str
) -> None:
    await add(memory, place, *(said(noise, n * 500) for n, noise in enumerate(NOISE)), said(text, 9000))
    assert await found_by_words(memory, question) == [text]


async def test_a_word_is_found_in_the_window_of_those_that_follow(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("the zeppelin?", 1), said("yes", 2), said("at noon", 3), said("fine", 4))
    recalled = await memory.recall("zeppelin", Scope.all(), now=at(5))
    windowed = {each.passage.text for each in recalled if "window words" in each.parts}
    assert windowed == {"the zeppelin?", "yes", "at noon"}


async def test_words_go_with_an_edit_and_come_with_it(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("the zeppelin lands", 1, event_id="1"), said("where?", 2))
    assert await memory.passages.edit(place, "1", "the balloon lands")
    assert await found_by_words(memory, "zeppelin") == []
    assert await found_by_words(memory, "balloon") == ["the balloon lands"]
    assert not await memory.passages.edit(place, "no such event", "x")
    assert await memory.upkeep.check() == []


async def test_a_question_of_a_hundred_thousand_characters_is_answered(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, said("the zeppelin lands"))
    question = "zeppelin " + "why and when and where " * 5000
    (best,) = await memory.recall(question, Scope.all(), now=at(1))
    assert best.passage.text == "the zeppelin lands"
    await memory.recall("x" * 100_000, Scope.all(), now=at(1))
    await memory.recall("猫" * 100_000, Scope.all(), now=at(1))


@pytest.mark.parametrize(
    "question", ["", "?", '"', "a OR b AND NOT *", "NEAR(a b)", "words:x", "-x ^y", "\0", "\ud800"]
)
async def test_no_question_is_read_as_a_query_language(
    memory: Memory, place: ConversationRecord, question: str
) -> None:
    await add(memory, place, said("nothing in particular"))
    await memory.embeddings.embed_pending()
    await memory.recall(question, Scope.all(), now=at(1))


@given(st.text())
def test_the_words_of_a_text_are_stable_and_hold_nothing_that_a_query_minds(text: str) -> None:
    for word in words(text):
        assert word
        assert not set(word) & set('"*^:()- \0')
    segment(text).encode()
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet="黒猫屋根寝東京駅a ", min_size=1), st.data())
def test_every_part_of_an_unspaced_text_begins_with_something_indexed(text: str, data: st.DataObject) -> None:
    indexed = segment(text).split()
    for run in text.replace("a", " ").split():
        start = data.draw(st.integers(0, len(run) - 1))
        for word in words(run[start:]):
            assert any(each.startswith(word) for each in indexed)


async def test_what_a_person_forgets_by_a_part_of_a_text_ignores_case_in_every_script(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, said("ПРИВЕТ всем"), said("STRASSE"), said("other"))
    assert (await memory.forget(Scope.all(), Selection(matching="привет"))).passages == 1
    assert (await memory.forget(Scope.all(), Selection(matching="straße"))).passages == 1

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from memory.embedders import Embedder
from memory.embedders.hashing import HashingEmbedder
from tests.memory.embedders.odd_texts import ODD_TEXTS


def test_it_is_an_embedder() -> None:
    assert isinstance(HashingEmbedder(), Embedder)


@pytest.mark.parametrize(
    ("one", "alike", "unlike"),
    [
        ("Where is the conference hotel?", "The hotel of the conference is downtown", "I had soup for lunch"),
        ("My apointment is tomorrow", "appointments tomorrow", "the weather was nice"),
        ("明天下午开会", "会议改到明天下午", "我喜欢喝咖啡"),
        ("ฉันชอบกาแฟเย็น", "กาแฟเย็นอร่อยมาก", "พรุ่งนี้ฝนจะตกหนัก"),
        ("ﬁne WINE", "fine wine", "old cheese"),
    ],
)
def test_texts_with_words_or_parts_of_words_in_common_are_nearer(one: str, alike: str, unlike: str) -> None:
    first, second, third = HashingEmbedder().embed([one, alike, unlike])
    assert first @ second > first @ third + 0.15


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_any_text_gets_a_finite_unit_vector(text: str) -> None:
    assert np.linalg.norm(HashingEmbedder().embed_query(text)) == pytest.approx(1, abs=1e-5)


def test_texts_without_words_share_one_vector() -> None:
    vectors = HashingEmbedder().embed(["", " ", "?!"])
    assert (vectors == vectors[0]).all()


def test_no_texts_give_no_rows() -> None:
    assert HashingEmbedder().embed([]).shape == (0, 384)


def test_a_text_gets_the_same_vector_everywhere_and_for_ever() -> None:
    # Stored vectors outlive the program: if this changes, the recipe's number has to as well.
    vector = HashingEmbedder().embed_query("Scrub jays remember what they hid, where, and when.")
    rounded = np.round(vector * 1000).astype("<i2").tobytes()
    assert hashlib.sha256(rounded).hexdigest()[:16] == "236a53476afea38e"
    assert HashingEmbedder().identity.digest == "1"

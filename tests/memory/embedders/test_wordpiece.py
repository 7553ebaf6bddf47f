from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from memory.embedders.texts import readable
from memory.embedders.wordpiece import WordPiece
from tests.memory.embedders.odd_texts import ODD_TEXTS

SENTENCES = [
    "when did we book the hotel in Lisbon?",
    "The MEETING was moved; Priya's travelling until Wed. (again!)",
    "Não, o café é às 9h30 — São Tomé",
    "Straße, naïve façade, Ångström, İstanbul, ΣΊΣΥΦΟΣ",
    "明日は東京で会いましょう。 我们在北京见面吧",
    "Встретимся завтра в семь",
    "안녕하세요 여러분",
    "ok 👍🏽 🇵🇹 e\u0301te\u0301 soft\u00adhyphen zero\u200bwidth",
    "https://example.org/a_b?c=d&e=1,000.50$ `code` ~^|",
    "x" * 101 + " " + "y" * 100,
    "\ttabs\nand\u00a0spaces\u3000everywhere\r\n",
    "word " * 300,
]
PIECES = ["[UNK]", "[CLS]", "[SEP]", "un", "##do", "##ing", "do", ",", "é"]


@pytest.fixture(scope="module")
def reference(weights_dir: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(weights_dir / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    return tokenizer


@pytest.fixture(scope="module")
def wordpiece(weights_dir: Path) -> WordPiece:
    vocabulary = json.loads((weights_dir / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    return WordPiece(vocabulary, longest=256)


@pytest.mark.parametrize("text", [*SENTENCES, *(text for name, text in ODD_TEXTS.items() if "[CLS]" not in text)])
def test_it_gives_the_numbers_of_the_published_tokenizer(wordpiece: WordPiece, reference: Tokenizer, text: str) -> None:
    assert wordpiece.numbers(readable(text)) == reference.encode(readable(text)).ids


# (without "[": the published one takes the name of a special token, which Hypothesis may try, for the token)
@given(st.text(st.characters(codec="latin-1", exclude_characters="["), max_size=80))
def test_it_agrees_with_the_published_tokenizer_on_any_western_text(
    wordpiece: WordPiece, reference: Tokenizer, text: str
) -> None:
    assert wordpiece.numbers(readable(text)) == reference.encode(readable(text)).ids


@given(st.text(max_size=200))
def test_any_text_at_all_gives_framed_numbers_of_the_vocabulary(wordpiece: WordPiece, text: str) -> None:
    numbers = wordpiece.numbers(readable(text))
    assert numbers[0] == 101
    assert numbers[-1] == 102
    assert all(0 <= number < 30_522 for number in numbers)


def test_the_name_of_a_special_token_is_text_like_any_other(wordpiece: WordPiece) -> None:
    assert 102 not in wordpiece.numbers("[SEP]")[1:-1]


def test_the_longest_piece_is_taken_and_a_word_with_an_unknown_rest_is_unknown() -> None:
    cut = WordPiece({piece: number for number, piece in enumerate(PIECES)}, longest=10)
    assert [PIECES[number] for number in cut.numbers("Undoing, do!")] == [
        *("[CLS]", "un", "##do", "##ing", ",", "do", "[UNK]", "[SEP]")
    ]
    assert [PIECES[number] for number in cut.numbers("undone")] == ["[CLS]", "[UNK]", "[SEP]"]

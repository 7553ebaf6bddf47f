"""How far two short answers say the same: F1 over their stemmed words, as the LoCoMo benchmark scores answers.

Source: Maharana et al., 2024, "Evaluating Very Long-Term Conversational Memory of LLM Agents", the published
evaluation: lower case, no punctuation, no articles, Porter's stems.
"""

from __future__ import annotations

import re
import sqlite3
import string
from collections import Counter
from functools import cache
from statistics import mean

_ARTICLES = re.compile(r"\b(?:a|an|the|and)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def f1_score(predicted: str, expected: str) -> float:
    """Return the harmonic mean of precision and recall over the words of two answers, 0 to 1."""
    words, wanted = _stems(predicted), _stems(expected)
    shared = (Counter(words) & Counter(wanted)).total()
    return 2 * shared / (len(words) + len(wanted)) if shared else 0.0


def f1_by_parts(predicted: str, expected: str) -> float:
    """Return how well a list is named: each expected part's F1 with the predicted part nearest to it, on average."""
    parts = predicted.split(",")
    return mean(max(f1_score(part, wanted) for part in parts) for wanted in expected.split(","))


def _stems(text: str) -> list[str]:
    plain = text.lower().translate(_PUNCTUATION)
    return [_stem(word) for word in _ARTICLES.sub(" ", plain).split()]


@cache
def _stem(word: str) -> str:
    """Return a word's stem by Porter's algorithm, which SQLite's tokenizer of that name follows."""
    database = _stemmer()
    database.execute("DELETE FROM words")
    database.execute("INSERT INTO words VALUES (?)", [word])
    return " ".join(term for (term,) in database.execute('SELECT term FROM stems ORDER BY "offset"')) or word


@cache
def _stemmer() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute("CREATE VIRTUAL TABLE words USING fts5(word, tokenize='porter unicode61 remove_diacritics 0')")
    database.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(words, instance)")
    return database

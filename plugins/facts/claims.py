"""What a model claims of a sentence: that it states a lasting fact, and what that is about.

The statement that is kept is the sentence, word for word: so no negation, exception or condition of it can be lost, and
nothing can be added. What a sentence's wording rules out, no model can claim.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot import Passage
from bot.answering import count_pronouns, find_doubt, is_joke, takes_back
from plugins.facts.sentences import split_sentences

KEY_CHARS, STATEMENT_CHARS = 40, 300
_KEY_WORDS = 4
_FEWEST_WORDS = 2
"""Words of a sentence that states anything."""
_STEM = 4
"""Letters by which a key's word is found in its sentence: "allergy" in "allergic"."""
_NONE = re.compile(
    r"\W{0,99}(?:none|nothing|no fact|n/a|nichts|nada|rien|nulla|niente|нет|なし|无|없음)\b", re.IGNORECASE
)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_ARTICLE = re.compile(
    r"^(?:(?:the|der|die|das|dem|den|el|la|los|las|le|les|il|lo|gli|i|o|os|as|a|het|de)\s+|[ld]['’])", re.IGNORECASE
)
_NEAR_THE_FRONT = 4
"""Words after an article within which a key must stand for the sentence to be about that thing."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """A fact that holds: its statement is a sentence of its evidence."""

    evidence: Passage
    key: str
    statement: str


def statements_in(passage: Passage, following: Passage | None = None) -> list[str]:
    """Return the sentences of a message that may state a lasting fact, so that a model is worth asking.

    None of a message that jokes, or of which the `following` one says that it did.
    """
    is_taken_back = following is not None and following.author == passage.author and takes_back(following.text)
    if is_taken_back or is_joke(passage.text):
        return []
    return [
        each
        for each in split_sentences(passage.text)
        if len(_words(each)) >= _FEWEST_WORDS and len(each) <= STATEMENT_CHARS and find_doubt(each) is None
    ]


def read_claim(written: str, statement: str, passage: Passage) -> Learnt | None:
    """Return the fact that a model sees in a sentence, of which it wrote what it is about; None where it sees none."""
    key = re.split(r"[\n|]", written.strip(), maxsplit=1)[0].strip(" .\"'“”*`-|")
    if not _words(key) or _NONE.match(key):
        return None
    return Learnt(passage, _add_owner(_mend_key(key, statement), statement, passage.author), statement)


def _mend_key(key: str, sentence: str) -> str:
    """Return a short key of words that the sentence says; its longest word where the model's key is of other words."""
    short = " ".join(_ARTICLE.sub("", key.casefold().strip()).split()[:_KEY_WORDS])[:KEY_CHARS].strip()
    said = _words(sentence)
    if short and (_UNSPACED.search(sentence) or any(_is_said(each, said) for each in _words(short))):
        return short
    longest = max(_words(sentence), key=lambda each: (not each.isdigit(), len(each)))
    return _ARTICLE.sub("", longest)[:KEY_CHARS]


def _add_owner(key: str, sentence: str, author: str) -> str:
    """Return a key with its owner: two people's birthdays are two matters, while a door has one code for all."""
    if count_pronouns(sentence)[0] == 0 and (article := _ARTICLE.match(sentence)):
        first = _words(sentence[article.end() :])[:_NEAR_THE_FRONT]
        if any(_is_said(each, first) for each in _words(key)):
            return key
    return f"{author.casefold()}: {key}"


def _words(text: str) -> list[str]:
    """Return a text's words, folded; of a script without spaces, each character."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return [
        part
        for word in _WORD.findall(folded)
        for part in (list(word) if _UNSPACED.search(word) and not word.isascii() else [word])
    ]


def _is_said(word: str, said: Sequence[str]) -> bool:
    return any(each.startswith(word[:_STEM]) for each in said)

"""The words of a message that answer a question for a thing, a manner or a reason.

Every run of words within a clause is a candidate. It is judged by what it holds, by what stands around it, and by how
far it is from the question's words. The weights were fitted to the F1 of three development conversations and then
rounded; two others, and chats in other languages, are answered as well by them as by the exact ones
(`benchmarks/results`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.quoting.sentences import Sentence
from bot.answering.quoting.wanted import Asked, language_of, stem
from memory.patterns import compile_on_use
from memory.search.stopwords import STOP_WORDS

_LONGEST = 14
"""Words of a candidate, at most."""
_COMMAS = 3
"""Commas within a candidate, at most: a list has them, a second clause as well."""
_SHORT_SENTENCE = 5
_ENDS = compile_on_use(r"[.;:!?)\]…][\"'”’]?$|^[-–—]$")
_COMMA = compile_on_use(r",[\"'”’]?$")
_CHAT = """
    great awesome really thing things good amazing super way lot lots nice cool hey yeah wow thanks thank yep well sure
    definitely pretty actually glad totally recently lately oh hi sounds looks love"""
_SAYS_LITTLE = frozenset(_CHAT.split())
"""What people say a lot in English without saying much."""
_BEFORE_NOUNS = """
    with to for of about in on at from by into like as than mit für von über auf an aus bei nach zu con para por de
    sobre en avec pour sur dans chez per di da su com em до с из на для от"""
_PREPOSITIONS = frozenset(_BEFORE_NOUNS.split())
_AUXILIARIES = """
    is are was were am be been has have had do did does can could will would should i i'm i've we you he she they it
    it's my your we've we're that's there"""
_OF_A_CLAUSE = frozenset(_AUXILIARIES.split())
"""English words by which a clause is known: what answers is rather a phrase."""
_CONJUNCTIONS = """
    because 'cause cause since so reason weil denn porque parce puisque perché poiché pois omdat want потому"""
_REASONS = frozenset(_CONJUNCTIONS.split())
_EDGES = "\"'“”‘’„«».,;:!?()[]…-–—"
_NEAR, _FAR = 3, 9
"""Words between a question's word and a candidate: as far as one counts as near, and none as there."""
_SIZES = {1: -2.0, 2: 1.0, 3: 1.5}
"""What a candidate counts that says so many words beyond the question's."""
_LONG, _VERY_LONG = 3.5, 6.5


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it stands, in small letters, by its stem, and what it is."""

    token: str
    plain: str
    stem: str
    is_common: bool
    is_asked: bool
    is_name: bool
    """Whether it has a capital within a sentence, which in German tells nothing."""

    @property
    def tells(self) -> bool:
        """Whether the word is neither common nor of the question."""
        return not self.is_common and not self.is_asked


def best_span(asked: Asked, sentences: Sequence[Sentence]) -> str:
    """Return the words of one text's sentences that answer best; a whole sentence where words can't be told apart."""
    best = sentences[0].score
    found: list[tuple[float, str]] = []
    for rank, sentence in enumerate(sentences):
        line = _read(sentence.text, asked)
        worth = 1.8 * (sentence.score - best) - 2.0 * sentence.overlap + 1.5 * (rank == 0)
        worth -= 3.0 * (len(line) < _SHORT_SENTENCE)
        for start, end in _candidates(line):
            text = " ".join(word.token for word in line[start:end])
            found.append((worth + _judge(line, start, end, asked), text.strip(_EDGES + " ")))
    return max(found)[1] if found else sentences[0].text


def _read(sentence: str, asked: Asked) -> list[_Word]:
    language = language_of(sentence)
    common, has_names = STOP_WORDS[language], language != "de"
    words: list[_Word] = []
    opens = True
    for token in sentence.replace("—", " — ").split():
        plain = token.strip(_EDGES).casefold().replace("’", "'")
        is_name = has_names and token.strip(_EDGES)[:1].isupper() and not opens and plain.split("'")[0] != "i"
        is_common = not plain or plain in common or ("'" in plain and plain.split("'")[0] in common)
        words.append(_Word(token, plain, each := stem(plain), is_common, each in asked.stems, is_name))
        opens = bool(_ENDS.search(token) or _COMMA.search(token))
    return words


def _candidates(line: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """Yield where each run of words begins and ends that says something new and stays within a clause."""
    for start, first in enumerate(line):
        commas = 0
        for end in range(start + 1, min(len(line), start + _LONGEST) + 1):
            if not first.plain or commas > _COMMAS:
                break
            last = line[end - 1]
            if last.plain and any(word.tells for word in line[start:end]):
                yield start, end
            if _ENDS.search(last.token):
                break
            commas += bool(_COMMA.search(last.token))


def _judge(line: Sequence[_Word], start: int, end: int, asked: Asked) -> float:
    """Return how well a run of words answers, by itself and where it stands."""
    span = line[start:end]
    return _judge_words(span, asked) + _judge_place(line, start, end) + _judge_kind(line, start, end, asked)


def _judge_words(span: Sequence[_Word], asked: Asked) -> float:
    content = [word for word in span if not word.is_common]
    new = sum(word.tells for word in span)
    chat = sum(word.plain in _SAYS_LITTLE for word in content)
    worth = _SIZES.get(new, _VERY_LONG if new >= 10 else _LONG if new >= 7 else 0.0)
    worth += 0.5 * new * (asked.wanted == "manner") + 0.5 * new * (asked.tail[:1] in {("did",), ("does",), ("do",)})
    worth -= 1.5 * chat + 2.0 * chat / len(content) + 1.0 * sum(word.plain in _OF_A_CLAUSE for word in span)
    worth += 10.0 * all(word.is_name for word in content)
    worth += 6.5 * (span[0].token[0] in '"“„«' and span[-1].token.rstrip(".,!?")[-1:] in {'"', "”", "“", "»"})
    worth -= 1.0 * span[-1].is_common
    verb = span[0].plain
    return worth + 2.5 * verb.endswith("ed") + 1.5 * verb.endswith("ing")


def _judge_place(line: Sequence[_Word], start: int, end: int) -> float:
    asked_at = [at for at, word in enumerate(line) if word.is_asked]
    before = min((start - at for at in asked_at if at < start), default=_FAR)
    after = min((at - end + 1 for at in asked_at if at >= end), default=_FAR)
    worth = {1: 3.5, 2: 4.5}.get(before, -2.0 if before >= _FAR else 0.0) + 2.0 * (1 < after <= _NEAR)
    worth -= 1.0 * start / len(line)
    previous = line[start - 1] if start else None
    if previous is not None and not _ENDS.search(previous.token) and not _COMMA.search(previous.token):
        worth += 1.5 * (previous.plain in _PREPOSITIONS) - 0.5 * previous.tells
    commas = any(_COMMA.search(word.token) for word in line[start : end - 1])
    return worth + 3.0 * (commas and any(word.plain in {"and", "und", "y", "et", "e", "и"} for word in line[start:end]))


def _judge_kind(line: Sequence[_Word], start: int, end: int, asked: Asked) -> float:
    """Return what counts for the kind of question: a reason's "because", the thing that a "which" names."""
    span = line[start:end]
    if asked.wanted == "reason":
        lead = {word.plain for word in line[max(0, start - 1) : start + 1]}
        ends = end == len(line) or _ENDS.search(span[-1].token) is not None
        return 7.0 * bool(lead & _REASONS) + 5.5 * bool(lead & {"to", "um", "para", "pour", "per"}) + 3.0 * ends
    noun = next((stem(word) for word in asked.tail[:4] if word not in STOP_WORDS["en"] and word not in _KINDS), "")
    if not noun:
        return 0.0
    brief = asked.wanted == "thing" and sum(word.tells for word in span) <= len(_SIZES) - 1
    return 2.5 * any(word.stem == noun for word in span) - 1.0 * brief


_KINDS = frozenset({"kind", "type", "sort", "name"})

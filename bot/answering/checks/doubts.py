"""Why a short answer of a model can't be trusted: each reason is a question to the answer and its memories."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from bot.answering.checks.claims import is_foreign, is_made_up_sum, made_up, missing_in
from bot.answering.checks.doers import are_doers
from bot.answering.checks.pronouns import count_pronouns
from bot.answering.checks.support import Support, authors_named, said_before, stems_of
from bot.answering.conclusions import asks_to_conclude
from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.amounts import leaves_out, names_a_length
from bot.answering.quoting.dates import looks_back
from bot.answering.quoting.sentences import denies, looks_ahead
from bot.answering.quoting.unknown_names import holds_name, names_in
from bot.answering.quoting.wanted import Asked, stem
from memory.search.segment import words
from memory.search.stopwords import STOP_WORDS

_FOLLOWS = frozenset({"truth", "count", "duration", "amount"})
"""What is asked for here is said in words of the answer's own: yes, three, two weeks."""
_TIMES = frozenset({"date", "clock"})
"""What every memory has, so that a model may take it from the wrong one."""
_NO_PERSONS = frozenset({"reason", "manner", *_TIMES, "amount", "count", "duration", "place"})
"""What is asked for here is nobody's name."""
_BRIEF = 160
"""Characters of a message that leans on those around it."""
_TWO = 2
_MOSTLY, _ANY = 0.5, 0.01
"""Shares of the question's words from which a memory tells of what is asked, mostly or at all."""
_YES = re.compile(r"^\W*(?:yes|yeah|ja|sí|si|oui|sì|sim|да|はい|是|네)\b", re.IGNORECASE)
_ROLE = re.compile(
    r"\bwho(?:['’]s|\s(?:is|was|are|were))\s(?:the|our|my|your|his|her|their|\S+['’]s?)\s(.*?)"
    r"(?:\s(?:of|in|at|on|for|from|to|with|who|that)\b|\W*$)",
    re.IGNORECASE,
)
"""Who somebody is: "who is our landlord's lawyer?"."""
_COUNTED = re.compile(
    r"\bhow many\s(.*?)"
    r"(?:\s(?:did|do|does|is|are|was|were|has|have|had|can|could|will|would|of|for|in|at|on|there)\b|\W*$)",
    re.IGNORECASE,
)
"""What is counted: "how many new bags are there?"."""
_WHO_IS_NAME = re.compile(
    r"^\W*(?i:(?:and |so |but )?(?:who(?:['’]s| is| was)|wer (?:ist|war)|quién (?:es|era)|qui (?:est|était)"
    r"|chi (?:è|era)|quem (?:é|era)|wie is))\s+\w+(?:\s[A-ZÀ-Þ]\w+)?\W*$"
)
"""Who somebody is of whom only the name is known."""
_OFFERS = re.compile(r"\b(?:or|oder|ou|o|of|eller|или|lub|czy)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Case:
    """An answer, what was asked, what it rests on (`support`), and all memories that the model saw."""

    answer: str
    asked: Asked
    support: Support
    evidence: Sequence[Evidence]

    @property
    def cited(self) -> Sequence[Evidence]:
        return self.support.evidence


def find_doubt(answer: str, asked: Asked, support: Support, evidence: Sequence[Evidence]) -> str | None:
    """Return why a short answer can't be trusted; None where it can."""
    case = _Case(answer, asked, support, evidence)
    return next((reason for reason, applies in _DOUBTS if applies(case)), None)


def is_yes(answer: str) -> bool:
    """Say whether an answer is yes."""
    return bool(_YES.match(answer))


def _is_foreign(case: _Case) -> bool:
    """Say whether the answer is in a script of its own."""
    return is_foreign(case.answer, case.asked, case.evidence)


def _is_made_up(case: _Case) -> bool:
    """Say whether no memory holds a number or a name of the answer."""
    return bool(made_up(case.answer, case.asked, case.evidence))


def _is_of_another(case: _Case) -> bool:
    """Say whether a time, a person or a sum is that of another memory than the one that tells of what is asked."""
    if case.asked.wanted == "person":
        # Both somewhere, and in what is quoted beside it: a quote that names another would belie the answer.
        return not all(are_doers(case.answer, case.asked, each) for each in (case.evidence, case.cited))
    if case.asked.wanted == "amount":
        return any(leaves_out(each.passage.text, case.asked) for each in case.cited)
    return case.asked.wanted in _TIMES and not (case.support.fits_best and _is_time_of(case))


def _is_time_of(case: _Case) -> bool:
    """Say whether a time stands in what an answer rests on.

    In the words; or, of what is over by then, it is when that was said, if most of what is asked is said there. A plan
    is not for the day on which it was told.
    """
    if not made_up(case.answer, case.asked, [replace(each, head="") for each in case.cited]):
        return True
    if case.asked.wanted == "date" and not looks_back(case.asked):
        return False
    telling = set(case.asked.stems) - _writers(case.cited)
    held = max(len(telling & stems_of(each.told)) for each in case.cited)
    return 2 * held > len(telling) and not made_up(case.answer, case.asked, case.cited)


def _is_by_another(case: _Case) -> bool:
    """Say whether an answer about somebody of a group rests on what others said, while they wrote something as well.

    Not where what others said names them, "Ann sold her car", or, where only two talk, speaks to them.
    """
    people = authors_named(case.asked, case.evidence)
    if case.asked.wanted == "person" or not people or asks_to_conclude(case.asked.text):
        return False
    is_group = len({each.passage.author for each in case.evidence}) > _TWO
    return not any(_is_of_any(people, each) or (not is_group and _speaks_to_other(each)) for each in case.cited)


def _is_of_any(people: Collection[str], evidence: Evidence) -> bool:
    """Say whether one of the people wrote a memory, or is named in it."""
    names = {part for person in people for part in words(person)}
    return evidence.passage.author in people or not names.isdisjoint(words(evidence.line))


def _speaks_to_other(evidence: Evidence) -> bool:
    """Say whether a memory may be of the one whom its author speaks to: all but what is only of its author's own."""
    first, second = count_pronouns(evidence.passage.text)
    return second > 0 or first == 0


def _overlooks(case: _Case) -> bool:
    """Say whether an answer rests on memories that hold nothing of what is asked, while another one does.

    A name in the question, other than of who wrote, must be held by what the answer rests on, if anything holds it.
    Not where people talk: "so 668.89 per person" need not name again where they fly to.
    """
    if asks_to_conclude(case.asked.text) or case.asked.own or any(_is_brief(each) for each in case.cited):
        return False
    writers = {part for each in case.evidence for part in words(each.passage.author)}
    names = [name for name in names_in(case.asked.text) if writers.isdisjoint(words(name))]
    if any(_holds(case.evidence, name) and not _holds(case.cited, name) for name in names):
        return True
    return case.support.fit == 0.0 and case.support.best_fit > _MOSTLY


def _is_brief(evidence: Evidence) -> bool:
    return len(evidence.passage.text) <= _BRIEF


def _holds(evidence: Sequence[Evidence], name: str) -> bool:
    texts = (" ".join([*said_before(each), each.line, each.passage.text]) for each in evidence)
    return any(holds_name(text, name) for text in texts)


def _is_made_up_sum(case: _Case) -> bool:
    """Say whether a sum of money can't come from the memories."""
    return case.asked.wanted == "amount" and is_made_up_sum(case.answer, case.evidence)


def _has_numbers_of_another(case: _Case) -> bool:
    """Say whether a number of the answer stands only in a memory that it does not rest on."""
    return bool(missing_in(case.answer, case.asked, case.cited))


def _names_only_a_writer(case: _Case) -> bool:
    """Say whether an answer is nothing but the name of somebody who wrote, where no person is asked for."""
    return case.asked.wanted in _NO_PERSONS and stems_of(case.answer) <= _writers(case.evidence)


def _says_nothing_new(case: _Case) -> bool:
    """Say whether an answer holds only what the question does, which offers nothing to choose from."""
    if case.asked.wanted == "truth" or _OFFERS.search(case.asked.text):
        return False
    return stems_of(case.answer) <= stems_of(case.asked.text)


def _rests_on_nothing(case: _Case) -> bool:
    """Say whether "yes" or "no" rests on memories that hold nothing of what is asked, and say neither."""
    asked = case.asked
    if asked.wanted != "truth" or asked.language != "en" or asks_to_conclude(asked.text):
        return False
    asked_for = set(asked.stems) - _writers(case.cited)
    return not any(asked_for & stems_of(each.passage.text) or _says_so(each, asked_for) for each in case.cited)


def _says_so(evidence: Evidence, asked_for: set[str]) -> bool:
    """Say whether a memory is a "yes" or "no" to what is asked, which was said just before it."""
    text = evidence.passage.text
    return (is_yes(text) or denies(text)) and any(asked_for & stems_of(each) for each in said_before(evidence))


def _tells_no_duration(case: _Case) -> bool:
    """Say whether an answer to "how long?" is no length at all: "a whole lot of things to do"."""
    return case.asked.wanted == "duration" and case.asked.language == "en" and not names_a_length(case.answer)


def _names_who_tells_of(case: _Case) -> bool:
    """Say whether "who is Alex?" is answered with the one who wrote of Alex, as of somebody else."""
    if case.asked.wanted != "person" or not _WHO_IS_NAME.search(case.asked.text):
        return False
    said = stems_of(case.answer)
    named = set(case.asked.stems)
    told = [each for each in case.cited if named & stems_of(each.passage.text)]
    return bool(told) and all(said <= {stem(part) for part in words(each.passage.author)} for each in told)


def _counts_what_is_untold(case: _Case) -> bool:
    """Say whether something is counted that no memory below the answer speaks of: "how many new bags?"."""
    counted = _COUNTED.search(case.asked.text)
    if counted is None or case.asked.wanted != "count":
        return False
    things = [word for word in words(counted[1]) if word not in STOP_WORDS["en"]]
    return bool(things) and not _holds(case.cited, things[-1])


def _is_a_writer_by_chance(case: _Case) -> bool:
    """Say whether somebody is named out of a memory that holds nothing of what is asked, or little if it is theirs."""
    if case.asked.wanted != "person" or case.asked.language != "en" or not case.cited:
        return False
    named = set(words(case.answer))
    in_text = any(named & set(words(each.told)) for each in case.cited)
    return case.support.fit < (_MOSTLY if not in_text else _ANY)


def _is_of_no_such_role(case: _Case) -> bool:
    """Say whether somebody is named as what none of the memories below speaks of: "the landlord's lawyer"."""
    role = _ROLE.search(case.asked.text)
    if role is None or case.asked.wanted != "person":
        return False
    named = words(role[1])  # none of "who is our 🎂?"
    return bool(named) and not _holds(case.cited, named[-1])


def _is_denied(case: _Case) -> bool:
    """Say whether "yes" rests on a brief "never heard of it"."""
    if not is_yes(case.answer) or denies(case.asked.text) or not case.cited:
        return False
    return all(_is_brief(each) and denies(each.passage.text) for each in case.cited)


def _is_only_planned(case: _Case) -> bool:
    """Say whether "yes" to what happened rests on what somebody will do."""
    if not (is_yes(case.answer) and looks_back(case.asked) and case.cited):
        return False
    return all(looks_ahead(each.passage.text) for each in case.cited)


def _is_said_nowhere(case: _Case) -> bool:
    """Say whether no memory says any of the answer's words beside the question's, where those must be the memories'."""
    if _may_differ(case.asked):
        return False
    said = frozenset[str]().union(*(stems_of(each.line) for each in case.evidence))
    own = stems_of(case.answer) - stems_of(case.asked.text)
    return not case.support.said or (bool(own) and own.isdisjoint(said))


def _may_differ(asked: Asked) -> bool:
    """Say whether an answer may be in other words than its memories: a count, a conclusion, another language."""
    return asked.wanted in _FOLLOWS or asks_to_conclude(asked.text) or asked.language != "en"


def _writers(evidence: Sequence[Evidence]) -> set[str]:
    """Return the stems of the names of those who wrote the memories."""
    return {stem(part) for each in evidence for part in words(each.passage.author)}


_DOUBTS: tuple[tuple[str, Callable[[_Case], bool]], ...] = (
    ("the answer is in another script", _is_foreign),
    ("no memory holds a number or a name of the answer", _is_made_up),
    ("the answer is that of another memory", _is_of_another),
    ("it rests on what somebody else said of themselves", _is_by_another),
    ("another memory tells of what is asked", _overlooks),
    ("no memory tells of such a sum", _is_made_up_sum),
    ("its numbers are those of another memory", _has_numbers_of_another),
    ("the answer names somebody where no person is asked for", _names_only_a_writer),
    ("the answer only repeats the question", _says_nothing_new),
    ("it is only planned", _is_only_planned),
    ("it is denied", _is_denied),
    ("it rests on nothing that was asked", _rests_on_nothing),
    ("no memory below it speaks of such a person", _is_of_no_such_role),
    ("no memory below it speaks of what is counted", _counts_what_is_untold),
    ("it is no length of time", _tells_no_duration),
    ("it names who wrote of the person asked about", _names_who_tells_of),
    ("it names who wrote a memory of something else", _is_a_writer_by_chance),
    ("no memory says any of the answer's words", _is_said_nowhere),
)
"""Reasons, the first that applies is told in the log."""

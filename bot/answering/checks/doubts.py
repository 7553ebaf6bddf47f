"""Why a short answer of a model can't be trusted: each reason is a question to the answer and its memories."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.checks.answer_case import AnswerCase, holds, is_brief, stems_of_writers
from bot.answering.checks.claims import is_foreign, is_made_up_sum, made_up, missing_in
from bot.answering.checks.people_doubts import (
    is_a_writer_by_chance,
    is_by_another,
    is_of_no_such_role,
    names_only_a_writer,
    names_who_tells_of,
)
from bot.answering.checks.support import LINK, Support, said_before, stems_of
from bot.answering.checks.who_answers import are_doers
from bot.answering.checks.wordings import is_hypothetical
from bot.answering.conclusions import asks_to_conclude
from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.alternatives import offers_any
from bot.answering.quoting.amounts import leaves_out, names_a_length
from bot.answering.quoting.dates import looks_back
from bot.answering.quoting.question_words import Wanted
from bot.answering.quoting.sentences import denies, denies_that, is_negative, looks_ahead
from bot.answering.quoting.unknown_names import holds_name, names_in
from bot.answering.quoting.wanted import Asked
from memory.patterns import compile_on_use
from memory.search.segment import words
from memory.search.stopwords import LANGUAGES_OF, STOP_WORDS

_FOLLOWS = frozenset({"truth", "count", "duration", "amount"})
"""What is asked for here is said in words of the answer's own: yes, three, two weeks."""
_TIMES = frozenset({"date", "clock"})
"""What every memory has, so that a model may take it from the wrong one."""
_CONTACT_SIGNS: dict[Wanted, frozenset[str]] = {
    "email": frozenset("@"),
    "phone": frozenset("0123456789"),
    "link": frozenset("./"),
}
"""Characters of which each kind of address has at least one."""
_MOSTLY = 0.5
"""Share of the question's words from which a memory tells of what is asked."""
_YES = compile_on_use(r"^\W*(?:yes|yeah|ja|sí|si|oui|sì|sim|да|はい|是|네)\b", re.IGNORECASE)
_TELLS_OF_NAME = compile_on_use(
    r"^\W*[A-ZÀ-Þ][\w'’-]{2,40}\s(?:\w+\s){0,3}(?:is|was|are|were|has|had|gives?|costs?|takes?)\b"
)
_COUNTED = compile_on_use(
    r"\bhow (?:many|much)\s(.*?)"
    r"(?:\s(?:did|do|does|is|are|was|were|has|have|had|can|could|will|would|of|for|in|at|on|there)\b|\W*$)",
    re.IGNORECASE,
)
"""What is counted or measured: "how many new bags are there?", "how much luggage can we take?"."""
_DIGIT = compile_on_use(r"\d")
_ASKS_NUMBER = compile_on_use(
    r"^(?:and |so )?(?:what(?:['’]?s| is| was)|which|was ist|wie (?:ist|lautet)|cuál es|cual es|quel est|qual è|qual é"
    r"|wat is)\b"
    r".{1,80}\b(?:number|nummer|número|numero|numéro)\b(?!\s(?:one|of))",
    re.IGNORECASE,
)
"""What asks for something with figures: "what is Ann's passport number?"."""
_SPOKEN_NAME = compile_on_use(r"(?<=\w )[A-ZÀ-Þ]\w{1,40}(?: [A-ZÀ-Þ]\w{1,40}){0,3}")
_CODE = compile_on_use(r"[^\W\d_]{1,8}\d{1,8}\w{0,8}|\d{3,8}(?!s$)[^\W\d_]{1,8}")


def find_doubt(answer: str, asked: Asked, support: Support, evidence: Sequence[Evidence]) -> str | None:
    """Return why a short answer can't be trusted; None where it can."""
    case = AnswerCase(answer, asked, support, evidence)
    return next((reason for reason, applies in _DOUBTS if applies(case)), None)


def is_yes(answer: str) -> bool:
    """Say whether an answer is yes."""
    return bool(_YES.match(answer))


def _is_foreign(case: AnswerCase) -> bool:
    """Say whether the answer is in a script of its own."""
    return is_foreign(case.answer, case.asked, case.evidence)


def _is_made_up(case: AnswerCase) -> bool:
    """Say whether no memory holds a number or a name of the answer."""
    return bool(made_up(case.answer, case.asked, case.evidence))


def _is_of_another(case: AnswerCase) -> bool:
    """Say whether a time, a person or a sum is that of another memory than the one that tells of what is asked."""
    if case.asked.wanted == "person":
        # Both somewhere, and in what is quoted beside it: a quote that names another would belie the answer.
        return not all(are_doers(case.answer, case.asked, each) for each in (case.evidence, case.cited))
    if case.asked.wanted == "amount":
        return any(leaves_out(each.passage.text, case.asked) for each in case.cited)
    return case.asked.wanted in _TIMES and not (case.support.fits_best and _is_time_of(case))


def _is_time_of(case: AnswerCase) -> bool:
    """Say whether a time stands in what an answer rests on.

    In the words; or, of what is over by then, it is when that was said, if most of what is asked is said there. A plan
    is not for the day on which it was told.
    """
    if not made_up(case.answer, case.asked, [replace(each, head="") for each in case.cited]):
        return True
    if case.asked.wanted == "date" and not looks_back(case.asked):
        return False
    telling = set(case.asked.stems) - stems_of_writers(case.cited)
    held = max(len(telling & stems_of(each.told)) for each in case.cited)
    return 2 * held > len(telling) and not made_up(case.answer, case.asked, case.cited)


def _overlooks(case: AnswerCase) -> bool:
    """Say whether an answer rests on memories that hold nothing of what is asked, while another one does.

    A name in the question, other than of who wrote, must be held by what the answer rests on, if anything holds it.
    Not where people talk: "so 668.89 per person" need not name again where they fly to.
    """
    if asks_to_conclude(case.asked.text) or case.asked.own:
        return False
    writers = {part for each in case.evidence for part in words(each.passage.author)}
    names = [name for name in names_in(case.asked.text) if writers.isdisjoint(words(name))]
    if any(holds(case.evidence, code) and not holds(case.cited, code) for code in _codes_in(case.asked)):
        return True
    if any(is_brief(each) and not (names and _begins_with_name(each)) for each in case.cited):
        return False
    if any(holds(case.evidence, name) and not holds(case.cited, name) for name in names):
        return True
    return case.support.fit == 0.0 and case.support.best_fit > _MOSTLY


def _codes_in(asked: Asked) -> list[str]:
    """Return what of a question names one thing alone by letters and digits: "1900H", "B12", not "3rd" or "1990s"."""
    return [word for word in words(asked.text) if _CODE.fullmatch(word)]


def _fits_far_less(case: AnswerCase) -> bool:
    """Say whether a reason is out of a memory that holds less than half of what another one holds of the question."""
    return case.asked.wanted == "reason" and not asks_to_conclude(case.asked.text) and not case.support.fits_best


def _begins_with_name(evidence: Evidence) -> bool:
    """Say whether a memory names at once what it tells of, so that it leans on nothing: "Remitly gives 149 today"."""
    return _TELLS_OF_NAME.search(evidence.passage.text) is not None


def _is_made_up_sum(case: AnswerCase) -> bool:
    """Say whether a sum of money can't come from the memories."""
    return case.asked.wanted == "amount" and is_made_up_sum(case.answer, case.evidence)


def _has_numbers_of_another(case: AnswerCase) -> bool:
    """Say whether a number of the answer stands only in a memory that it does not rest on."""
    return bool(missing_in(case.answer, case.asked, case.cited))


def _says_nothing_new(case: AnswerCase) -> bool:
    """Say whether an answer holds only what the question does, which offers nothing to choose from."""
    if case.asked.wanted == "truth" or offers_any(case.asked):
        return False
    return stems_of(case.answer) <= stems_of(case.asked.text)


def _rests_on_nothing(case: AnswerCase) -> bool:
    """Say whether "yes" or "no" rests on memories that hold nothing of what is asked, and say neither."""
    asked = case.asked
    if asked.wanted != "truth" or asked.language != "en" or asks_to_conclude(asked.text):
        return False
    asked_for = set(asked.stems) - stems_of_writers(case.cited)
    told = (LINK.sub(" ", each.passage.text) for each in case.cited)  # of a link nobody says yes or no
    return not any(
        asked_for & stems_of(text) or _says_so(each, asked_for) for text, each in zip(told, case.cited, strict=True)
    )


def _says_so(evidence: Evidence, asked_for: set[str]) -> bool:
    """Say whether a memory is a "yes" or "no" to what is asked, which was said just before it."""
    text = evidence.passage.text
    return (is_yes(text) or denies(text)) and any(asked_for & stems_of(each) for each in said_before(evidence))


def _tells_no_duration(case: AnswerCase) -> bool:
    """Say whether an answer to "how long?" is no length at all: "a whole lot of things to do"."""
    return case.asked.wanted == "duration" and case.asked.language == "en" and not names_a_length(case.answer)


def _is_no_such_contact(case: AnswerCase) -> bool:
    """Say whether an address, a number or a link was asked for, and the answer is none."""
    signs = _CONTACT_SIGNS.get(case.asked.wanted)
    return signs is not None and signs.isdisjoint(case.answer)


def _counts_what_is_untold(case: AnswerCase) -> bool:
    """Say whether something is counted that no memory below the answer speaks of: "how many new bags?"."""
    counted = _COUNTED.search(case.asked.text)
    if counted is None or case.asked.wanted not in ("count", "thing"):
        return False
    things = [word for word in words(counted[1]) if word not in STOP_WORDS["en"]]
    if not things:
        return False
    if case.asked.wanted == "thing" and any(_measures(each, things[-1]) for each in case.evidence):
        return not any(_measures(each, things[-1]) for each in case.cited)
    return not holds(case.cited, things[-1])


def _measures(evidence: Evidence, thing: str) -> bool:
    """Say whether a memory speaks of a thing and holds a number: "20kg of luggage"."""
    return holds_name(evidence.passage.text, thing) and bool(_DIGIT.search(evidence.passage.text))


def _has_no_figure(case: AnswerCase) -> bool:
    """Say whether a number was asked for, of a passport, a flight, a room, and the answer has no figure."""
    return bool(_ASKS_NUMBER.search(case.asked.text)) and not _DIGIT.search(case.answer)


def _is_a_longer_name(case: AnswerCase) -> bool:
    """Say whether "yes" rests on a name that only begins or ends as the one asked about: "Air New Zealand"."""
    if not is_yes(case.answer) or not names_in(case.asked.text):
        return False
    writers = {part for each in case.evidence for part in words(each.passage.author)}
    names = [name for name in _SPOKEN_NAME.findall(case.asked.text) if writers.isdisjoint(words(name))]
    texts = [text for each in case.cited for text in (each.passage.text, *said_before(each))]
    return any(_only_within_longer(name, texts) for name in names)


def _only_within_longer(name: str, texts: Sequence[str]) -> bool:
    """Say whether texts hold a name, and each time behind the same other word of a name.

    A word that opens its sentence has a capital anyway, so it must stand there twice: "Visited Lisbon" is Lisbon.
    """
    found = [
        (text, match) for text in texts for match in re.finditer(rf"(?:(\w{{1,40}}) )?\b{re.escape(name)}\b", text)
    ]
    before = {match[1] or "" for _, match in found}
    longer = before.pop() if len(before) == 1 else ""
    if not longer[:1].isupper() or longer.casefold() in LANGUAGES_OF:
        return False
    return len(found) > 1 or any(text[: match.start()].rstrip()[-1:].isalnum() for text, match in found)


def _is_denied(case: AnswerCase) -> bool:
    """Say whether "yes" rests on a brief "never heard of it"."""
    if not is_yes(case.answer) or is_negative(case.asked.text) or not case.cited:
        return False
    return all(is_brief(each) and denies(each.passage.text) for each in case.cited)


def _is_only_planned(case: AnswerCase) -> bool:
    """Say whether "yes" to what happened rests on what somebody will do, or would if something were so."""
    if not (is_yes(case.answer) and looks_back(case.asked) and case.cited):
        return False
    return all(looks_ahead(each.passage.text) or is_hypothetical(each.passage.text) for each in case.cited)


def _is_a_reason_against(case: AnswerCase) -> bool:
    """Say whether a reason is given for the contrary: "I don't recommend driving, it's awful" of why they drove."""
    if case.asked.wanted != "reason" or is_negative(case.asked.text) or not case.cited:
        return False
    return all(denies_that(each.passage.text, case.asked.stems) for each in case.cited)


def _is_said_nowhere(case: AnswerCase) -> bool:
    """Say whether no memory says any of the answer's words beside the question's, where those must be the memories'."""
    if _may_differ(case.asked):
        return False
    said = frozenset[str]().union(*(stems_of(each.line) for each in case.evidence))
    own = stems_of(case.answer) - stems_of(case.asked.text)
    return not case.support.said or (bool(own) and own.isdisjoint(said))


def _may_differ(asked: Asked) -> bool:
    """Say whether an answer may be in other words than its memories: a count, a conclusion, another language."""
    return asked.wanted in _FOLLOWS or asks_to_conclude(asked.text) or asked.language != "en"


_DOUBTS: tuple[tuple[str, Callable[[AnswerCase], bool]], ...] = (
    ("the answer is in another script", _is_foreign),
    ("no memory holds a number or a name of the answer", _is_made_up),
    ("the answer is that of another memory", _is_of_another),
    ("it rests on what somebody else said of themselves", is_by_another),
    ("another memory tells of what is asked", _overlooks),
    ("no memory tells of such a sum", _is_made_up_sum),
    ("its numbers are those of another memory", _has_numbers_of_another),
    ("the answer names somebody where no person is asked for", names_only_a_writer),
    ("another memory tells far more of what is asked", _fits_far_less),
    ("the answer only repeats the question", _says_nothing_new),
    ("it is only planned", _is_only_planned),
    ("it is denied", _is_denied),
    ("it is a reason for the contrary", _is_a_reason_against),
    ("it rests on nothing that was asked", _rests_on_nothing),
    ("no memory below it speaks of such a person", is_of_no_such_role),
    ("no memory below it speaks of what is counted", _counts_what_is_untold),
    ("it is no number", _has_no_figure),
    ("it rests on a longer name", _is_a_longer_name),
    ("it is no length of time", _tells_no_duration),
    ("it is no address, number or link", _is_no_such_contact),
    ("it names who wrote of the person asked about", names_who_tells_of),
    ("it names who wrote a memory of something else", is_a_writer_by_chance),
    ("no memory says any of the answer's words", _is_said_nowhere),
)
"""Reasons, the first that applies is told in the log."""

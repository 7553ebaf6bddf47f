"""Why a short answer may be of the wrong person: who wrote a memory is not always who it tells of."""

from __future__ import annotations

import re

from bot.answering.checks.answer_case import AnswerCase, holds, stems_of_writers
from bot.answering.checks.pronouns import count_pronouns
from bot.answering.checks.support import authors_named, stems_of
from bot.answering.conclusions import asks_to_conclude
from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.persons import WHO_IS_NAME
from bot.answering.quoting.wanted import stem
from memory.patterns import compile_on_use
from memory.search.segment import words

_NO_PERSONS = frozenset({"reason", "manner", "date", "clock", "amount", "count", "duration", "place"})
"""What is asked for here is nobody's name."""
_WHAT = compile_on_use(r"\b(?:what|which)\b", re.IGNORECASE)
_OF_PEOPLE = compile_on_use(
    r"\b(?:persons?|people|friends?|members?|guys?|girls?|boys?|m[ae]n|wom[ae]n|players?|colleagues?|names?|one|ones|us"
    r"|brothers?|sisters?|students?|teachers?|neighbou?rs?|kids?|users?|authors?|called)\b",
    re.IGNORECASE,
)
"""Words by which "which friend?" asks for somebody."""
_TWO = 2
_MOSTLY, _ANY = 0.5, 0.01
"""Shares of the question's words from which a memory tells of what is asked, mostly or at all."""
_ROLE = compile_on_use(
    r"\bwho(?:['’]s|\s(?:is|was|are|were))\s(?:the|our|my|your|his|her|their|\S+['’]s?)\s(.*?)"
    r"(?:\s(?:of|in|at|on|for|from|to|with|who|that)\b|\W*$)",
    re.IGNORECASE,
)
"""Who somebody is: "who is our landlord's lawyer?"."""


def is_by_another(case: AnswerCase) -> bool:
    """Say whether an answer about somebody of a group rests on what others said, while they wrote something as well.

    Not where what others said names them, "Ann sold her car", or, where only two talk, speaks to them.
    """
    people = authors_named(case.asked, case.evidence)
    if case.asked.wanted == "person" or not people or asks_to_conclude(case.asked.text):
        return False
    is_group = len({each.passage.author for each in case.evidence}) > _TWO
    called = {part for person in people for part in words(person)}.intersection(words(case.asked.text))
    return not any(
        each.passage.author in people
        or not called.isdisjoint(words(each.line))
        or (not is_group and _speaks_to_other(each))
        for each in case.cited
    )


def _speaks_to_other(evidence: Evidence) -> bool:
    """Say whether a memory may be of the one whom its author speaks to: all but what is only of its author's own."""
    first, second = count_pronouns(evidence.passage.text)
    return second > 0 or first == 0


def names_only_a_writer(case: AnswerCase) -> bool:
    """Say whether an answer is nothing but the name of somebody who wrote, where no person is asked for."""
    if not stems_of(case.answer) <= stems_of_writers(case.evidence):
        return False
    if case.asked.wanted in _NO_PERSONS:
        return True
    asked = case.asked
    is_thing = asked.wanted == "thing" and _WHAT.search(asked.text) is not None and not _OF_PEOPLE.search(asked.text)
    return is_thing and not any(stems_of(case.answer) & stems_of(each.passage.text) for each in case.cited)


def names_who_tells_of(case: AnswerCase) -> bool:
    """Say whether "who is Alex?" is answered with the one who wrote of Alex, as of somebody else."""
    if case.asked.wanted != "person" or not WHO_IS_NAME.search(case.asked.text):
        return False
    said = stems_of(case.answer)
    named = set(case.asked.stems)
    told = [each for each in case.cited if named & stems_of(each.passage.text)]
    return bool(told) and all(said <= {stem(part) for part in words(each.passage.author)} for each in told)


def is_a_writer_by_chance(case: AnswerCase) -> bool:
    """Say whether somebody is named out of a memory that holds nothing of what is asked, or little if it is theirs."""
    if case.asked.wanted != "person" or case.asked.language != "en" or not case.cited:
        return False
    named = set(words(case.answer))
    in_text = any(named & set(words(each.told)) for each in case.cited)
    return case.support.fit < (_MOSTLY if not in_text else _ANY) or (not in_text and _holds_only_numbers(case))


def _holds_only_numbers(case: AnswerCase) -> bool:
    """Say whether nothing but numbers of the question stand in what an answer rests on: "I only brought $150"."""
    held = frozenset[str]().union(*(stems_of(each.told) for each in case.cited)).intersection(case.asked.stems)
    return bool(held) and all(map(str.isdecimal, held))


def is_of_no_such_role(case: AnswerCase) -> bool:
    """Say whether somebody is named as what none of the memories below speaks of: "the landlord's lawyer"."""
    role = _ROLE.search(case.asked.text)
    if role is None or case.asked.wanted != "person":
        return False
    named = words(role[1])  # none of "who is our 🎂?"
    return bool(named) and not holds(case.cited, named[-1])

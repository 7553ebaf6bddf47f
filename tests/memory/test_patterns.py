"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import ast
import copy
import re
from pathlib import Path

import pytest

from memory.patterns import compile_on_use

ROOT = Path(__file__).parents[2]
COMPILED_ON_USE = ("bot/answering", "bot/models", "bot/pipeline", "memory/timeline")


def test_a_wrong_pattern_raises_when_it_is_used() -> None:
    wrong = compile_on_use("(")
    with pytest.raises(re.error, match="unterminated"):
        wrong.search("a")


def test_it_does_what_a_compiled_pattern_does() -> None:
    late, early = (
        compile_on_use(r"(?P<word>[a-z]+)\d?", re.IGNORECASE),
        re.compile(r"(?P<word>[a-z]+)\d?", re.IGNORECASE),
    )
    for text in ("", "One two3", "12"):
        assert late.findall(text) == early.findall(text)
        assert late.sub("-", text) == early.sub("-", text)
        assert late.split(text) == early.split(text)
        assert [each["word"] for each in late.finditer(text)] == [each["word"] for each in early.finditer(text)]
    assert (late.pattern, late.flags, late.groups) == (early.pattern, early.flags, early.groups)
    assert late.groupindex == early.groupindex
    assert late.fullmatch("Two3") is not None
    assert late.match("3") is None


def test_a_copy_works_before_and_after_its_first_use() -> None:
    late = compile_on_use("a+")
    assert copy.deepcopy(late).findall("aab") == ["aa"]
    assert late.findall("aab") == copy.copy(late).findall("aab") == ["aa"]


def test_what_a_question_imports_compiles_no_pattern_meanwhile() -> None:
    compiled = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for folder in COMPILED_ON_USE
        for path in (ROOT / folder).rglob("*.py")
        for call in calls_while_imported(ast.parse(path.read_text("utf-8")))
        if ast.unparse(call.func) == "re.compile"
    ]
    assert compiled == []


def calls_while_imported(node: ast.AST) -> list[ast.Call]:
    found = [node] if isinstance(node, ast.Call) else []
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found += calls_while_imported(child)
    return found

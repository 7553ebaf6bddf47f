"""Holds the table of features and platforms against the tests that it names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ADAPTER_TESTS = ROOT / "tests" / "adapters"
PAGE = (ROOT / "docs" / "platforms.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]


def names_of_tests(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)}


def test_each_row_has_a_cell_for_each_platform_and_names_tests_that_are_there() -> None:
    _, *features = ROWS
    assert len(features) > 15
    for feature, *cells, named in features:
        assert len(cells) == 5, feature
        assert all(cells), feature
        found = re.findall(r"`([\w/]+\.py)::(\w+|\*)`", named)
        assert found, f"{feature}: no test"
        for file, name in found:
            there = names_of_tests(ADAPTER_TESTS / file)
            assert name == "*" or name in there, f"{feature}: {file} has no {name}"


def test_the_tests_it_names_outside_the_table_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", PAGE)
    assert named
    for path in named:
        assert (ROOT / path).is_file(), path

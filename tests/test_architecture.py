"""The house rules that an import can break, read from the sources with `ast`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("memory", "bot", "adapters", "plugins")
MAY_IMPORT = {
    "memory": {"memory"},
    "bot": {"bot", "memory"},
    "adapters": {"adapters", "bot", "memory"},
    "plugins": {"plugins", "bot"},
}
MAY_TOUCH_THE_ENVIRONMENT = {
    "bot/reading/child.py",  # it chooses what of it a child process sees
    "memory/embedders/telemetry.py",  # it sets the one switch that a library reads from nowhere else
}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def every_module() -> list[Path]:
    return [path for package in OURS for path in modules(package)]


def imports(path: Path) -> list[tuple[int, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative imports hide the direction of an arrow"
            found.append((node.lineno, node.module or ""))
    return found


@pytest.mark.parametrize("package", OURS)
def test_imports_point_only_where_the_arrows_do(package: str) -> None:
    astray = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(package)
        for line, name in imports(path)
        if (top := name.partition(".")[0]) in OURS and top not in MAY_IMPORT[package]
    ]
    assert modules(package)
    assert astray == []


@pytest.mark.parametrize("package", ["adapters", "plugins"])
def test_platforms_and_plugins_never_touch_models(package: str) -> None:
    astray = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules(package)
        for line, name in imports(path)
        if name.startswith("bot.models")
    ]
    assert astray == []


@pytest.mark.parametrize("name", ["bot", "memory"])
def test_a_public_package_only_re_exports(name: str) -> None:
    tree = ast.parse((ROOT / name / "__init__.py").read_text("utf-8"))
    docstring, *rest = tree.body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(node, ast.ImportFrom) or is_all(node) for node in rest)
    imported = {alias.asname or alias.name for node in rest if isinstance(node, ast.ImportFrom) for alias in node.names}
    exported = next(ast.literal_eval(node.value) for node in rest if isinstance(node, ast.Assign))
    assert imported - {"annotations"} == set(exported)


def test_the_sdk_fits_on_one_screen() -> None:
    assert len((ROOT / "bot" / "__init__.py").read_text("utf-8").splitlines()) < 60


def test_no_module_touches_the_environment() -> None:
    astray = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in every_module()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and isinstance(node.value, ast.Name)
        if str(path.relative_to(ROOT)) not in MAY_TOUCH_THE_ENVIRONMENT
    ]
    assert astray == []


def test_no_module_changes_globals() -> None:
    astray = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in every_module()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Global)
    ]
    assert astray == []


def is_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]

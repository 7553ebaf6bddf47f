"""The house rules that an import can break, read from the sources with `ast`."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections import defaultdict
from collections.abc import Mapping
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
    "bot/commands/service_manager.py",  # systemd says there how it wants to be told
    "bot/translation/environment.py",  # the terminal says there which language it speaks
    "bot/commands/cli.py",  # pydantic is told so alone that it need not look for plugins
    "memory/embedders/telemetry.py",  # it sets the one switch that a library reads from nowhere else
}


LONGEST_FUNCTION, MOST_RETURNS = 40, 6
PUBLIC = {
    "bot",
    "bot.adapter",
    "bot.answering",
    "bot.choices",
    "bot.context",
    "bot.errors",
    "bot.events",
    "bot.plugin",
    "bot.reading",
    "bot.testing",
    "bot.translation",
    "memory",
}
"""What a stranger's adapter or plugin is written with, and so all that ours may use."""
PARTS_OF_THE_PROGRAM = {
    "adapters/demo.py": {"bot.app"},  # a program of its own: it opens the whole bot
    "adapters/mcp/command.py": {"bot.app"},  # as below
    "adapters/exports/command.py": {"bot.app"},  # a command of the program: it opens the memory without the bot
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
def test_adapters_and_plugins_use_only_what_is_public(package: str) -> None:
    astray = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(package)
        for line, name in imports(path)
        if name.partition(".")[0] in ("bot", "memory")
        if name not in PUBLIC | PARTS_OF_THE_PROGRAM.get(str(path.relative_to(ROOT)), set())
    ]
    assert astray == []


@pytest.mark.parametrize("name", sorted(PUBLIC - {"memory"}))
def test_a_public_module_says_what_it_is_for_and_documents_each_name(name: str) -> None:
    module = importlib.import_module(name)
    path = Path(str(module.__file__))
    assert path.parent == ROOT / "bot" or path.name == "__init__.py", f"{name} lies in a private folder"
    assert module.__doc__
    for public in getattr(module, "__all__", ()):
        if inspect.isclass(found := getattr(module, public)) or inspect.isfunction(found):
            assert found.__doc__, f"{name}.{public} has no docstring"


@pytest.mark.parametrize("package", ["adapters", "plugins"])
def test_platforms_and_plugins_never_touch_models(package: str) -> None:
    astray = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules(package)
        for line, name in imports(path)
        if name.startswith("bot.models")
    ]
    assert astray == []


def test_only_one_module_knows_which_engine_stores() -> None:
    astray = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in every_module()
        for line, name in imports(path)
        if name.startswith("memory.sqlite")
        and path.parent != ROOT / "memory" / "sqlite"
        and path != ROOT / "memory" / "databases.py"
    ]
    assert astray == []


def test_a_facet_of_the_engine_has_at_most_a_dozen_methods_and_no_database_in_them() -> None:
    sizes: dict[str, int] = {}
    for path in modules("memory/engine"):
        assert {name.partition(".")[0] for _, name in imports(path)} & {"aiosqlite", "sqlite3"} == set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases):
                sizes[node.name] = sum(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in node.body)
    assert len(sizes) > 15
    assert {name: size for name, size in sizes.items() if size > 12} == {}


@pytest.mark.parametrize("file", ["bot/__init__.pyi", "bot/answering/__init__.pyi", "memory/__init__.pyi"])
def test_a_public_package_only_re_exports(file: str) -> None:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    rest = [node for node in tree.body if not isinstance(node, ast.Expr)]  # a docstring
    assert all(isinstance(node, ast.ImportFrom) or is_all(node) for node in rest)
    imported = {alias.asname or alias.name for node in rest if isinstance(node, ast.ImportFrom) for alias in node.names}
    exported = next(ast.literal_eval(node.value) for node in rest if isinstance(node, ast.Assign))
    assert imported - {"annotations"} == set(exported)


def test_the_sdk_fits_on_one_screen() -> None:
    for file in ("__init__.py", "__init__.pyi"):
        assert len((ROOT / "bot" / file).read_text("utf-8").splitlines()) < 60


@pytest.mark.parametrize("package", ["bot", "bot.answering", "memory"])
def test_a_public_package_imports_on_use_what_its_types_say(package: str) -> None:
    tree = ast.parse((ROOT / package.replace(".", "/") / "__init__.pyi").read_text("utf-8"))
    said = {
        alias.name: str(node.module) for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    found = importlib.import_module(package)
    assert sorted(said) == list(found.__all__)
    for name, module in said.items():
        assert getattr(found, name) is getattr(importlib.import_module(module), name)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        found.nothing  # noqa: B018 (asking is the test)


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = import_graph()
    assert len(graph) > 300
    assert [sorted(circle) for circle in circles(graph)] == []


def count_returns(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many returns a function has, without those of functions in it."""
    found, waiting = 0, list[ast.AST](function.body)
    while waiting:
        node = waiting.pop()
        found += isinstance(node, ast.Return)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
    return found


def test_a_function_fits_on_a_screen_and_has_few_ways_out() -> None:
    functions = [
        (f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node)
        for path in every_module()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert functions
    assert [name for name, node in functions if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION] == []
    assert [name for name, node in functions if count_returns(node) > MOST_RETURNS] == []


def test_bot_shows_at_most_twenty_entries() -> None:
    unseen = "__pycache__"
    entries = {path.stem for path in (ROOT / "bot").iterdir() if path.name != unseen}
    assert len(entries) <= 20


def test_the_map_in_the_design_is_the_house_that_stands() -> None:
    design = (ROOT / "docs" / "design.md").read_text("utf-8")
    drawn = design[design.index("```\nbot/") : design.index("pyproject.toml  config")]
    listed: dict[str, set[str]] = {}
    folder = ""
    for line in drawn.splitlines()[1:]:
        if not line.startswith(" "):
            folder = line.split("/")[0]
        elif not line.startswith("   "):
            names, *prose = re.split(r"\s{2,}", line.strip(), maxsplit=1)
            drawn_alone = len(names.split()) > 1 or not prose
            listed.setdefault(folder, set()).update(
                re.findall(r"(?<![\w*])([a-z_0-9]+(?:\.py|/))", line if drawn_alone else names)
            )
            for room in re.findall(r"(?<![\w*])([a-z_0-9]+)/", names):
                inside = re.findall(r"(?<![\w*])([a-z_0-9]+\.py)", " ".join(prose))
                assert all((ROOT / folder / room / name).is_file() for name in inside), line
    for top in OURS:
        standing = {
            f"{path.name}/" if path.is_dir() else path.name
            for path in (ROOT / top).iterdir()
            if path.name not in ("__pycache__", "__init__.py", "__init__.pyi", "py.typed")
        }
        assert listed[top] - {"__init__.py"} - standing == set(), f"{top}/ has no such entry"
        if top in ("bot", "memory"):
            assert standing - listed[top] == set(), f"the map of {top}/ leaves these out"


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


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def import_graph() -> dict[str, set[str]]:
    """Return which of our modules each of them imports, `TYPE_CHECKING` or not; a package's own inside left out."""
    names = {module_name(path): path for path in every_module()}

    def known(name: str) -> str:
        while name and name not in names:
            name = name.rpartition(".")[0]
        return name

    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        targets: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                targets |= {known(alias.name) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                targets |= {known(f"{node.module}.{alias.name}") for alias in node.names}
        graph[name] = {each for each in targets if each and each != name}
    return graph


def circles(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Return the sets of modules that reach each other."""
    reached = {name: reach(graph, name) for name in graph}
    return [
        {other for other in reached[name] if name in reached[other]}
        for name in graph
        if name in reached[name] and name == min(other for other in reached[name] if name in reached[other])
    ]


def reach(graph: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for target in graph.get(waiting.pop(), set()) - seen:
            seen.add(target)
            waiting.append(target)
    return seen


def test_a_circle_is_found_where_there_is_one() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


PARALLEL = (
    {"memory/sqlite", "memory/postgres"},  # two engines behind one protocol: the folder says which
    {"adapters/discord", "adapters/slack", "adapters/telegram", "adapters/whatsapp"},  # the same step on each platform
)
"""Folders whose modules stand for each other: a class may have the same name in each."""


def folder_of(path: Path) -> str:
    return "/".join(path.relative_to(ROOT).parts[:2])


def public_classes(path: Path) -> list[str]:
    """Return the classes of a module; not those inside others, such as the `Settings` that every plugin may have."""
    tree = ast.parse(path.read_text("utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def test_a_class_name_means_one_thing() -> None:
    folders: dict[str, list[str]] = defaultdict(list)
    for package in OURS:
        for path in modules(package):
            for name in public_classes(path):
                folders[name].append(folder_of(path))
    assert len(folders) > 500
    shared = {
        name: places
        for name, places in folders.items()
        if len(places) > 1
        if len(set(places)) < len(places) or not any(set(places) <= alike for alike in PARALLEL)
    }
    assert shared == {}

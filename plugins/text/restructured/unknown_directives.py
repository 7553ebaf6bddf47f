"""Roles and directives that docutils does not know, such as Sphinx's: their words are kept, their machinery is not."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from docutils.parsers.rst.languages import en

from plugins.text.left_out import Kind

_DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:\|[^|\n]{1,80}\| )?([\w:+.-]{1,60})::", re.MULTILINE)
_ROLE = re.compile(r":([\w:+.-]{1,60}):`|`:([\w:+.-]{1,60}):")
_TITLED = re.compile(r"(.*?)\s*<[^<>]*>\Z", re.DOTALL)
_CODE = frozenset(
    {"code", "code-block", "sourcecode", "highlight", "prompt", "doctest", "testcode", "testoutput", "mermaid",
     "productionlist", "graphviz", "uml", "jupyter-execute", "ipython"}
)  # fmt: skip
_NAVIGATION = frozenset({"toctree", "index", "currentmodule", "tabularcolumns", "sectionauthor", "codeauthor"})
_CONDITIONS = frozenset({"only", "ifconfig", "automodule", "autoclass", "autofunction", "autosummary"})
"""What they are given is for the program that makes pages of a text, not for their readers."""
UNREAD: dict[str, Kind] = {"raw": "raw block", "include": "included file", "literalinclude": "included file"}
"""Directives for what only another program shows, or what stands in another file; what is said of each."""
_VERSIONS = {"versionadded": "New in version", "versionchanged": "Changed in version", "deprecated": "Deprecated since"}


def register_unknown(text: str) -> None:
    """Make docutils take the roles and directives in a text that it does not know, and tell what it may not read."""
    for name in UNREAD:
        directives.register_directive(name, _UnreadDirective)
    for match in _DIRECTIVE.finditer(text):
        name = match[1].lower()
        if (name not in en.directives or name in _CODE) and name not in UNREAD:
            directives.register_directive(name, _AnyDirective)
    for match in _ROLE.finditer(text):
        if (name := (match[1] or match[2]).lower()) not in en.roles:
            roles.register_local_role(name, _read_role)


def _read_role(
    _name: str, _raw: str, text: str, _line: int, _inliner: Any, _options: Any = None, _content: Any = None
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Return what a reader sees of a role: the title of a reference, the last part of a name with "~" before it."""
    said = text.replace("\0", "").removeprefix("!")
    if titled := _TITLED.match(said):
        said = titled[1] or said
    elif said.startswith("~"):
        said = said[1:].rpartition(".")[2]
    return [nodes.Text(said)], []


class _AnyOptions(dict[str, Any]):
    """Takes every option there is."""

    def __getitem__(self, _name: str) -> Any:
        return directives.unchanged

    def __bool__(self) -> bool:
        return True


class _AnyDirective(Directive):  # type: ignore[misc]  # docutils has no types
    """Keeps a directive's argument and content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _AnyOptions()

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the content; of code as it is written, of a table of contents none."""
        name = self.name.lower()
        if name in _NAVIGATION:
            return []
        if name in _CODE:
            written = "\n".join(self.content)
            caption = [nodes.paragraph("", self.options["caption"])] if self.options.get("caption") else []
            return [*caption, nodes.literal_block(written, written)] if written.strip() else []
        body = nodes.container()
        if self.arguments and name not in _CONDITIONS:
            said = f"{_VERSIONS[name]} {self.arguments[0]}" if name in _VERSIONS else self.arguments[0]
            parsed, _ = self.state.inline_text(said, self.lineno)
            body += nodes.paragraph("", "", *parsed)
        self.state.nested_parse(self.content, self.content_offset, body)
        return list(body.children)


class _UnreadDirective(_AnyDirective):
    """Stands for what is not read."""

    def run(self) -> list[nodes.Node]:
        """Return a node that says what it is instead of."""
        return [nodes.raw("", "", classes=[self.name.lower()])]

"""What a reader sees of a parsed reStructuredText document."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from plugins.text.left_out import LeftOut
from plugins.text.markup import Block
from plugins.text.office.counting import write_number
from plugins.text.restructured.unknown_directives import UNREAD

_UNSEEN = (nodes.comment, nodes.system_message, nodes.substitution_definition, nodes.target, nodes.pending, nodes.raw,
           nodes.problematic)  # fmt: skip
_VERBATIM = (nodes.literal_block, nodes.doctest_block, nodes.math_block)
_NAMED = (nodes.definition_list_item, nodes.field, nodes.option_list_item, nodes.footnote, nodes.citation)
_NUMBERED = {"loweralpha": "lowerLetter", "upperalpha": "upperLetter", "lowerroman": "lowerRoman",
             "upperroman": "upperRoman"}  # fmt: skip


class VisibleBlocks:
    """Yields the blocks of a document in their order; pictures are counted."""

    def __init__(self, left_out: LeftOut) -> None:
        self._left_out = left_out

    def blocks(self, parent: nodes.Element, depth: int = 0) -> Iterator[Block]:
        """Yield headings and paragraphs, the items of lists and the rows of tables."""
        for node in parent.children:
            if isinstance(node, nodes.raw):
                self._left_out.add(UNREAD.get(" ".join(node["classes"]), "raw block"))
            if isinstance(node, _UNSEEN) or not isinstance(node, nodes.Element):
                continue
            if isinstance(node, nodes.section):
                yield from self._section(node, depth + 1)
            elif isinstance(node, nodes.image):
                self._left_out.add("picture")
            elif isinstance(node, nodes.topic) and "contents" in node["classes"]:
                continue
            else:
                yield from self._block(node, depth)

    def _section(self, section: nodes.section, depth: int) -> Iterator[Block]:
        title = section.next_node(nodes.title)
        yield Block(" ".join(title.astext().split()) if title is not None else "", depth)
        for node in section.children:
            if node is not title and isinstance(node, nodes.Element):
                holder = nodes.container()
                holder.children = [node]
                yield from self.blocks(holder, depth)

    def _block(self, node: nodes.Element, depth: int) -> Iterator[Block]:
        if isinstance(node, _VERBATIM):
            yield Block(node.astext())
        elif isinstance(node, nodes.line_block):
            yield Block("\n".join(line.astext() for line in node.findall(nodes.line)))
        elif isinstance(node, nodes.table):
            yield from self._table(node)
        elif isinstance(node, nodes.bullet_list | nodes.enumerated_list):
            yield from self._list(node)
        elif isinstance(node, nodes.TextElement):
            if text := " ".join(node.astext().split()):
                yield Block(text)
        elif isinstance(node, nodes.Admonition) and not isinstance(node, nodes.system_message):
            yield Block(f"{node.tagname.capitalize()}: {self._text(node)}")
        elif isinstance(node, _NAMED):
            yield Block(self._write_term(node))
        else:
            yield from self.blocks(node, depth)

    def _list(self, listed: nodes.Element) -> Iterator[Block]:
        number = int(listed.get("start", 1))
        kind = _NUMBERED.get(str(listed.get("enumtype")), "decimal")
        for item in listed.children:
            if isinstance(item, nodes.list_item):
                label = "•"
                if isinstance(listed, nodes.enumerated_list):
                    label = f"{listed.get('prefix', '')}{write_number(number, kind)}{listed.get('suffix', '.')}"
                number += 1
                yield Block(f"{label} {self._text(item)}")

    def _table(self, table: nodes.table) -> Iterator[Block]:
        for title in table.findall(nodes.title):
            yield Block(" ".join(title.astext().split()))
        for row in table.findall(nodes.row):
            cells = [self._text(entry).replace("\n", " ") for entry in row.children if isinstance(entry, nodes.entry)]
            if any(cells):
                yield Block(" | ".join(cells))

    def _write_term(self, item: nodes.Element) -> str:
        """Return "term: what it means"."""
        first, *rest = [child for child in item.children if isinstance(child, nodes.Element)] or [item]
        holder = nodes.container()
        holder.children = list(rest)
        said = self._text(holder)
        name = " ".join(first.astext().split())
        return f"{name}: {said}" if said else name

    def _text(self, node: nodes.Element) -> str:
        return "\n".join(block.text for block in self.blocks(node) if block.text)

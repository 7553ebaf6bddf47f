"""reStructuredText is read as docutils and Sphinx show it; Jupyter notebooks cell by cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.reading.pieces import About
from tests.plugins.text.reading import items, pieces, refusal

TEXT = """
Museum
======

.. contents::

We open at :ref:`nine <hours>` by :class:`~a.b.Clock`. See |place|.

.. |place| replace:: the old harbour

Hours
-----

1. Monday
2. Tuesday

.. note:: Closed in May.

.. code-block:: python
   :linenos:

   def f():
       return 1

.. toctree::

   a

.. versionadded:: 3.2

term
   meaning

+-----+-----+
| Who | Fee |
+=====+=====+
| Kid | 5   |
+-----+-----+

.. image:: a.png

.. py:function:: spam(eggs)

   Makes spam.

.. HIDDEN
"""


def test_headings_roles_and_directives_are_resolved_and_code_is_kept(tmp_path: Path) -> None:
    assert [(piece.headings, piece.text) for piece in pieces(tmp_path, "a.rst", TEXT)] == [
        (("Museum",), "We open at nine by Clock. See the old harbour."),
        (("Museum", "Hours"), "1. Monday"),
        (("Museum", "Hours"), "2. Tuesday"),
        (("Museum", "Hours"), "Note: Closed in May."),
        (("Museum", "Hours"), "def f():\n    return 1"),
        (("Museum", "Hours"), "New in version 3.2"),
        (("Museum", "Hours"), "term: meaning"),
        (("Museum", "Hours"), "Who | Fee"),
        (("Museum", "Hours"), "Kid | 5"),
        (("Museum", "Hours"), "spam(eggs)"),
        (("Museum", "Hours"), "Makes spam."),
    ]
    assert items(tmp_path, "a.rst", TEXT)[-1] == About(notes=("1 picture was left out.",))


@pytest.mark.parametrize("text", [".. include:: /etc/passwd\n\nSeen.", ".. raw:: html\n   :file: /etc/passwd\n\nSeen."])
def test_no_other_file_is_read(tmp_path: Path, text: str) -> None:
    assert [piece.text for piece in pieces(tmp_path, "a.rst", text)] == ["Seen."]


def test_what_docutils_gives_up_on_is_read_as_plain_text(tmp_path: Path) -> None:
    text = "> " * 3000 + "deep\n" + "".join(f"{' ' * depth}- x\n\n" for depth in range(0, 1200, 2))
    assert pieces(tmp_path, "a.rst", text)


def notebook(*cells: dict[str, object]) -> str:
    return json.dumps({"cells": cells, "nbformat": 4, "metadata": {}})


def test_a_notebook_gives_text_under_headings_and_code_with_its_results(tmp_path: Path) -> None:
    data = notebook(
        {"cell_type": "markdown", "source": ["# Costs\n", "\n", "What we pay.\n"]},
        {
            "cell_type": "code",
            "source": ["2 + 2"],
            "outputs": [
                {"output_type": "execute_result", "data": {"text/plain": ["4"]}},
                {"output_type": "display_data", "data": {"image/png": "aa", "text/plain": "<Figure>"}},
                {"output_type": "stream", "text": ["done\n"]},
            ],
        },
        {"cell_type": "code", "source": "1 / 0", "outputs": [{"output_type": "error", "ename": "E", "evalue": "by 0"}]},
    )
    assert [(piece.headings, piece.text, piece.locator) for piece in pieces(tmp_path, "a.ipynb", data)] == [
        (("Costs",), "What we pay.", "cell 1"),
        (("Costs",), "2 + 2\n→ 4\n→ done", "cell 2"),
        (("Costs",), "1 / 0\n→ E: by 0", "cell 3"),
    ]
    assert About(notes=("1 picture was left out.",)) in items(tmp_path, "a.ipynb", data)


def test_what_is_no_notebook_is_said_to_be_none(tmp_path: Path) -> None:
    assert "not a Jupyter notebook" in refusal(tmp_path, "a.ipynb", b'{"worksheets": []}')


def test_outputs_of_every_kind_are_read_as_a_notebook_shows_them(tmp_path: Path) -> None:
    def shown(**data: object) -> dict[str, object]:
        return {"output_type": "display_data", "data": {key.replace("_", "/"): value for key, value in data.items()}}

    outputs: tuple[dict[str, object], ...] = (
        {"output_type": "stream", "text": "\x1b[31mred\x1b[0m\n 50%|##  |\r100%|####|\n"},
        shown(text_markdown="**total** 7", text_plain="<IPython.core.display.Markdown object>"),
        shown(text_html="<b>Only</b> a page<script>x</script>", text_plain="<IPython.core.display.HTML object>"),
        shown(text_latex="$x^2$"),
        {"output_type": "display_data", "data": {"application/vnd.plotly.v1+json": {}, "text/plain": "Figure"}},
    )
    pasted: dict[str, object] = {
        "cell_type": "markdown",
        "source": "See:",
        "attachments": {"a.png": {"image/png": "aa"}},
    }
    data = notebook({"cell_type": "code", "source": "f()", "outputs": outputs}, pasted)
    assert [piece.text for piece in pieces(tmp_path, "a.ipynb", data)] == [
        "f()\n→ red\n100%|####|\n→ **total** 7\n→ Only a page\n→ $x^2$",
        "See:",
    ]
    assert About(notes=("2 pictures were left out.",)) in items(tmp_path, "a.ipynb", data)


def test_captions_are_read_and_what_stands_elsewhere_is_said_to_be_left_out(tmp_path: Path) -> None:
    text = (
        ".. list-table:: Prices\n\n   * - Tea\n     - 2\n\n.. code-block:: python\n   :caption: run.py\n\n   run()\n\n"
        ".. include:: secret.txt\n\n.. raw:: html\n\n   <b>x</b>\n\n.. only:: html\n\n   On the web.\n"
    )
    assert [piece.text for piece in pieces(tmp_path, "a.rst", text)] == [
        "Prices", "Tea | 2", "run.py", "run()", "On the web.",
    ]  # fmt: skip
    assert About(notes=("1 included file and 1 raw block were left out.",)) in items(tmp_path, "a.rst", text)

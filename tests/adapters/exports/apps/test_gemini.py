"""Gemini's activity: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.exports.apps.reading import read_one


def test_geminis_answers_stand_behind_what_was_asked(tmp_path: Path) -> None:
    answer = [{"html": "<p>At <b>nine</b>.</p><ul><li>bring a coat</li></ul>"}]
    record = {
        "header": "Gemini Apps",
        "title": "Prompted when?",
        "time": "2024-05-03T21:14:05Z",
        "safeHtmlItem": answer,
    }
    _, said = read_one(tmp_path, "MyActivity.json", [record])

    assert [(each.author, each.text) for each in said] == [("You", "when?"), ("Gemini", "At nine.\n- bring a coat")]

"""Subtitles: tags are left out, and captions that roll are said once."""

from __future__ import annotations

from pathlib import Path

from tests.plugins.text.reading import pieces

ROLLING = """WEBVTT

00:00:00.000 --> 00:00:02.000
hello<00:00:01.000><c> world</c>

00:00:02.000 --> 00:00:02.010
hello world

00:00:02.010 --> 00:00:04.000
hello world
this<00:00:03.000><c> is</c><00:00:03.500><c> new</c>

00:00:04.000 --> 00:00:04.010
this is new

00:00:04.010 --> 00:00:06.000
this is new
and the end
"""


def said(folder: Path, name: str, text: str) -> str:
    return "\n".join(piece.text for piece in pieces(folder, name, text))


def test_captions_that_roll_are_said_once(tmp_path: Path) -> None:
    assert said(tmp_path, "a.vtt", ROLLING) == "hello world\nthis is new\nand the end"


def test_who_says_the_same_twice_is_heard_twice(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nNo!\n\n2\n00:00:02,100 --> 00:00:03,000\nNo!\n"
    assert said(tmp_path, "a.srt", text) == "No!\nNo!"


def test_tags_are_left_out_and_voices_named(tmp_path: Path) -> None:
    srt = '1\n00:00:01,000 --> 00:00:02,000\n<font color="#ff0">{\\an8}Hi, <b>you</b></font> &amp; me: 3 < 4\n'
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Ann>We open at <c.big>nine</c>.</v>\n"
    assert said(tmp_path, "a.srt", srt) == "Hi, you & me: 3 < 4"
    assert said(tmp_path, "a.vtt", vtt) == "Ann: We open at nine."

"""Subtitles: tags are left out, and captions that roll are said once."""

from __future__ import annotations

from pathlib import Path

from bot.reading.pieces import About
from tests.plugins.text.reading import items, pieces

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


def test_of_drawings_layers_and_invisible_letters_only_what_is_seen_is_read(tmp_path: Path) -> None:
    lines = (
        (0, "{\\p1}m 0 0 l 100 0 100 100{\\p0}"),
        (0, "Shown {\\k20}on{\\k30}ce"),
        (1, "Shown once"),
        (1, "{\\an8\\alpha&HFF&}HIDDEN"),
    )
    events = "".join(f"Dialogue: {layer},0:00:01.00,0:00:02.00,Default,,0,0,0,,{text}\n" for layer, text in lines)
    ass = (
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n\n[Events]\n"
        f"Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n{events}"
    )
    assert said(tmp_path, "a.ass", ass) == "Shown once"
    assert About(notes=("1 hidden text was left out.",)) in items(tmp_path, "a.ass", ass)


def test_how_a_word_is_spoken_is_not_said_again(tmp_path: Path) -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nThe <ruby>漢<rt>kan</rt>字<rt>ji</rt></ruby> here\n"
    assert said(tmp_path, "a.vtt", vtt) == "The 漢字 here"

"""Backups of text messages: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ImportRefused
from tests.adapters.exports.apps.reading import files_of, read_chats


def test_text_messages_are_told_apart_by_their_conversations_and_group_messages_by_their_senders(
    tmp_path: Path,
) -> None:
    backup = """<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<smses count="4">
  <sms address="+1555" date="1714770845000" type="1" body="hi &#55356;&#57225; &amp; bye" contact_name="Bob" />
  <sms address="+1777" date="1714770846000" type="2" body="hello" contact_name="(Unknown)" />
  <sms address="+1555" date="1714770847000" type="2" body="yes" contact_name="Bob" />
  <mms address="+1555~+1777" date="1714770848000" msg_box="1" sub="null" contact_name="Bob, Zoe"><parts>
    <part seq="-1" ct="application/smil" text="x" /><part seq="0" ct="text/plain" text="look" />
    <part seq="0" ct="image/jpeg" name="null" cl="1.jpg" data="AAAA" /></parts>
    <addrs><addr address="+1777" type="137" /><addr address="+1555" type="151" /></addrs></mms>
</smses>
"""
    path = tmp_path / "sms-2024.xml"
    path.write_text(backup, "utf-8")
    found = [(chat.title, chat.kind, [(m.author, m.text) for m in said]) for chat, said in read_chats(path)]

    assert found == [
        ("Bob", "direct", [("Bob", "hi 🎉 & bye"), ("Me", "yes")]),
        ("+1777", "direct", [("Me", "hello")]),
        ("Bob, Zoe", "group", [("Zoe", "look")]),
    ]
    assert files_of(read_chats(path)[2][1][0]) == [("image", "1.jpg", False)]


def test_texts_that_failed_or_are_drafts_are_ones_own(tmp_path: Path) -> None:
    sms = "".join(
        f'<sms address="+1555" date="171477084500{n}" type="{n}" body="{n}" contact_name="Bob" />' for n in "13456"
    )
    path = tmp_path / "sms.xml"
    path.write_text(f"<smses>{sms}</smses>", "utf-8")
    ((_, said),) = read_chats(path)

    assert [(each.author, each.text) for each in said] == [("Bob", "1"), *(("Me", n) for n in "3456")]


def test_entities_in_a_backup_are_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "sms.xml"
    path.write_text('<!DOCTYPE x [<!ENTITY a "b">]>\n<smses><sms address="1" date="1" type="1" body="&a;"/></smses>')
    with pytest.raises(ImportRefused, match="entities"):
        read_chats(path)

"""What DiscordChatExporter writes as HTML or text is read as its JSON is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.exports.discord.page import DiscordPage
from adapters.exports.discord.text import DiscordText
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions

OPTIONS = ParseOptions(timezone=UTC)
FIRST, SECOND = "1236048134799360001", "1236048386457600002"
"""Ids of 3 May 2024, 20:14 and 20:15 UTC."""
HEAD = "<!DOCTYPE html><html><head><title>Friends - general</title><style>.chatlog__x{}</style></head><body>"


def message(identity: str, inside: str, author: str = "") -> str:
    header = f'<span class="chatlog__author" title="x" data-user-id="11">{author}</span>' if author else ""
    return (
        f'<div id="chatlog__message-container-{identity}" class="chatlog__message-container" '
        f'data-message-id="{identity}"><div class="chatlog__message">{header}{inside}</div></div>'
    )


def words(said: str) -> str:
    return f'<div class="chatlog__content">\n  <span class="chatlog__markdown-preserve">{said}</span>\n</div>'


def page(folder: Path, *messages: str, name: str = "Friends - general [77000000000000000].html") -> ParsedChat:
    group = f'<div class="chatlog__message-group">{"".join(messages)}</div>'
    path = folder / name
    path.write_text(f'{HEAD}<div class="chatlog">{group}</div></body></html>', "utf-8")
    (chat,) = [read_whole(chat) for chat in DiscordPage().open(path, OPTIONS)]
    return chat


def read_whole(chat: ParsedChat) -> ParsedChat:
    chat.messages = iter(list(chat.messages))
    return chat


def texts(chat: ParsedChat) -> list[str]:
    return [each.text for each in chat.messages]


def text_messages(folder: Path, *messages: str) -> list[ParsedMessage]:
    rule = "=" * 62
    path = folder / "general.txt"
    head = f"{rule}\nGuild: Friends\nChannel: Text / general\nTopic: trips\n{rule}\n\n"
    path.write_text(f"{head}{''.join(messages)}{rule}\nExported 2 message(s)\n{rule}\n", "utf-8")
    return [each for chat in DiscordText().open(path, OPTIONS) for each in chat.messages]


def test_messages_of_a_page_have_the_ids_names_and_times_that_json_gives_them(tmp_path: Path) -> None:
    chat = page(tmp_path, message(FIRST, words("hello"), "Mara"), message(SECOND, words("and\nagain")))
    first, second = chat.messages
    assert (chat.title, chat.external_id, chat.platform) == ("Friends #general", "77000000000000000", "discord")
    assert (first.author, first.author_id, first.text) == ("Mara", "11", "hello")
    assert (second.author, second.text) == ("Mara", "and\nagain")
    assert first.external_id == f"77000000000000000:{FIRST}"
    assert [each.sent_at.replace(second=0, microsecond=0) for each in (first, second)] == [
        datetime(2024, 5, 3, 20, 14, tzinfo=UTC),
        datetime(2024, 5, 3, 20, 15, tzinfo=UTC),
    ]


def test_markup_of_a_page_is_read_as_people_see_it(tmp_path: Path) -> None:
    said = (
        'see <a href="https://a.example">this</a> <img class="chatlog__emoji" alt="😀" title="grin"> '
        '<img class="chatlog__emoji" alt="jay" title="jay"><div class="chatlog__markdown-quote">quoted</div>'
        '<a href="https://b.example">https://b.example</a><div class="chatlog__markdown-pre">x = 1</div>'
    )
    assert texts(page(tmp_path, message(FIRST, words(said), "Mara"))) == [
        "see this (https://a.example) 😀 :jay:\nquoted\nhttps://b.example\nx = 1"
    ]


def test_an_embed_is_part_of_the_words_unless_it_previews_a_link_in_them(tmp_path: Path) -> None:
    embed = (
        '<div class="chatlog__embed"><div class="chatlog__embed-title"><a class="chatlog__embed-title-link" '
        'href="https://b.example">{}</a></div><div class="chatlog__embed-description">'
        '<div class="chatlog__markdown-preserve">Line {}</div></div></div>'
    )
    link = '<a href="https://b.example">https://b.example</a>'
    previewed = message(FIRST, words(link) + embed.format("Preview", 1), "Mara")
    alone = message(SECOND, embed.format("Build passed", 2), "Bot")
    assert texts(page(tmp_path, previewed, alone)) == ["https://b.example", "Build passed\nLine 2"]


def test_answers_files_notices_and_reactions_are_told_apart(tmp_path: Path) -> None:
    quoted = (
        '<div class="chatlog__reply"><div class="chatlog__reply-author">Tom</div><div class="chatlog__reply-content">'
        f'<span class="chatlog__reply-link" onclick="scrollToMessage(event, \'{FIRST}\')">hello</span></div></div>'
    )
    file = (
        '<div class="chatlog__attachment"><div class="chatlog__attachment-generic-name">'
        '<a href="https://cdn.example/1/plan.pdf?x=1"> plan.pdf </a></div></div>'
    )
    liked = '<div class="chatlog__reactions"><div class="chatlog__reaction">👍<span>2</span></div></div>'
    notice = (
        '<span class="chatlog__system-notification-author" data-user-id="12">Ann</span><span> </span>'
        '<span class="chatlog__system-notification-content"><span>pinned </span><a>a message</a></span>'
    )
    answer, told = page(
        tmp_path, message(FIRST, quoted + words("yes") + file + liked, "Mara"), message(SECOND, notice)
    ).messages
    assert (answer.author, answer.text, answer.reply_to) == ("Mara", "yes", f"77000000000000000:{FIRST}")
    assert [(each.name, each.kind, each.omitted) for each in answer.attachments] == [("plan.pdf", "document", True)]
    assert (told.kind, told.author, told.text) == ("system", None, "Ann: pinned a message")


def test_a_page_of_an_older_version_names_the_author_before_the_first_message(tmp_path: Path) -> None:
    older = (
        '<div class="chatlog__messages"><span class="chatlog__author-name" title="Mara#1234" data-user-id="11">'
        f'Mara#1234</span><div class="chatlog__message" data-message-id="{FIRST}" id="message-{FIRST}">'
        '<div class="chatlog__content"><div class="markdown"><span class="preserve-whitespace">old</span></div></div>'
        "</div></div>"
    )
    chat = page(tmp_path, older, name="general.html")
    assert [(each.author, each.text) for each in chat.messages] == [("Mara", "old")]
    assert chat.external_id is None


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("5/13/2024 9:14 PM", (2024, 5, 13, 21, 14)),
        ("13/05/2024 21:14", (2024, 5, 13, 21, 14)),
        ("13.05.2024 21:14", (2024, 5, 13, 21, 14)),
        ("2024-05-13 21:14:05", (2024, 5, 13, 21, 14)),
        ("13-May-24 09:14 PM", (2024, 5, 13, 21, 14)),
        ("13/05/2024, 21:14", (2024, 5, 13, 21, 14)),
    ],
)
def test_a_text_has_its_times_in_the_form_of_whoever_exported_it(
    tmp_path: Path, stamp: str, day: tuple[int, int, int, int, int]
) -> None:
    (found,) = text_messages(tmp_path, f"[{stamp}] mara#1234 (pinned)\nhello\n\n[not a time] said\n\n\n")
    assert (found.author, found.text) == ("mara", "hello\n\n[not a time] said")
    assert found.sent_at.replace(second=0) == datetime(*day, tzinfo=UTC)


def test_what_hangs_on_a_message_of_a_text_is_no_part_of_its_words(tmp_path: Path) -> None:
    said, notice = text_messages(
        tmp_path,
        "[13/05/2024 21:14] mara\nlook: https://a.example\n\n{Attachments}\nhttps://cdn.example/1/plan.pdf\n\n"
        "{Embed}\nhttps://a.example\nPreview\n\n{Embed}\nBuild passed\n\n{Stickers}\nhttps://cdn.example/s.png\n\n"
        "{Reactions}\n👍 (2) 🎉\n\n",
        "[13/05/2024 21:15] tom\nPinned a message.\n\n\n",
    )
    assert said.text == "look: https://a.example\nBuild passed"
    assert [(each.name, each.kind) for each in said.attachments] == [("plan.pdf", "document"), (None, "sticker")]
    assert (notice.kind, notice.text) == ("system", "tom: Pinned a message.")


def test_the_dates_of_a_text_decide_together_whether_the_day_or_the_month_comes_first(tmp_path: Path) -> None:
    found = text_messages(tmp_path, "[3/5/2024 21:14] mara\na\n\n\n", "[14/5/2024 21:14] mara\nb\n\n\n")
    assert [(each.sent_at.month, each.sent_at.day) for each in found] == [(5, 3), (5, 14)]

"""Discord's data packages: what they hold beside words, and their oddities."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.adapters.exports.apps.reading import read_chats


def test_a_data_package_of_discord_has_folders_in_the_language_of_its_account(tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    row = [{"ID": 7, "Timestamp": "2024-05-03 21:14:05", "Contents": "hello", "Attachments": ""}]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Nachrichten/c1/messages.json", json.dumps(row))
        archive.writestr("Nachrichten/c1/channel.json", json.dumps({"id": "1", "type": "DM"}))
        archive.writestr("Nachrichten/index.json", json.dumps({"1": "Direct Message with bob"}))
        archive.writestr("Konto/user.json", json.dumps({"id": "9", "username": "ana"}))
    ((chat, said),) = read_chats(path)

    assert (chat.title, [(each.author, each.text) for each in said]) == ("Direct Message with bob", [("ana", "hello")])

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrubjay_birthdays.days import Day, read_day
from scrubjay_birthdays.plugin import Birthdays
from scrubjay_birthdays.vcard import birthdays

from bot import Attachment
from bot.testing import FakeAdapter, chat

CONTACTS = """BEGIN:VCARD
VERSION:4.0
FN:Mara
  Silva
BDAY:19900503
END:VCARD
BEGIN:VCARD
FN;CHARSET=UTF-8:Tom\\, the tall
item1.BDAY;VALUE=date:--02-29
END:VCARD
BEGIN:VCARD
FN:Nobody
END:VCARD
"""


async def test_it_congratulates_once_a_year_where_it_was_told(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Birthdays()]) as ann:
        assert await ann.says("/birthday Mara 5 May") == ["I keep in mind that Mara's birthday is 5 May."]
        assert await ann.says('/birthday "Tom T" 02-29') == ["I keep in mind that Tom T's birthday is 29 February."]
        assert await ann.says("/birthdays") == ["- 29 February: Tom T\n- 5 May: Mara"]
        assert await ann.waits_until(datetime(2024, 5, 5, 9, tzinfo=UTC)) == ["🎂 Happy birthday, Mara!"]
        assert await ann.waits_until(datetime(2025, 2, 28, 9, tzinfo=UTC)) == ["🎂 Happy birthday, Tom T!"]
        assert await ann.waits_until(datetime(2025, 5, 5, 9, tzinfo=UTC)) == ["🎂 Happy birthday, Mara!"]


async def test_a_birthday_that_is_told_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Birthdays()]) as ann:
        await ann.says("/birthday Mara 5 May")
        await ann.says("/birthday Mara 6 May")
        assert await ann.says("/birthdays") == ["- 6 May: Mara"]
        assert await ann.waits_until(datetime(2024, 5, 5, 9, tzinfo=UTC)) == []
        assert await ann.waits_until(datetime(2024, 5, 6, 9, tzinfo=UTC)) == ["🎂 Happy birthday, Mara!"]


async def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Birthdays()]) as ann:
        assert await ann.says("/birthday Mara 31 June") == ["“31 June” is not a day; write it as 3 May, or 05-03."]
        assert await ann.says("/birthdays") == ["I keep no birthdays here yet."]


async def test_contacts_that_are_sent_are_read(tmp_path: Path) -> None:
    adapter = FakeAdapter(files={"ref": CONTACTS.encode()})
    async with chat(tmp_path, plugins=[Birthdays()], adapter=adapter) as ann:
        await ann.says("", Attachment("contacts.vcf", "text/vcard", "ref", len(CONTACTS)))
        (answer,) = await ann.says("When is Mara Silva's birthday?")
        assert "3 May" in answer


def test_vcards_are_read_as_their_standard_has_them() -> None:
    assert list(birthdays(CONTACTS)) == [("Mara Silva", Day(5, 3)), ("Tom, the tall", Day(2, 29))]
    with pytest.raises(ValueError, match="no contact"):
        list(birthdays("nothing"))


@pytest.mark.parametrize(
    ("text", "day"),
    [("3 May", Day(5, 3)), ("May 3", Day(5, 3)), ("3. september", Day(9, 3)), ("05-03", Day(5, 3)), ("soon", None)],
)
def test_days_are_read_as_people_write_them(text: str, day: Day | None) -> None:
    assert read_day(text) == day

"""Mailboxes: what they hold beside words, and their oddities."""

from __future__ import annotations

from pathlib import Path

from tests.adapters.exports.apps.reading import files_of, read_one


def test_mails_are_folded_and_linked_to_what_they_answer(tmp_path: Path) -> None:
    text = """From x@y Fri May  3 21:14:05 2024
From: =?utf-8?q?=C3=89lodie?= <e@x.org>
Date: Fri, 3 May 2024 21:14:05 +0200
Subject: Trip
Message-ID: <1@x>
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

When do we leave?
>From here it takes an hour.
--b
Content-Type: application/pdf; name=plan.pdf
Content-Disposition: attachment; filename=plan.pdf

x
--b--

From x@y Fri May  3 21:15:05 2024
From: bob@x.org
Date: Fri, 3 May 2024 19:15:05 +0000
In-Reply-To: <1@x>
References: <1@x>
Subject: Re: Trip

At nine.

On Fri, 3 May 2024 Elodie wrote:
> When do we leave?
"""
    chat, said = read_one(tmp_path, "Trip.mbox", text)

    assert (chat.title, said[0].author) == ("Trip", "Élodie")
    assert said[0].text.startswith("Trip\n\nWhen do we leave?")
    assert files_of(said[0]) == [("document", "plan.pdf", False)]
    assert (said[1].author, said[1].text) == ("bob@x.org", "Re: Trip\n\nAt nine.")
    assert (said[0].external_id, said[1].reply_to, said[1].thread) == ("1@x", "1@x", "1@x")

from __future__ import annotations

import pytest

from memory.addresses import check_server_address, without_password


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://scrubjay@db.example/scrubjay",
        "postgres://scrubjay:secret@db.example:5433/scrubjay",
        "postgresql://scrubjay@one.example,two.example:5433/scrubjay",
        "postgresql://scrubjay@[::1]:5432/scrubjay",
        "postgresql://scrubjay@münchen.example/scrubjay",
        "postgresql:///scrubjay?host=/run/postgresql",
    ],
)
def test_an_address_of_a_server_is_taken_as_it_is(address: str) -> None:
    assert check_server_address(address) == address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://db.example/scrubjay", "write it as"),
        ("postgresql:scrubjay", "write it as"),
        ("postgresql://db.example:abc/scrubjay", '"abc" is no port'),
        ("postgresql://jay:secret@one.example,two.example:70000/scrubjay", '"70000" is no port'),
        ("postgresql://[::1]:0/scrubjay", '"0" is no port'),
        ("postgresql://db..example/scrubjay", '"db..example" can\'t be the name of a server'),
    ],
)
def test_what_is_no_address_of_a_server_is_told(address: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"port|write|name") as caught:
        check_server_address(address)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_an_address_is_shown_without_its_password() -> None:
    shown = without_password("postgresql://jay:secret@db.example/scrubjay?password=secret&sslmode=require")
    assert shown == "postgresql://jay@db.example/scrubjay?sslmode=require"

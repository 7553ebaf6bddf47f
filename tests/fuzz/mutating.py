"""Makes bad input of good: pieces cut out, doubled, exchanged, and what parsers stumble over put in."""

from __future__ import annotations

from random import Random

_LONGEST = 20_000
_SPLINTERS = (
    b"\x00", b"\xff", b"\xff\xfe", b"\xed\xa0\xbd", b"\xed\xb8\x80", b"\xe2\x80\x8e", b"\xe2\x80\xae", b"\xcc\x88",
    b"<", b"</", b">", b"&#x0;", b"]]>", b"<!--", b"{", b"}", b"[", b"]", b"(", b")", b'"', b"'", b"\\", b"\\u0000",
    b"\\ud83d", b"`", b"```", b"**", b"|", b"%", b"%00", b"@", b"#", b"://", b"\r", b"\n", b"\n\n", b"\t", b" ", b",",
    b";", b":", b"-", b"=", b"0", b"-1", b"1e999", b"NaN", b"null", b"true", b"9" * 40, b"2147483648", b"99:99",
    b"18446744073709551616", b"0000-00-00", b"<|im_start|>", b"</think>", b"[1]", b"[999]", "【1】".encode(), b"../",
    b"charset=utf-7", b"punycode", b"<p>" * 40, b"(" * 90,
)  # fmt: skip


def mutate(seeds: tuple[bytes, ...], random: Random) -> bytes:
    """Return a seed with one to eight changes; some are put together of two."""
    data = bytearray(random.choice(seeds))
    for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
        start = random.randint(0, len(data))
        end = min(len(data), start + random.choice((1, 1, 2, 4, 16, 64, 400)))
        match random.randrange(8):
            case 0:
                del data[start:end]
            case 1 | 2:
                data[start:start] = random.choice(_SPLINTERS)
            case 3:
                data[start:end] = random.choice(_SPLINTERS)
            case 4:
                data[start:start] = data[start:end] * random.choice((1, 2, 30))
            case 5:
                data[start:end] = random.randbytes(end - start)
            case 6 if start < len(data):
                data[start] ^= 1 << random.randrange(8)
            case _:
                other = random.choice(seeds)
                at = random.randint(0, len(other))
                data[start:end] = other[at : at + random.choice((4, 40, 400))]
    return bytes(data[:_LONGEST])

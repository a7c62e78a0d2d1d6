"""2: every Ping is answered by a Pong with its payload, and a Pong by nothing."""

from typing import Final

from tests.rfc6455.table.case import NORMAL, PROTOCOL_ERROR, Case, close, ping, pong, text

PAYLOADS: Final = {
    "nothing": b"",
    "text": b"are you there?",
    "no UTF-8": b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff",
    "124 bytes": b"\xfe" * 124,
    "125 bytes": b"\xfe" * 125,
}
MANY: Final = tuple(b"ping %d" % number for number in range(10))

CASES: Final = [
    *(
        Case(f"2.1 a Ping with {name}", "5.5.2", (ping(payload),), pongs=(payload,))
        for name, payload in PAYLOADS.items()
    ),
    *(
        Case(
            f"2.2 a Ping of {n} bytes",
            "5.5",
            (ping(b"x" * n), text(b"late")),
            status=PROTOCOL_ERROR,
        )
        for n in (126, 127, 65_536)
    ),
    Case("2.3 a Pong of 126 bytes", "5.5", (pong(b"x" * 126),), status=PROTOCOL_ERROR),
    *(
        Case(
            f"2.4 a Ping whose length takes {n} bytes",
            "5.5",
            (ping(b"abc", length_bytes=n),),
            status=PROTOCOL_ERROR,
        )
        for n in (2, 8)
    ),
    *(
        Case(f"2.5 a Pong that nobody asked for, with {name}", "5.5.3", (pong(payload),))
        for name, payload in PAYLOADS.items()
    ),
    Case("2.6 a Pong, then a Ping", "5.5.3", (pong(b"unasked"), ping(b"asked")), pongs=(b"asked",)),
    Case("2.7 ten Pings", "5.5.2", tuple(map(ping, MANY)), pongs=MANY),
    Case(
        "2.8 ten Pings among messages",
        "5.5.2",
        tuple(frame for payload in MANY for frame in (ping(payload), text(payload[::-1]))),
        tuple(payload[::-1] for payload in MANY),
        MANY,
    ),
    Case(
        "2.9 a Ping, then a Close",
        "5.5.2",
        (ping(b"last"), close(1000)),
        pongs=(b"last",),
        status=NORMAL,
    ),
    Case("2.10 two empty Pings are two", "5.5.2", (ping(), ping()), pongs=(b"", b"")),
]

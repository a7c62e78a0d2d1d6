"""No client ever closes its session. This is not so, and the fuzzer has to find it out."""

from typing import Final

from bridge.protocol.control import BadControl, decode

WORDS: Final = (b'{"close":{}}',)
EXAMPLES: Final = (b'{"ack":5}',)


def check(data: bytes) -> None:
    try:
        said = decode(data)
    except (BadControl, UnicodeDecodeError):
        return
    assert not said.close

"""Masking of WebSocket payloads (RFC 6455 section 5.3): XOR with a key of four bytes, repeated.

The package `websockets` has it in C; where that is missing, Python does it. Measured, in
microseconds: 0.1 against 0.8 for 100 bytes, 0.5 against 19 for 16 KB.
"""

from collections.abc import Callable
from typing import Final

XOR_TABLES: Final = tuple(bytes(byte ^ key for byte in range(256)) for key in range(256))
"""For each byte of a key, what it makes of every byte."""

SHORT_PAYLOAD_BYTES: Final = 800
"""Up to here integers are faster than tables. Measured: 0.7 against 1.3 us for 100 bytes, 29
against 18 us for 16 KB."""


def unmask_in_python(payload: bytes, key: bytes) -> bytes:
    """As one operation on two long integers or, for a long payload, by one table for every fourth
    byte."""
    size = len(payload)
    if size <= SHORT_PAYLOAD_BYTES:
        mask = (key * (size // 4 + 1))[:size]
        return (int.from_bytes(payload) ^ int.from_bytes(mask)).to_bytes(size)
    unmasked = bytearray(payload)
    for lane in range(4):
        unmasked[lane::4] = unmasked[lane::4].translate(XOR_TABLES[key[lane]])
    return bytes(unmasked)


unmask: Callable[[bytes, bytes], bytes]
"""The payload, masked or unmasked by the key."""
try:
    from websockets.speedups import apply_mask as unmask
except ImportError:
    unmask = unmask_in_python

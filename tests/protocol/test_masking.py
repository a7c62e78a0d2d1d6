"""Masking is the XOR of RFC 6455 section 5.3, in C and in Python."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol import masking
from bridge.protocol.masking import SHORT_PAYLOAD_BYTES, unmask_in_python

SOURCE = Path(__file__).parents[2] / "bridge/protocol/masking.py"
KEY = b"\x11\x22\x33\x44"
Unmask = Callable[[bytes, bytes], bytes]

both_ways = pytest.mark.parametrize("unmask", [masking.unmask, unmask_in_python])
keys = st.binary(min_size=4, max_size=4)


def xored(payload: bytes, key: bytes) -> bytes:
    """Octet by octet."""
    return bytes(octet ^ key[index % 4] for index, octet in enumerate(payload))


@both_ways
@given(payload=st.binary(max_size=40), key=keys)
def test_unmasking_is_the_xor_of_the_rfc(unmask: Unmask, payload: bytes, key: bytes) -> None:
    assert unmask(payload, key) == xored(payload, key)


@both_ways
@pytest.mark.parametrize("size", range(SHORT_PAYLOAD_BYTES - 1, SHORT_PAYLOAD_BYTES + 5))
@pytest.mark.parametrize("key", [KEY, b"\x00\xff\x80\x01"])
def test_unmasking_is_the_same_for_a_long_payload(unmask: Unmask, size: int, key: bytes) -> None:
    payload = bytes(index % 251 for index in range(size))
    assert unmask(payload, key) == xored(payload, key)


def test_what_is_installed_unmasks_in_c() -> None:
    assert masking.unmask is not unmask_in_python


def test_without_it_python_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "websockets.speedups", None)
    names = runpy.run_path(str(SOURCE))
    assert names["unmask"] is names["unmask_in_python"]

"""Each target's promises can be broken: one line of the bridge is changed, and the corpus shows
it."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import pytest

from tests.fuzz import corpus
from tests.fuzz.target import NAMES, Target, target_named


def returning(value: object) -> Callable[..., Any]:
    """What always says this."""
    return lambda *_, **__: value


SABOTAGE: Final[dict[str, tuple[str, Any]]] = {
    "charset": ("bridge.protocol.charset.join", b"".join),
    "config": ("bridge.config.faults.on_one_line", str),
    "control": ("bridge.protocol.control.ClientControl", returning(None)),
    "domains": ("bridge.access.domains.Domain.matches", returning(True)),
    "forwarded": ("bridge.access.proxies.TrustedProxies.trusts", returning(True)),
    "frames": ("bridge.protocol.frame_reader.OPCODES", range(16)),
    "framing": ("bridge.protocol.framing.Pieces.take", returning(b"")),
    "handshake": ("bridge.protocol.handshake.is_nonce", returning(True)),
    "inflate": ("bridge.protocol.inflate.Inflater.finish", returning(None)),
    "json_bodies": ("bridge.protocol.json_body.count", returning(1)),
    "policy": ("bridge.access.policy.may_grant", returning(True)),
    "proxy_header": ("bridge.protocol.proxy_reader.MAX_LINE_BYTES", 10_000),
    "round_trip": ("bridge.protocol.frames.MAX_CONTROL_BYTES", 200),
    "tokens": ("jwt.api_jws.PyJWS._verify_signature", returning(None)),
    "upload": ("bridge.http.upload.MessageDecoder.unfinished", False),
    "v1_messages": ("bridge.protocol.v1_decoder.MessageDecoder.unfinished", False),
    "xml": ("bridge.protocol.xml_check.PROLOG", re.compile(b"")),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_promise_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target = target_named(name)
    monkeypatch.setattr(*SABOTAGE[name])
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is, it ends the fuzzer
        try_all(target, corpus.inputs(name))


def try_all(target: Target, inputs: Iterable[bytes]) -> None:
    for data in inputs:
        target.check(data)

"""The log tells why a message was refused without what is in it, whoever has looked at it."""

import pytest

from bridge.protocol.xml_check import XmlCheck
from bridge.protocol.xml_limits import XmlLimits
from bridge.protocol.xml_schema import Language, Schema
from bridge.tunnel.story import in_general

SCHEMA = b"""<element name="a" xmlns="http://relaxng.org/ns/structure/1.0"><empty/></element>"""
LIMITS = XmlLimits(
    max_depth=100, max_nodes=100, max_attributes=10, max_name_length=100, max_text_length=100
)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (b"<secret></a>", "the message is not one well-formed XML document"),
        (b"<a secret='1' secret='2'/>", "the message is not one well-formed XML document"),
        (b"<a>&secret;</a>", "the message is not one well-formed XML document"),
        (b"<p:secret/><p:secret/>", "the message is not one well-formed XML document"),
        (b"<secret>secret</secret>", "the message does not fit a.rng"),
        (b"<a secret='secret'/>", "the message does not fit line 1 of a.rng"),
        (
            b"<?xml version='1.0' encoding='secret'?><a/>",
            "the document declares the encoding '...', but messages are UTF-8",
        ),
    ],
)
def test_of_a_refused_message_only_the_kind_of_fault_is_told(message: bytes, told: str) -> None:
    check = XmlCheck(LIMITS, Schema(SCHEMA, Language.RELAX_NG, "a.rng"))
    fault = check(message)
    assert fault is not None
    assert in_general(fault.detail) == told

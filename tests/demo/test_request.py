"""Untrusted XML becomes one of five requests or an error, and reaches nothing outside itself."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from bridge.demo import reply
from bridge.demo.request import (
    Join,
    Ping,
    PolicyFileRequest,
    Request,
    RequestError,
    Say,
    Who,
    parse,
)


@pytest.mark.parametrize(
    ("message", "request_"),
    [
        ('<join name="ada"/>', Join("ada")),
        ("<join name='&lt;Zo&#xEB;>' colour='red'/>", Join("<Zoë>")),
        ("<join/>", Join("")),
        ("<say>hi</say>", Say("hi")),
        ("<say/>", Say("")),
        ("<say>a<b>b</b><!-- c --><?d e?><![CDATA[<f>]]></say>", Say("ab<f>")),
        ("<who/>", Who()),
        ("  <ping ></ping>\n", Ping()),
        ("<policy-file-request/>", PolicyFileRequest()),
        ('<?xml version="1.0" encoding="iso-8859-1"?><say>ü</say>', Say("ü")),
    ],
)
def test_a_request_is_known_by_its_root(message: str, request_: Request) -> None:
    assert parse(message.encode()) == request_


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"", "not-well-formed"),
        (b"<say>", "not-well-formed"),
        (b"<say>&undefined;</say>", "not-well-formed"),
        (b"<say>\xff</say>", "not-well-formed"),
        (b"<say>\x01</say>", "not-well-formed"),
        (b"<say>" + b"<b>" * 5000 + b"</b>" * 5000 + b"</say>", "not-well-formed"),
        (b"<SAY/>", "unknown-request"),
        (b'<say xmlns="urn:other"/>', "unknown-request"),
        (b"<!DOCTYPE say><say/>", "doctype-forbidden"),
        (b'<!DOCTYPE say [<!ENTITY a "b">]><say>&a;</say>', "doctype-forbidden"),
        (b'<!DOCTYPE say SYSTEM "http://127.0.0.1:9/x.dtd"><say/>', "doctype-forbidden"),
    ],
)
def test_what_is_no_request_is_an_error_with_a_code(message: bytes, code: str) -> None:
    with pytest.raises(RequestError) as refused:
        parse(message)
    assert refused.value.code == code


def test_no_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    entity = f'<!DOCTYPE say [<!ENTITY x SYSTEM "{secret.as_uri()}">]><say>&x;</say>'
    with pytest.raises(RequestError) as refused:
        parse(entity.encode())
    assert "secret" not in str(refused.value)


def test_entities_that_multiply_are_not_expanded() -> None:
    lines = [f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9)]
    bomb = f'<!DOCTYPE say [<!ENTITY e0 "x">{"".join(lines)}]><say a="&e9;">&e9;</say>'
    with pytest.raises(RequestError):
        parse(bomb.encode())


@given(st.binary() | st.text().map(lambda text: f"<say>{text}</say>".encode(errors="replace")))
@example(b"<\x01/>")
@example(b"<a b='\x02'/>")
def test_every_message_is_a_request_or_an_error_that_can_be_told(message: bytes) -> None:
    text, told = answered(message)
    assert (etree.fromstring(told).text or "") == text


def answered(message: bytes) -> tuple[str, bytes]:
    """What is told on because of the message: its text, and the reply that carries it."""
    try:
        request = parse(message)
    except RequestError as error:
        return str(error), reply.error(error.code, str(error))
    match request:
        case Say(text):
            return text, reply.said("ada", text)
        case Join(name):
            return "", reply.joined(name)
        case _:
            return "", reply.pong()

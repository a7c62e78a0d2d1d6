"""The first message to a daemon: whatever is filled in stays a value."""

import pytest

from bridge.protocol.greeting import Greeting


@pytest.fixture
def xml() -> Greeting:
    return Greeting(
        '<hello id="{session}" from="{address}"><user>{user}</user></hello>', is_xml=True
    )


@pytest.fixture
def text() -> Greeting:
    return Greeting("HELLO {session} {address} {user}", is_xml=False)


def test_a_greeting_names_the_client(text: Greeting) -> None:
    assert text.batch("a-1", "192.0.2.7", "ada") == b"HELLO a-1 192.0.2.7 ada\0"


def test_what_is_not_known_is_empty(xml: Greeting) -> None:
    assert xml.message("a-1", None, None) == '<hello id="a-1" from=""><user></user></hello>'


def test_braces_that_are_doubled_are_braces() -> None:
    greeting = Greeting('{{"user": "{user}"}}', is_xml=False)
    assert greeting.message("a-1", None, "ada") == '{"user": "ada"}'


@pytest.mark.parametrize(
    ("user", "written"),
    [
        ("<admin/>", "&lt;admin/&gt;"),
        ("\"&'", "&quot;&amp;&apos;"),
        ("J\u00fcrgen \u96ea\U0001f600", "J&#252;rgen &#38634;&#128512;"),
        ("a\0b\r\n\ud800\ufffe", "a&#65533;b" + "&#65533;" * 4),
        ("{session}", "{session}"),
    ],
)
def test_in_xml_a_value_is_no_markup(xml: Greeting, user: str, written: str) -> None:
    assert xml.message("s", "a", user) == f'<hello id="s" from="a"><user>{written}</user></hello>'


@pytest.mark.parametrize(
    ("user", "written"),
    [
        ("ada@example.com", "ada@example.com"),
        ("ada root", "ada%20root"),
        ("a\0b\r\n", "a%00b%0D%0A"),
        ('a"b%', "a%22b%25"),
        ("\u00fc\ud800", "%C3%BC%3F"),
        ("{session}", "%7Bsession%7D"),
    ],
)
def test_in_text_a_value_is_one_word(text: Greeting, user: str, written: str) -> None:
    assert text.message("s", "::1", user) == f"HELLO s ::1 {written}"

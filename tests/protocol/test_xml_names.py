"""The names of strangers' messages are let go, at the place where lxml keeps them."""

import ctypes
from typing import Any

from lxml import etree

from bridge.protocol.xml_check import XmlCheck
from bridge.protocol.xml_limits import XmlLimits
from bridge.protocol.xml_names import KEY, MAX_BYTES, NameDictionary, thread_state_dict


def thread_state() -> dict[str, Any]:
    """What this thread's state holds."""
    state: dict[str, Any] = ctypes.cast(thread_state_dict(), ctypes.py_object).value
    return state


def parsed(text: bytes) -> etree._Element:
    """The document, by a parser of its own."""
    return etree.fromstring(text, etree.XMLParser())


def test_lxml_keeps_its_dictionary_in_the_state_of_the_thread() -> None:
    thread_state().pop(KEY, None)
    parsed(b"<a/>")
    assert KEY in thread_state()


def test_the_dictionary_stays_until_enough_was_parsed() -> None:
    names = NameDictionary()
    parsed(b"<a/>")
    for size in (MAX_BYTES - 1, 1):
        names.grow(size)
        assert KEY in thread_state()
    names.grow(1)
    assert KEY not in thread_state()


def test_counting_begins_anew_with_the_message_that_comes_next() -> None:
    names = NameDictionary()
    names.grow(MAX_BYTES)
    names.grow(10)
    parsed(b"<a/>")
    names.grow(MAX_BYTES - 10)
    assert KEY in thread_state()
    names.grow(1)
    assert KEY not in thread_state()


def test_one_message_may_be_longer_than_all_that_is_kept() -> None:
    names = NameDictionary()
    for _ in range(2):
        parsed(b"<a/>")
        names.grow(2 * MAX_BYTES)
        assert KEY not in thread_state()


def test_letting_go_of_what_is_not_there_is_harmless() -> None:
    thread_state().pop(KEY, None)
    NameDictionary().grow(MAX_BYTES + 1)


def test_a_document_outlives_the_dictionary_it_was_parsed_with() -> None:
    document = parsed(b"<a><before b='1'/></a>")
    NameDictionary().grow(MAX_BYTES + 1)
    document.append(parsed(b"<after/>"))
    assert etree.tostring(document) == b'<a><before b="1"/><after/></a>'


def test_the_check_lets_the_names_of_its_messages_go() -> None:
    check = XmlCheck(XmlLimits(max_depth=9, max_nodes=9))
    long = b"<a>" + b"x" * (MAX_BYTES // 2) + b"</a>"
    check(long)
    first = thread_state()[KEY]
    check(b"<a/>")
    assert thread_state()[KEY] is first
    check(long)
    assert thread_state()[KEY] is not first

"""What the server says, each as one message without its zero byte."""

from collections.abc import Iterable

from lxml import etree


def welcome(name: str) -> bytes:
    """To the newcomer alone, before anything else."""
    return _message("welcome", name=name)


def joined(name: str) -> bytes:
    """Somebody took a name."""
    return _message("joined", name=name)


def left(name: str) -> bytes:
    """Somebody gave a name up or went."""
    return _message("left", name=name)


def said(name: str, text: str) -> bytes:
    """To everybody, the speaker included."""
    return _message("said", text, **{"from": name})


def people(names: Iterable[str]) -> bytes:
    """Everybody who is here, in the order of their coming."""
    root = etree.Element("people")
    for name in names:
        etree.SubElement(root, "person", name=name)
    return etree.tostring(root, encoding="utf-8")


def pong() -> bytes:
    """The answer to a ping."""
    return _message("pong")


def error(code: str, text: str) -> bytes:
    """To the one who asked for what cannot be had."""
    return _message("error", text, code=code)


def _message(tag: str, text: str | None = None, **attributes: str) -> bytes:
    element = etree.Element(tag, attributes)
    element.text = text
    return etree.tostring(element, encoding="utf-8")

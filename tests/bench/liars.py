"""Daemons that do not quite send back what they were sent."""

from tests.support.daemon import DaemonConnection, OnMessage, framed

LIE_AT = 5
"""The number of the message that is not treated like the others."""


def number_of(message: bytes) -> int:
    """Of a message of the load."""
    return int(message.split(b'"')[1])


def loses(connection: DaemonConnection, message: bytes) -> None:
    if number_of(message) != LIE_AT:
        connection.say(message)


def doubles(connection: DaemonConnection, message: bytes) -> None:
    connection.say(*[message] * (2 if number_of(message) == LIE_AT else 1))


def alters(connection: DaemonConnection, message: bytes) -> None:
    is_lie = number_of(message) == LIE_AT
    connection.say(message[:-6] + (b"~" if is_lie else message[-6:-5]) + message[-5:])


def shortens(connection: DaemonConnection, message: bytes) -> None:
    is_lie = number_of(message) == LIE_AT
    connection.say(message[: -5 if is_lie else None])


def joins(connection: DaemonConnection, message: bytes) -> None:
    framed_message = framed([message])
    connection.write(framed_message[: -1 if number_of(message) == LIE_AT else None])


def reorders(connection: DaemonConnection, message: bytes) -> None:
    """Needs batches that do not end with the lie."""
    number = number_of(message)
    if number == LIE_AT + 1:
        connection.say(message, message.replace(b"%010d" % number, b"%010d" % LIE_AT))
    elif number != LIE_AT:
        connection.say(message)


def confuses(connection: DaemonConnection, message: bytes) -> None:
    """Gives a client what is another's."""
    is_lie = number_of(message) == LIE_AT
    connection.say(message.replace(b'c="00000"', b'c="00001"') if is_lie else message)


LIARS: dict[str, OnMessage] = {
    liar.__name__: liar for liar in (loses, doubles, alters, shortens, joins, reorders, confuses)
}

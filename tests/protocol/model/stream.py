"""The daemon's stream read the slow way: all of it, from its beginning, message by message."""

from bridge.errors import CloseCode

LIMIT = 4
"""The longest message, in bytes, that the model's sessions carry."""


def is_utf8(message: bytes) -> bool:
    """Whether nothing is lost when what cannot be decoded is left out."""
    return message.decode(errors="ignore").encode() == message


def readable(stream: bytes, is_text: bool) -> tuple[list[bytes], CloseCode | None]:
    """The messages before the first that cannot be passed on, and what is wrong with that one."""
    *messages, unfinished = stream.split(b"\0")
    for index, message in enumerate(messages):
        if len(message) > LIMIT:
            return messages[:index], CloseCode.MESSAGE_TOO_BIG
        if is_text and not is_utf8(message):
            return messages[:index], CloseCode.BAD_ENCODING
    return messages, CloseCode.MESSAGE_TOO_BIG if len(unfinished) > LIMIT else None

"""The log from the client to the daemon: what the daemon has got, and which numbers are used up."""

from itertools import groupby

from bridge.protocol.checks import Fault, Guard, Kind
from bridge.protocol.up_log import Refusal
from tests.protocol.model.stream import LIMIT, is_utf8

BANNED = b"no"
BAN = Fault("not-well-formed", "the model's check refuses this one")

Plain = bytes | tuple[int, str]
"""What comes of an offer: bytes for the daemon, or number and problem code of a refusal."""


def guard_of(kind: Kind) -> Guard:
    """The guard of a daemon; the one for XML looks at each message."""
    return Guard(kind, LIMIT, ban if kind == "xml" else None)


def ban(message: bytes) -> Fault | None:
    """Stands for any check of single messages."""
    return BAN if message == BANNED else None


def plain(item: bytes | Refusal) -> Plain:
    """An item of the real log in the model's words."""
    return (item.number, item.fault.code) if isinstance(item, Refusal) else item


class UpModel:
    """`stream` is what the daemon has got, `accepted` the highest number used up."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.accepted = 0
        self.stream = b""
        self.refusal: tuple[int, str] | None = None

    def fault(self, message: bytes) -> str | None:
        """The problem code of a message that may not pass."""
        if len(message) > LIMIT:
            return "message-too-big"
        if self.kind != "bytes" and not is_utf8(message):
            return "bad-encoding"
        return BAN.code if self.kind == "xml" and message == BANNED else None

    def items(self, first: int, messages: list[bytes]) -> list[Plain]:
        """What an offer brings: good messages that follow each other together, bad ones alone."""
        new = messages[self.accepted + 1 - first :]
        found: list[Plain] = []
        number = self.accepted
        for fault, group in groupby(new, self.fault):
            together = list(group)
            if fault is None:
                found.append(b"".join(message + b"\0" for message in together))
            else:
                found += [(number + place, fault) for place, _ in enumerate(together, 1)]
            number += len(together)
        return found

    def accept(self, item: Plain) -> None:
        """One item has come out of the real log."""
        if isinstance(item, bytes):
            self.accepted += item.count(0)
            self.stream += item
        else:
            self.accepted, _ = self.refusal = item

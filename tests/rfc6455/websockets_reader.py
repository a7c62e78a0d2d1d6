"""The reader of PyPI `websockets`, which does no I/O either: its `ServerProtocol`."""

from collections.abc import Iterable

from websockets.frames import Frame
from websockets.http11 import Request
from websockets.server import ServerProtocol

from tests.rfc6455.frame import CLOSE, PING, TEXT
from tests.rfc6455.reading import Reading
from tests.rfc6455.reference import INVALID_DATA, header_of, is_utf8, status_of
from tests.rfc6455.table.handshakes import AS_IT_SHOULD_BE


class WebsocketsReader:
    """Reads a stream that comes in chunks. It takes texts for UTF-8; its connections look at that
    when a message is complete, and so is done here."""

    def __init__(self) -> None:
        self.status: int | None = None
        self._protocol = upgraded()
        self._said: list[tuple[int, bytes]] = []
        self._message: tuple[int, bytes] | None = None

    @property
    def reading(self) -> Reading:
        """What has come of it so far, in whole frames."""
        return Reading(tuple(self._said), self._message[1] if self._message else b"", self.status)

    def feed(self, chunk: bytes) -> None:
        """Takes what arrives; after the end (`status` says so) nothing."""
        if self.status is not None:
            return
        self._protocol.receive_data(chunk)
        for event in self._protocol.events_received():
            assert isinstance(event, Frame)
            self._take(int(event.opcode), bytes(event.data), event.fin)
        for sent in self._protocol.data_to_send():
            if sent and (header := header_of(sent)) is not None and header.opcode == CLOSE:
                self.status = self.status or status_of(sent[header.size :])

    def _take(self, opcode: int, payload: bytes, fin: bool) -> None:
        if self.status is not None or opcode == CLOSE:
            return
        if opcode >= PING:
            self._said.append((opcode, payload))
            return
        kind, before = self._message or (opcode, b"")
        self._message = kind, before + payload
        if fin:
            self._end_message(kind, before + payload)

    def _end_message(self, opcode: int, message: bytes) -> None:
        if opcode == TEXT and not is_utf8(message):
            self.status = INVALID_DATA
            return
        self._said.append((opcode, message))
        self._message = None


def upgraded() -> ServerProtocol:
    """One whose opening handshake is done, and that sets no limit to messages."""
    protocol = ServerProtocol(max_size=None)
    protocol.receive_data(AS_IT_SHOULD_BE.request("/"))
    (opening,) = protocol.events_received()
    assert isinstance(opening, Request)
    protocol.send_response(protocol.accept(opening))
    protocol.data_to_send()
    return protocol


def read(chunks: Iterable[bytes]) -> Reading:
    """What `websockets` makes of the chunks."""
    reader = WebsocketsReader()
    for chunk in chunks:
        reader.feed(chunk)
    return reader.reading

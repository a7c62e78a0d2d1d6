"""One question for a policy, as Flash Player puts it: connect, ask, take the first message."""

import asyncio
from collections.abc import Sequence
from typing import Final, cast

from bridge.access.policy_document import MAX_POLICY_BYTES

REQUEST: Final = b"<policy-file-request/>\0"


class Unreachable(Exception):
    """Nobody accepts a connection there."""


class Silent(Exception):
    """The connection stands, and nothing comes."""


async def ask(addresses: Sequence[str], port: int, timeout_s: float) -> bytes:
    """The answer up to its zero byte, or up to the end of the connection; one that is too long for
    a policy is cut where that shows. Raises `Unreachable` or `Silent`, after `timeout_s` at the
    latest; then the connection is closed."""
    question = Question()
    is_connected = False
    try:
        async with asyncio.timeout(timeout_s):
            await _connect(question, addresses, port)
            is_connected = True
            return await question.answer
    except TimeoutError as error:
        if is_connected:
            raise Silent(f"port {port} did not answer within {timeout_s:g} s") from error
        raise Unreachable(f"port {port} was not reached within {timeout_s:g} s") from error
    except OSError as error:
        raise Unreachable(f"port {port} accepts no connection") from error
    finally:
        question.drop()
        if is_connected:
            await question.lost.wait()


class Question(asyncio.Protocol):
    """The connection on which it is asked."""

    def __init__(self) -> None:
        self.answer: Final[asyncio.Future[bytes]] = asyncio.get_running_loop().create_future()
        self.lost: Final = asyncio.Event()
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:
        """Gather the answer, as much as a policy can have."""
        self._received += data
        end = self._received.find(0)
        if end >= 0 or len(self._received) > MAX_POLICY_BYTES:
            self._finish(end if end >= 0 else MAX_POLICY_BYTES + 1)

    def connection_lost(self, exc: Exception | None) -> None:
        """Whatever ended it, what has come may be the answer: many old servers close instead of
        writing a zero byte, some with a reset."""
        self._finish(len(self._received))
        self.lost.set()

    def drop(self) -> None:
        """Nobody waits for the answer any more."""
        self.answer.cancel()
        if self._transport is not None:
            self._transport.abort()

    def _finish(self, length: int) -> None:
        if not self.answer.done():
            self.answer.set_result(bytes(self._received[:length]))


async def _connect(question: Question, addresses: Sequence[str], port: int) -> None:
    """Connect to the first address that accepts. Raises the `OSError` of the last."""
    loop = asyncio.get_running_loop()
    failure = OSError("the host has no address")
    for address in addresses:
        try:
            await loop.create_connection(lambda: question, address, port)
        except OSError as error:
            failure = error
        else:
            return
    raise failure

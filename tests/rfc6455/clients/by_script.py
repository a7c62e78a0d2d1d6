"""A client in JavaScript that is told what to do, and tells what happens, in JSON."""

from base64 import b64decode, b64encode
from typing import Any, Protocol

from tests.rfc6455.clients.talker import Closed, Message


class Script(Protocol):
    """The way to it. Binary data goes in base64."""

    async def command(self, name: str, given: object) -> None:
        """Has it do something: `text`, `binary`, `ping`, `close`."""
        ...

    async def told(self) -> dict[str, Any]:
        """The next event: `open`, `text`, `binary`, `pong`, or `closed` with `wasClean`."""
        ...


class ScriptTalker:
    """A `Pinging`, if its script can ping."""

    def __init__(self, script: Script) -> None:
        self._script = script

    async def send(self, message: Message) -> None:
        """As it is."""
        if isinstance(message, str):
            await self._script.command("text", message)
        else:
            await self._script.command("binary", b64encode(message).decode())

    async def receive(self) -> Message:
        """As it came."""
        event = await self._script.told()
        return event["text"] if "text" in event else b64decode(event["binary"])

    async def ping(self, payload: bytes) -> bytes:
        """By the event of its Pong."""
        await self._script.command("ping", b64encode(payload).decode())
        return b64decode((await self._script.told())["pong"])

    async def close(self, code: int, reason: str) -> None:
        """Does not wait."""
        await self._script.command("close", [code, reason])

    async def closed(self) -> Closed:
        """By its event, which must say that both sides have closed."""
        while "closed" not in (event := await self._script.told()):
            pass
        assert event["wasClean"], event
        return Closed(*event["closed"])


async def opened(script: Script) -> ScriptTalker:
    """The client, once its WebSocket is open."""
    event = await script.told()
    assert "open" in event, event
    return ScriptTalker(script)

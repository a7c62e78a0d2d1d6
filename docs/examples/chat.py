"""A chat in the terminal: python chat.py http://127.0.0.1:8080/ demo ada

Lines go out as they are typed, messages come in as they arrive, and both wait for the network
when it is away. The end of the input ends it.
"""

import asyncio
import sys
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from bridge.client import MessageRefused, SessionError, XmlSocket


async def talk(socket: XmlSocket) -> None:
    """Says what is typed."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        number = await socket.send(f"<say>{escape(line.strip())}</say>")
        try:
            await socket.accepted(number)
        except MessageRefused as refused:
            print(refused)


async def listen(socket: XmlSocket) -> None:
    """Shows what is said."""
    async for message in socket:
        element = ET.fromstring(message)
        if element.tag == "said":
            print(f"{element.get('from')}: {element.text}")


async def chat(url: str, daemon: str, name: str) -> None:
    """Until the input or the session ends."""
    async with XmlSocket.connect(url, daemon) as socket, asyncio.TaskGroup() as group:
        await socket.send(f"<join name={quoteattr(name)}/>")
        group.create_task(listen(socket))
        await talk(socket)
        await socket.close()


if len(sys.argv) != 4:
    sys.exit("usage: python chat.py URL DAEMON NAME")
try:
    asyncio.run(chat(*sys.argv[1:]))
except* SessionError as errors:
    sys.exit(str(errors.exceptions[0]))

"""The asyncio client of the bridge: a session that outlives its connections.

    from bridge.client import XmlSocket

    async with XmlSocket.connect("https://bridge.example.com/", "game") as socket:
        await socket.send("<hello/>")
        async for message in socket:
            print(message)

Whatever becomes of requests, sockets and networks, each message arrives once and in order, both
ways, while the session lives. Its parts, those without I/O first:

    outbox       numbered messages on their way up
    session      what is known of a session: the outbox, and the messages that came down
    v1           the client's side of one `xmlsocket.v1` socket
    event_reader, reply, outcome, route
                 what comes back, what that means, and what to try next
    endpoint     the bridge's addresses, by aiohttp
    sender       sends by requests
    by_websocket, by_events, by_polls
                 carry a session over one connection, until that breaks
    link         opens a session, keeps it carried, and ends it
    socket       what a program sees of all this
"""

from bridge.client.errors import MessageRefused, NotOpened, SessionEnded, SessionError
from bridge.client.link import Numbers, State
from bridge.client.options import Message, Options
from bridge.client.route import Transport
from bridge.client.socket import XmlSocket

__all__ = [
    "Message",
    "MessageRefused",
    "NotOpened",
    "Numbers",
    "Options",
    "SessionEnded",
    "SessionError",
    "State",
    "Transport",
    "XmlSocket",
]

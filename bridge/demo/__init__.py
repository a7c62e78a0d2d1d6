"""A small chat over XMLSocket: the daemon that makes the default configuration work.

It stands for somebody else's server, so it speaks to the bridge over TCP alone and shares no code
with it: a fault in one cannot hide the same fault in the other.

    framing      bytes from the wire to messages
    request      a message to what the client asks for
    reply        what the server says, as messages
    policy       the answer to Flash Player's policy-file request
    room         who is here under which name, and who hears what
    connection   one TCP connection: its bounds and its part in the room
    chat         the listening server

Up: `<join name="ada"/>`, `<say>hi</say>`, `<who/>`, `<ping/>` and `<policy-file-request/>`.

Down: `<welcome name="guest1"/>`, `<joined name="ada"/>`, `<left name="ada"/>`, `<pong/>`,
`<said from="ada">hi</said>`, `<people><person name="ada"/></people>` and
`<error code="name-taken">...</error>`, after which the connection stays.
"""

from bridge.demo.chat import ChatServer
from bridge.demo.limits import ChatLimits

__all__ = ["ChatLimits", "ChatServer"]

"""xmlsocket-bridge: Flash XMLSocket over HTTP and WebSocket.

Words, as everywhere in the code:

    daemon     the legacy TCP server; clients name it, the configuration knows where it is
    message    the bytes between two zero bytes on the daemon's stream
    batch      one `bytes` of whole messages, each with its zero byte: what moves through the bridge
    session    one client, one TCP connection to one daemon; outlives any request or socket
    down, up   daemon to client, client to daemon; numbered from 1, each for itself
    receiver   whatever is attached to a session just now: a poll, a stream, a socket
    accepted   an up message that is in the daemon's ordered stream, or was refused

The way of the data, and the files it passes:

    down   tunnel/daemon/connection  ->  tunnel/session, logging in protocol/down_log
           ->  the receiver in transports/  ->  http/  ->  client
    up     client  ->  http/  ->  transports/  ->  tunnel/session, checking in protocol/checks and
           counting in protocol/up_log  ->  tunnel/daemon/connection

Below are the layers, each knowing only those under it:

    cli           the commands: serve, check, explain, doctor
    app, daemons  make a bridge of a configuration
    explain       tells how the bridge would decide about a page
    routes        which address leads where
    transports    the ways a client reaches its session, one file each
    http          what they share: the gate, problem documents, the WebSocket connection
    tunnel        sessions and their daemons: asyncio, no HTTP
    access, auth  which page may talk to which daemon, and who
    protocol      bytes in, decisions out: no I/O at all
    host, loop    what is below: the machine that listens and runs short, the event loop's turns
    config, errors, logs

Beside them, and knowing little of them:

    web           what browsers load: the JavaScript client, the pages, the script for Ruffle
    client        the same client for programs in Python
    demo          a daemon to try all this with
    doctor        examines the way from a client to the bridge
"""

__version__ = "0.1.0"

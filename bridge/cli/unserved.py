"""Why it cannot be listened to, and what to do."""

import errno
import socket
from typing import Final

from bridge.config import Config, HostPort, Listen
from bridge.host.descriptors import EXHAUSTED, in_words

NO_SUCH_ADDRESS: Final = (
    "this machine has no such address; write one of its own, or 0.0.0.0 for all,"
)
REASONS: Final = {
    errno.EADDRINUSE: "the address is in use; stop the other program, or write another one",
    errno.EADDRNOTAVAIL: NO_SUCH_ADDRESS,
    errno.EAFNOSUPPORT: NO_SUCH_ADDRESS,
    errno.EEXIST: "what is there is no socket; remove it, or write another path",
    errno.ENOENT: "the folder of the socket does not exist; create it, or write another one",
}
"""By the error's number: why, and what to write under the key."""


def unserved(error: OSError, config: Config) -> str:
    """One line: where, why, and what to write under which key."""
    if error.filename is None or error.errno in EXHAUSTED:
        return f"cannot serve: {in_words(error)}"
    for_policies = error.filename == str(config.policy_listen)
    address = config.policy_listen if for_policies else config.listen
    key = "policy_listen" if for_policies else "listen"
    return f"cannot serve on {address}: {reason(error, address)} as {key}"


def reason(error: OSError, address: Listen | None) -> str:
    """Why, and what to write."""
    if isinstance(error, socket.gaierror) and isinstance(address, HostPort):
        return f"the name {address.host} has no address; write another name, or an IP address,"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"not permitted; {right(address)}, or write another one"
    return REASONS.get(error.errno or 0, f"{in_words(error)}; write another address")


def right(address: Listen | None) -> str:
    """What it takes to listen there."""
    if isinstance(address, HostPort):
        return "a port below 1024 takes root or CAP_NET_BIND_SERVICE"
    return "socket and folder must belong to the bridge's user"

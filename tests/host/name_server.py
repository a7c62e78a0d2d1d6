"""A name server for a bridge that has /etc/hosts and /etc/resolv.conf of its own."""

import asyncio
import os
import socket
import struct
from pathlib import Path
from typing import Final, Self

ADDRESS: Final = ("127.11.12.13", 53)
"""An address of loopback that nothing else uses. The port is not free to choose: resolv.conf knows
no other."""

A_RECORD: Final = 1
NAME_ERROR: Final = 3
IN_ITS_OWN_ETC: Final = """
set -e
for file in hosts resolv.conf nsswitch.conf; do mount --bind "$0/$file" "/etc/$file"; done
exec "$@"
"""


class NameServer(asyncio.DatagramProtocol):
    """Answers from `records` (RFC 1035), nothing at all while it `is_silent`.

    Used as a context manager; needs root, or any other right to bind port 53 of loopback.
    """

    def __init__(self) -> None:
        self.records: dict[str, str] = {}
        self.is_silent = False

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, ADDRESS)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self.is_silent:
            self._transport.sendto(answer(data, self.records), addr)


def answer(query: bytes, records: dict[str, str]) -> bytes:
    """Its header, its question, and the address if there is one."""
    name, end = name_at(query, 12)
    (kind,) = struct.unpack_from("!H", query, end)
    address = records.get(name)
    found = address if kind == A_RECORD else None
    flags = 0x8580 | (0 if address else NAME_ERROR)
    header = query[:2] + struct.pack("!5H", flags, 1, 1 if found else 0, 0, 0)
    record = struct.pack("!HHHIH", 0xC00C, A_RECORD, 1, 0, 4) + socket.inet_aton(found or "0")
    return header + query[12 : end + 4] + (record if found else b"")


def name_at(query: bytes, start: int) -> tuple[str, int]:
    """The question's name, and where it ends."""
    labels = []
    while length := query[start]:
        labels.append(query[start + 1 : start + 1 + length].decode())
        start += 1 + length
    return ".".join(labels).lower(), start + 1


def resolving(folder: Path, hosts: str = "", options: str = "timeout:1 attempts:1") -> list[str]:
    """The command that runs a bridge with these hosts and `NameServer` as the only name server.

    Where the user is not root he is made to seem so: only mounts of the bridge's own are wanted.
    """
    (folder / "hosts").write_text(f"127.0.0.1 localhost\n{hosts}")
    (folder / "resolv.conf").write_text(f"nameserver {ADDRESS[0]}\noptions {options}\n")
    (folder / "nsswitch.conf").write_text("hosts: files dns\n")
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *as_root, "--mount", "sh", "-c", IN_ITS_OWN_ETC, str(folder)]

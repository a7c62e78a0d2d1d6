"""Why it cannot be listened to is told with the key and what to write there."""

import asyncio
import errno
import os
import socket
from pathlib import Path

import pytest

from bridge.app import listen_at
from bridge.cli.unserved import unserved
from bridge.config import load
from tests.cli.conftest import Write

DAEMONS = "daemons: {demo: {embedded: chat}}\n"


def told(file: Path) -> str:
    """What comes of a configuration that cannot be listened to."""
    config = load(file)
    with pytest.raises(OSError, match=str(config.listen)) as caught:
        asyncio.run(listen_at(config.listen))
    return unserved(caught.value, config)


def told_of(error: OSError, address: str, write: Write) -> str:
    error.filename = address
    return unserved(error, load(write(f"listen: {address}\n{DAEMONS}")))


def test_an_address_of_another_machine(write: Write) -> None:
    assert told(write(f"listen: 192.0.2.1:8080\n{DAEMONS}")) == (
        "cannot serve on 192.0.2.1:8080: this machine has no such address; "
        "write one of its own, or 0.0.0.0 for all, as listen"
    )


def test_a_file_where_the_socket_should_be(write: Write, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert told(write(f"listen: unix:{tmp_path}/file\n{DAEMONS}")) == (
        f"cannot serve on unix:{tmp_path}/file: what is there is no socket; "
        "remove it, or write another path as listen"
    )


def test_a_folder_that_is_not_there(write: Write, tmp_path: Path) -> None:
    assert told(write(f"listen: unix:{tmp_path}/none/socket\n{DAEMONS}")) == (
        f"cannot serve on unix:{tmp_path}/none/socket: the folder of the socket does not exist; "
        "create it, or write another one as listen"
    )


def test_a_name_without_an_address(write: Write) -> None:
    error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    assert told_of(error, "bridge.invalid:8080", write) == (
        "cannot serve on bridge.invalid:8080: the name bridge.invalid has no address; "
        "write another name, or an IP address, as listen"
    )


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("0.0.0.0:80", "a port below 1024 takes root or CAP_NET_BIND_SERVICE"),
        ("unix:/run/bridge.sock", "socket and folder must belong to the bridge's user"),
    ],
)
def test_a_right_that_is_missing(write: Write, address: str, remedy: str) -> None:
    error = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    assert told_of(error, address, write) == (
        f"cannot serve on {address}: not permitted; {remedy}, or write another one as listen"
    )


def test_the_port_for_policies_is_told_by_its_own_key(write: Write) -> None:
    error = OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE), "0.0.0.0:843")
    assert unserved(error, load(write(f"policy_listen: 0.0.0.0:843\n{DAEMONS}"))) == (
        "cannot serve on 0.0.0.0:843: the address is in use; "
        "stop the other program, or write another one as policy_listen"
    )


def test_descriptors_that_are_short_are_no_fault_of_the_address(write: Write) -> None:
    error = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    assert told_of(error, "127.0.0.1:8080", write) == (
        "cannot serve: Too many open files; "
        "raise the hard limit, by ulimit -n or LimitNOFILE= in the systemd unit"
    )

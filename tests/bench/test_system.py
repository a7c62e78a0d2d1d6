"""A process under test: known by its port, charged for its children, and ended with them."""

import os
import socket
import sys
from collections.abc import Sequence

import pytest

from bench.failure import Failure
from bench.peers.peer import Peer, Place
from bench.system import listens, serving

CORE = min(os.sched_getaffinity(0))
# Listens; its child first does some work and then says so by connecting.
PARENT = """
import os, signal, socket, sys, time
port = int(sys.argv[1])
ready = socket.create_server(("127.0.0.1", 0))
if os.fork() == 0:
    began = time.process_time()
    while time.process_time() - began < 0.1:
        pass
    kept = bytes([1]) * (32 << 20)
    socket.create_connection(ready.getsockname())
    signal.pause()
ready.accept()
listening = socket.create_server(("127.0.0.1", port))
signal.pause()
"""


def peer(program: str) -> Peer:
    """A system that is a few lines of Python."""

    def command(place: Place) -> Sequence[str]:
        return [sys.executable, "-c", program, str(place.port)]

    return Peer("some", command)


def test_children_count_for_processor_time_and_memory_and_end_with_their_parent() -> None:
    with serving(peer(PARENT), 0, CORE) as system:
        assert system.cpu_s >= 0.1
        assert system.memory_bytes > 32 << 20
        port = system.port
        assert listens(port)
    assert not listens(port)


def test_a_system_runs_on_its_core_and_this_process_where_it_was() -> None:
    before = os.sched_getaffinity(0)
    program = f"import os; assert os.sched_getaffinity(0) == {{{CORE}}};" + PARENT
    with serving(peer(program), 0, CORE):
        assert os.sched_getaffinity(0) == before


def test_a_system_that_does_not_start_is_told_by_its_last_words() -> None:
    with (
        pytest.raises(Failure, match="out of luck"),
        serving(peer("raise SystemExit('out of luck')"), 0, CORE),
    ):
        pass


def test_a_system_that_has_ended_is_told() -> None:
    program = """
import socket, sys
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
listening.accept()
raise SystemExit("fell over")
"""
    with serving(peer(program), 0, CORE) as system:
        socket.create_connection(("127.0.0.1", system.port)).close()
        os.waitid(os.P_PID, system.pid, os.WEXITED | os.WNOWAIT)
        with pytest.raises(Failure, match="fell over"):
            system.check()

"""A socket of the file system: taken from nobody who listens, and nothing but that goes for it."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bridge.config import UnixPath
from bridge.host.listening import listen_on


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "bridge.sock"


@contextmanager
def listener(place: Path, backlog: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(place))
        other.listen(backlog)
        yield other


def taken(place: Path) -> socket.socket:
    [listening] = asyncio.run(listen_on(UnixPath(str(place))))
    return listening


def refused(place: Path) -> int | None:
    """The number of the error."""
    try:
        taken(place).close()
    except OSError as error:
        return error.errno
    raise AssertionError(f"{place} was taken")


def is_reached(listening: socket.socket, place: Path) -> bool:
    listening.setblocking(False)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(place))
        accepted, _ = listening.accept()
        accepted.close()
    return True


def test_a_socket_that_somebody_listens_to_is_left_to_him(place: Path) -> None:
    with listener(place, 8) as other:
        assert refused(place) == errno.EADDRINUSE
        other.accept()[0].close()
        assert is_reached(other, place)


def test_a_socket_whose_queue_is_full_is_left_to_whoever_listens(place: Path) -> None:
    with listener(place, 0) as other, socket.socket(socket.AF_UNIX) as first:
        first.connect(str(place))
        assert refused(place) == errno.EADDRINUSE
        other.accept()[0].close()
        assert is_reached(other, place)


def test_a_socket_that_nobody_listens_to_any_more_gives_its_place(place: Path) -> None:
    with listener(place, 8):
        pass
    with taken(place) as listening:
        assert is_reached(listening, place)


def test_a_file_that_is_no_socket_stays(place: Path) -> None:
    place.write_text("notes")
    assert refused(place) == errno.EEXIST
    assert place.read_text() == "notes"


def test_a_folder_stays(place: Path) -> None:
    place.mkdir()
    assert refused(place) == errno.EEXIST
    assert place.is_dir()


def test_a_link_to_a_socket_that_nobody_listens_to_stays(place: Path) -> None:
    with listener(place, 8):
        pass
    link = place.with_name("link")
    link.symlink_to(place)
    assert refused(link) == errno.EEXIST
    assert link.is_symlink()


def test_a_socket_of_another_kind_stays(place: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        other.bind(str(place))
        assert refused(place) == errno.EPROTOTYPE
    assert place.is_socket()

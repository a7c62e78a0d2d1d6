"""The addresses behind a daemon's name, asked for anew for each open: a name may move at any time.

The resolver is asked in a thread, and it may be silent for minutes. So there is one thread for a
name, shared by all who wait for it, and none that others need: event loops look up every name in a
pool of a few threads, where one dead name stops all.
"""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from threading import Thread
from typing import TypeAlias

Answer: TypeAlias = Sequence[str] | OSError | UnicodeError


class Names:
    """Finds addresses. Only for names of the configuration, so that threads are few."""

    def __init__(self) -> None:
        self._asked: dict[str, asyncio.Future[Answer]] = {}

    async def addresses(self, host: str) -> Sequence[str]:
        """The IP addresses of a host, the preferred one first; an address stands for itself.

        Raises `OSError` or `UnicodeError`. Cancelling it does not disturb others who wait.
        """
        if is_address(host):
            return [host]
        answer = await asyncio.shield(self._asked.get(host) or self._ask(host))
        if isinstance(answer, Exception):
            raise answer.with_traceback(None)  # which others raise, too
        return answer

    def _ask(self, host: str) -> asyncio.Future[Answer]:
        loop = asyncio.get_running_loop()
        asked: asyncio.Future[Answer] = loop.create_future()

        def answered(answer: Answer) -> None:
            del self._asked[host]
            asked.set_result(answer)

        def ask() -> None:
            answer = look_up(host)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(answered, answer)

        start_thread(ask)
        self._asked[host] = asked
        return asked


def is_address(host: str) -> bool:
    """Whether it is an IP address and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def look_up(host: str) -> Answer:
    """What the system's resolver says; takes as long as that does."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def start_thread(run: Callable[[], None]) -> None:
    """As a daemon thread, or else a silent resolver would hold up the end of the process. Raises
    `OSError` when the host allows no more threads."""
    try:
        Thread(target=run, name="lookup", daemon=True).start()
    except RuntimeError as error:
        raise OSError(errno.EAGAIN, str(error)) from error

"""`python -m bridge.demo`: the chat alone, for trying a client or a bridge against it."""

import argparse
import asyncio
import signal
import sys

from bridge.demo.chat import ChatServer


def main() -> int:
    """Serve until SIGINT or SIGTERM; the exit status is 0, or 1 if the address cannot be had."""
    host, port = arguments()
    try:
        asyncio.run(serve(host, port))
    except OSError as error:
        sys.stderr.write(f"cannot listen on {host}:{port}: {error.strerror}\n")
        return 1
    return 0


def arguments() -> tuple[str, int]:
    """The address to listen on; ends the process with status 2 where it is none."""
    parser = argparse.ArgumentParser(prog="python -m bridge.demo", description=__doc__)
    parser.add_argument(
        "--listen",
        type=address,
        default="127.0.0.1:9339",
        metavar="HOST:PORT",
        help="where to listen; port 0 takes a free one (default %(default)s)",
    )
    listen: tuple[str, int] = parser.parse_args().listen
    return listen


def address(text: str) -> tuple[str, int]:
    """`host:port`, the host of an IPv6 address in brackets; raises `ValueError`."""
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        raise ValueError("not of the form host:port")
    return host.removeprefix("[").removesuffix("]"), int(port)


async def serve(host: str, port: int) -> None:
    """Run the chat until a signal; prints the address once clients can connect."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = ChatServer()
    bound_host, bound_port = await server.start(host, port)
    shown = f"[{bound_host}]" if ":" in bound_host else bound_host
    sys.stdout.write(f"listening on {shown}:{bound_port}\n")
    sys.stdout.flush()
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    sys.exit(main())

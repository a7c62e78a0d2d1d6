"""`/ruffle.js`: tells Ruffle which of its movies' sockets go by the bridge, and carries them."""

import json
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from typing import Any, Final

from bridge.config import Config, DaemonConfig
from bridge.config.address import HostPort, parse_host_port
from bridge.http.pages import CONTENT_TYPES, Page, load_pages

PATH: Final = "ruffle.js"
FOLDER: Final = "ruffle/"
CLIENT: Final = "xmlsocket.js"


def ruffle_pages(config: Config) -> Iterator[Page]:
    """The script, and what it loads once a movie connects, unless that is served as part of the
    console anyway."""
    yield ruffle_script(config)
    if not config.console:
        yield from (page for page in load_pages() if page.path.startswith((CLIENT, FOLDER)))


def ruffle_script(config: Config) -> Page:
    """The script for these daemons: two functions, one called with what the other returns for what
    the daemons are to movies."""
    tell, stand_in = template("proxies"), template("stand-in")
    body = f"{stand_in}({tell}({json.dumps(list(ways(config)))}));\n"
    return Page(PATH, body.encode(), CONTENT_TYPES["js"])


def template(name: str) -> str:
    """A function of JavaScript, ready to be called."""
    return files("bridge").joinpath("web", FOLDER, f"{name}.js.template").read_text().rstrip()


def ways(config: Config) -> Iterator[dict[str, Any]]:
    """Where movies connect to, and what of its daemon decides how they are carried."""
    for name, daemon in config.daemons.items():
        for known in known_to_movies(daemon):
            yield {
                "host": known.host,
                "port": known.port,
                "daemon": name,
                "messages": daemon.messages,
                "maxMessageBytes": daemon.max_message_bytes or config.max_message_bytes,
            }


def known_to_movies(daemon: DaemonConfig) -> Iterator[HostPort]:
    """What a movie may connect to and mean this daemon: those aliases that are host and port."""
    for alias in daemon.aliases:
        with suppress(ValueError):
            yield parse_host_port(alias)


def movie_ports(daemon: DaemonConfig) -> set[int]:
    """The ports by which movies know the daemon: its own, and those in `known_to_movies`."""
    ports = {daemon.address.port} if daemon.address is not None else set[int]()
    return (ports | {known.port for known in known_to_movies(daemon)}) - {0}

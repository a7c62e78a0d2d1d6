"""The whole table, in its groups."""

from collections.abc import Mapping, Sequence
from typing import Final

from tests.security.bad_input import (
    asked,
    bodies,
    configurations,
    daemons,
    documents,
    headers,
    numbers,
    requests,
    sockets,
)
from tests.security.bad_input.stage import Row

TABLE: Final[Mapping[str, Sequence[Row]]] = {
    "First lines": requests.LINES,
    "Methods": requests.METHODS,
    "Paths": requests.PATHS,
    "Daemons that clients name": requests.DAEMONS,
    "Headers": headers.LINES,
    "Lengths and codings": headers.FRAMING,
    "Origins": headers.ORIGINS,
    "Parameters": numbers.PARAMETERS,
    "Ids and keys": numbers.KEYS,
    "Tokens and tickets": numbers.TOKENS,
    "Chunks": bodies.CHUNKS,
    "Compressed bodies": bodies.CODINGS,
    "Bodies of JSON": bodies.JSON_BODIES,
    "Sizes and characters": bodies.SIZES,
    "XML": documents.DOCUMENTS,
    "Handshakes of WebSockets": sockets.HANDSHAKES,
    "Frames of `xmlsocket.v1`": sockets.V1_FRAMES,
    "Frames of plain and raw sockets": sockets.OTHER_FRAMES,
    "Daemons that misbehave": daemons.DAEMONS,
    "What asks for a policy": asked.POLICIES,
    "What a trusted proxy begins with": asked.PROXIES,
    "Configuration files": configurations.CONFIGURATIONS,
}

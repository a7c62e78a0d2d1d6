"""What aiohttp says of a way that leads nowhere, in plain words."""

import json
import os
from typing import Final

import aiohttp

OF_ANOTHER: Final = "the answer is not a bridge's"


def in_words(error: Exception) -> str:
    """What went wrong, in a few words."""
    match error:
        case TimeoutError():
            return "no answer came in time"
        case aiohttp.ClientResponseError() | json.JSONDecodeError():
            return _of_answer(error)
        case aiohttp.ServerDisconnectedError():
            return "the connection was closed without an answer"
        case aiohttp.ClientConnectorError():
            return _of_connection(error)
        case OSError(errno=int(number)):
            return os.strerror(number)
    return str(error) or type(error).__name__


def _of_answer(error: aiohttp.ClientResponseError | json.JSONDecodeError) -> str:
    match error:
        case aiohttp.ContentTypeError() | json.JSONDecodeError():
            return OF_ANOTHER
        case aiohttp.ClientHttpProxyError():
            return f"the proxy answers HTTP {error.status}"
        case _:
            return f"the answer is HTTP {error.status}"


def _of_connection(error: aiohttp.ClientConnectorError) -> str:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return f"the name {error.host} has no address"
        case aiohttp.ClientConnectorCertificateError():
            return f"the certificate is not good: {_of_certificate(error.certificate_error)}"
        case aiohttp.ClientConnectorSSLError():
            return "no TLS is spoken there; is it http:// rather than https://?"
        case aiohttp.ClientProxyConnectionError():
            return f"the proxy {error.host}:{error.port}: {_of_socket(error.os_error)}"
        case _:
            return f"{error.host}:{error.port}: {_of_socket(error.os_error)}"


def _of_certificate(error: Exception) -> str:
    return str(getattr(error, "verify_message", "")) or str(error)


def _of_socket(error: OSError) -> str:
    """Of several addresses each may have an error of its own, and then none has a number."""
    if error.errno is not None:
        return os.strerror(error.errno)
    if isinstance(
        error, ConnectionError
    ):  # asyncio's, of a handshake that the other side breaks off
        return "the connection was closed"
    return "no address of it can be reached"

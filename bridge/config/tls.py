"""TLS to a daemon: whom to trust, who the bridge is, and which name the daemon must prove."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeAlias

from pydantic import Field, PlainValidator, ValidationInfo

from bridge.config.address import HOST_NAME
from bridge.config.folder import folder_of
from bridge.config.guess import check_key
from bridge.config.wording import described, quoted

FORM: Final = "true, or ca, certificate, key and server_name below it"
FILES: Final = ("ca", "certificate", "key")
KEYS: Final = (*FILES, "server_name")


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files; one that is not absolute is sought beside the configuration.

    `ca`: trusted instead of what the system trusts. `certificate`: the bridge's own, with the `key`
    in it or beside it. `server_name`: whom the daemon's certificate must name, instead of the host
    of its address.
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    server_name: str | None = None


def _tls(value: object, info: ValidationInfo) -> Tls | None:
    if value is None or value is False:
        return None
    if isinstance(value, Tls) or value is True:
        return value if isinstance(value, Tls) else Tls()
    if not isinstance(value, Mapping):
        raise ValueError(f"{described(value)}; write {FORM} (default false)")
    for key, text in value.items():
        _check(key, text)
    paths = {key: folder_of(info) / value[key] for key in FILES if key in value}
    if "key" in paths and "certificate" not in paths:
        raise ValueError("a key is given without a certificate; write certificate: PATH beside it")
    return Tls(**paths, server_name=value.get("server_name"))


def _check(key: object, text: object) -> None:
    check_key(key, KEYS)
    if not isinstance(text, str) or not text or "\0" in text:
        form = "a host's name" if key == "server_name" else "the path of a PEM file"
        raise ValueError(f"{key}: {described(text)}; write {form}")
    if key == "server_name" and not HOST_NAME.fullmatch(text):
        raise ValueError(
            f"server_name: {quoted(text)} is not a name; write the one in the daemon's certificate"
        )


TlsOrNone: TypeAlias = Annotated[Tls | None, PlainValidator(_tls), Field(description=FORM)]

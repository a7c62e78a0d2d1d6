"""The TLS of connections to daemons, whose files the operator is told all that is wrong with.

There is no way to leave out the check of a daemon's certificate: a connection that anybody can read
is made by leaving out `tls`, where it can be seen.
"""

import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bridge.config import Config, ConfigError, check_all
from bridge.config.tls import Tls


def check_tls_files(config: Config) -> None:
    """Raises `ConfigError` with a line for each daemon whose files cannot be used."""
    check_all(
        partial(client_context, name, daemon.tls)
        for name, daemon in config.daemons.items()
        if daemon.tls is not None
    )


def client_context(daemon: str, tls: Tls) -> ssl.SSLContext:
    """TLS 1.2 or later, and a daemon that proves its name. Raises `ConfigError`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls.ca is None:
        context.load_default_certs()
    else:
        ca = tls.ca
        used(daemon, "ca", ca, lambda: context.load_verify_locations(ca))
    if tls.certificate is not None:
        certificate = tls.certificate
        key = tls.key or certificate
        used(daemon, "certificate", certificate, lambda: is_certificate(certificate))
        used(daemon, "key", key, lambda: context.load_cert_chain(certificate, key, no_password))
    return context


def used(daemon: str, key: str, path: Path, use: Callable[[], object]) -> None:
    """Use the file of a key. Raises `ConfigError` where it cannot be."""
    place = f"daemons.{daemon}.tls.{key}: {path}"
    try:
        use()
    except ssl.SSLError as error:
        raise ConfigError(f"{place}: {fault_of(error)}") from error
    except Encrypted as error:
        raise ConfigError(f"{place}: it is encrypted; write a key without a password") from error
    except OSError as error:
        raise ConfigError(f"{place}: {error.strerror}; write the path of a PEM file") from error


def is_certificate(path: Path) -> None:
    """Raises `ssl.SSLError` or `OSError` if not."""
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)


def fault_of(error: ssl.SSLError) -> str:
    """OpenSSL's reason in the words of the file."""
    if error.reason == "KEY_VALUES_MISMATCH":
        return "it does not belong to the certificate; write the key of that certificate"
    return "it cannot be used; write the path of a PEM file"


class Encrypted(Exception):
    """A key has a password."""


def no_password() -> str:
    """OpenSSL would ask at the terminal, and a service has none."""
    raise Encrypted

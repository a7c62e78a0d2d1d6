"""A real nginx on loopback that runs the files of nginx/ as a person would install them.

Only the lines marked "edit" there are changed: ports, certificate, bridge socket, access log.
"""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

SHIPPED: Final = Path(__file__).parents[2] / "nginx"
START_TIMEOUT_S: Final = 20
STOP_TIMEOUT_S: Final = 10

# Debian compiles in paths that only root may write to, so every temporary path is named.
NGINX_CONF: Final = """\
{user}
daemon off;
pid nginx.pid;
worker_processes 1;
error_log stderr notice;
events {{ }}
http {{
    client_body_temp_path tmp/body;
    proxy_temp_path tmp/proxy;
    fastcgi_temp_path tmp/fastcgi;
    scgi_temp_path tmp/scgi;
    uwsgi_temp_path tmp/uwsgi;
    include xmlsocket-bridge/site.conf;
}}
"""


class RunningNginx:
    """nginx in front of the bridge on the unix socket `bridge_socket`, below `folder`.

    A context manager: inside it both ports accept. The logs are whole only after `stop()`, since
    nginx writes a request's line after the answer has gone out.
    """

    def __init__(self, folder: Path, bridge_socket: Path) -> None:
        self.folder = folder
        self.bridge_socket = bridge_socket
        self.certificate = folder / "certificate.pem"
        self.plain_port, self.tls_port = free_ports(2)
        self._error_lines: list[str] = []
        self._started = threading.Event()

    def __repr__(self) -> str:
        return f"<RunningNginx plain={self.plain_port} tls={self.tls_port}>"

    @property
    def access_log(self) -> str:
        return (self.folder / "access.log").read_text()

    @property
    def error_log(self) -> str:
        return "".join(self._error_lines)

    @property
    def tls_context(self) -> ssl.SSLContext:
        """For clients: trusts this server's certificate and nothing else."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def __enter__(self) -> Self:
        self._install()
        self.start()
        return self

    def start(self) -> None:
        """Returns once both ports accept. Further on only after `break_off()`."""
        self._started.clear()
        self._process = subprocess.Popen(
            [nginx_program(), "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", "stderr"],
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read_errors, daemon=True)
        self._reader.start()
        if not self._started.wait(START_TIMEOUT_S) or self._process.poll() is not None:
            self.stop()
            raise RuntimeError(f"nginx did not start:\n{self.error_log}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends nginx, and fails when a request is still open. Further calls do nothing."""
        # Unlike SIGTERM, this leaves time to notice that a client has gone, and to log its request.
        self._process.send_signal(signal.SIGQUIT)
        try:
            self._process.wait(STOP_TIMEOUT_S)
        finally:
            self._process.terminate()
            self._reader.join(STOP_TIMEOUT_S)

    def break_off(self) -> None:
        """Ends nginx whatever is open, until `start()`."""
        self._process.terminate()
        self._process.wait(STOP_TIMEOUT_S)
        self._reader.join(STOP_TIMEOUT_S)

    def _install(self) -> None:
        (self.folder / "tmp").mkdir(parents=True)
        key = self.folder / "certificate.key"
        make_certificate(self.certificate, key)
        installed = self.folder / "xmlsocket-bridge"
        shutil.copytree(SHIPPED, installed)
        for name, changes in self._edits(key).items():
            file = installed / name
            file.write_text(edited(file.read_text(), changes))
        # As root, nginx would change to a user who may not enter the folder of the test.
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(NGINX_CONF.format(user=user))

    def _edits(self, key: Path) -> Mapping[str, Mapping[str, str]]:
        return {
            "site.conf": {
                "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
                "listen [::]:80;": "",
                "listen 443 ssl http2;": f"listen 127.0.0.1:{self.tls_port} ssl http2;",
                "listen [::]:443 ssl http2;": "",
                "/etc/ssl/certs/bridge.example.com.pem": str(self.certificate),
                "/etc/ssl/private/bridge.example.com.key": str(key),
            },
            "upstream.conf": {"/run/xmlsocket-bridge/bridge.sock;": f"{self.bridge_socket};"},
            "location.conf": {"/var/log/nginx/xmlsocket-bridge.log": f"{self.folder}/access.log"},
        }

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as lines:
            for line in lines:
                self._error_lines.append(line)
                # The ports are open before the first worker starts.
                if "start worker process " in line:
                    self._started.set()
        self._started.set()


def nginx_program() -> str:
    """Debian keeps nginx in a folder that is not on everyone's PATH."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    assert found is not None, "nginx is not installed; tests/install installs it"
    return found


def edited(text: str, changes: Mapping[str, str]) -> str:
    """Replaces each key by its value; a key that is not there exactly once is an AssertionError."""
    for old, new in changes.items():
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times, not once"
        text = text.replace(old, new)
    return text


def make_certificate(certificate: Path, key: Path) -> None:
    """Writes a self-signed certificate for localhost and 127.0.0.1, and its key, as PEM."""
    command = "openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-out", str(certificate), "-keyout", str(key)]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on now, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports

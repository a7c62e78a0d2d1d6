"""Files of TLS that cannot be used are told with what would be right."""

import subprocess
from pathlib import Path

import pytest

from bridge.config import Config, ConfigError
from bridge.config.tls import Tls
from bridge.host.tls import check_tls_files, client_context
from tests.support.nginx import make_certificate


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With own.pem, own.key, other.pem, other.key, locked.key (own.key, encrypted) and text.pem."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("own", "other"):
        make_certificate(folder / f"{name}.pem", folder / f"{name}.key")
    command = ["openssl", "ec", "-aes128", "-passout", "pass:secret", "-in", "own.key"]
    subprocess.run([*command, "-out", "locked.key"], cwd=folder, check=True, capture_output=True)
    (folder / "text.pem").write_text("hello")
    return folder


def test_files_that_fit_are_used(folder: Path) -> None:
    context = client_context("a", Tls(folder / "own.pem", folder / "own.pem", folder / "own.key"))
    assert len(context.get_ca_certs()) == 1


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ({"ca": "none.pem"}, "ca: {}/none.pem: No such file or directory; write the path of a"),
        ({"ca": "text.pem"}, "ca: {}/text.pem: it cannot be used; write the path of a PEM file"),
        ({"certificate": "text.pem"}, "certificate: {}/text.pem: it cannot be used; write"),
        ({"certificate": "own.pem"}, "key: {}/own.pem: it cannot be used; write the path of"),
        (
            {"certificate": "own.pem", "key": "none.key"},
            "key: {}/none.key: No such file or directory",
        ),
        (
            {"certificate": "own.pem", "key": "other.key"},
            "key: {}/other.key: it does not belong to the certificate; write the key of that",
        ),
        (
            {"certificate": "own.pem", "key": "locked.key"},
            "key: {}/locked.key: it is encrypted; write a key without a password",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_key(
    folder: Path, written: dict[str, str], fault: str
) -> None:
    paths = {key: folder / name for key, name in written.items()}
    with pytest.raises(ConfigError) as caught:
        client_context("a", Tls(paths.get("ca"), paths.get("certificate"), paths.get("key")))
    [line] = caught.value.faults
    assert line.startswith("daemons.a.tls." + fault.format(folder))


def test_the_faults_of_all_daemons_are_told_at_once(folder: Path) -> None:
    daemons = {
        name: {"address": "a:9339", "tls": {"ca": str(folder / "text.pem")}} for name in ("a", "b")
    }
    with pytest.raises(ConfigError) as caught:
        check_tls_files(Config.model_validate({"daemons": daemons}))
    assert [line.partition(".tls")[0] for line in caught.value.faults] == ["daemons.a", "daemons.b"]

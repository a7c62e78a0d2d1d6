"""The package `cryptography` is an extra: what does without it works, and what does not says so."""

import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.bridge import REPOSITORY

Check = Callable[[str], "subprocess.CompletedProcess[str]"]
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that are installed, but that one."""
    folder = tmp_path_factory.mktemp("packages")
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if not entry.name.startswith("cryptography"):
            (folder / entry.name).symlink_to(entry)
    return folder


@pytest.fixture
def check(packages: Path, tmp_path: Path) -> Check:
    """`xmlsocket-bridge check` of a configuration with this `auth`."""

    def run(auth: str) -> "subprocess.CompletedProcess[str]":
        file = tmp_path / "config.yaml"
        file.write_text(f"daemons: {{demo: {{embedded: chat}}}}\nauth:\n{auth}\n")
        command = [sys.executable, "-S", "-m", "bridge", "check", "--config", str(file)]
        return subprocess.run(
            command,
            cwd=REPOSITORY,
            env={"PYTHONPATH": str(packages)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def terms(algorithm: str, key: str) -> str:
    return f"  jwt: {{algorithm: {algorithm}, audience: bridge, {key}}}"


@pytest.mark.parametrize(
    "auth",
    [terms("HS256", f"key: {SECRET}"), f"  tokens: {{bot: {SECRET}}}"],
    ids=["HS256", "bearer"],
)
def test_secrets_do_without_it(check: Check, auth: str) -> None:
    done = check(auth)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("key", ["key: any", "jwks: https://id.example.com/jwks.json"])
@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_public_keys_say_what_to_install(check: Check, algorithm: str, key: str) -> None:
    done = check(terms(algorithm, key))
    assert done.returncode == 2
    assert f"{algorithm} takes the package cryptography" in done.stderr
    assert f"install it: {sys.executable} -m pip install cryptography\n" in done.stderr
    assert "Traceback" not in done.stderr

"""Keys that cannot be used are told before anything starts."""

from pathlib import Path

import pytest

from bridge.cli import main


def test_check_tells_a_key_that_is_none_for_the_algorithm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "auth: {jwt: {algorithm: HS256, key: too short, audience: a}}\n"
        "daemons:\n"
        "  one: {embedded: chat}\n"
        "  two: {embedded: chat}\n"
        "  own: {embedded: chat, auth: {jwt: {algorithm: RS256, key: none, audience: a}}}\n"
    )
    assert main(["check", "--config", str(config)]) == 2
    short, own = capsys.readouterr().err.splitlines()
    assert short == f"{config}: auth.jwt.key: the key is shorter than 32 bytes; write a longer one"
    assert own.startswith(
        f"{config}: daemons.own.auth.jwt.key: the key is no PEM of a public key; write "
    )


def test_check_tells_that_no_proxy_is_trusted_with_users(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("auth: {user_header: X-User}\ndaemons: {one: {embedded: chat}}\n")
    assert main(["check", "--config", str(config)]) == 2
    assert capsys.readouterr().err == (
        f"{config}: auth.user_header: no proxy is trusted; "
        "write the one that sends it into trusted_proxies\n"
    )


def test_check_tells_which_daemons_ask_for_credentials(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "trusted_proxies: [unix]\n"
        "auth: {tokens: {ada: 0123456789abcdef0123}, user_header: X-User}\n"
        "daemons: {one: {embedded: chat}, two: {embedded: chat, auth: none}}\n"
    )
    assert main(["check", "--config", str(config)]) == 0
    one, two, _ = capsys.readouterr().out.splitlines()[1:]
    assert one.endswith("auth: tokens and user_header")
    assert "auth" not in two

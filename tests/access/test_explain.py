"""`xmlsocket-bridge explain`: the decision, the rule, and the exit code."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.cli import main
from tests.access.policies import PolicyPort, control, grant, policy

Explain = Callable[..., tuple[int, str, str]]
PLAY = "https://play.example.com"


@pytest.fixture
def explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Explain:
    """Writes a configuration, explains, and returns the exit code with what was printed."""

    def run(daemon: str, *arguments: str, keys: str = "") -> tuple[int, str, str]:
        file = tmp_path / "config.yaml"
        file.write_text(f"{keys}\ndaemons: {{game: {daemon}}}")
        code = main(["explain", *arguments, "--config", str(file)])
        return code, *capsys.readouterr()

    return run


ORIGINS = (
    "{address: 'game.example:9339', aliases: ['old:1'], origins: ['https://play.example.com']}"
)


def test_a_page_that_is_let_in_is_told_with_the_rule(explain: Explain) -> None:
    assert explain(ORIGINS, PLAY, "game") == (
        0,
        "allowed: 'https://play.example.com' is among the configured origins\n",
        "",
    )


def test_a_page_that_is_refused_is_told_with_the_rule(explain: Explain) -> None:
    assert explain(ORIGINS, "https://evil.example", "game") == (
        1,
        "refused: it is not among the configured origins, and policy is none\n",
        "",
    )


def test_a_daemon_goes_by_its_alias_too(explain: Explain) -> None:
    assert explain(ORIGINS, PLAY, "old:1")[0] == 0


@pytest.mark.parametrize(
    ("daemon", "origin", "code"),
    [
        ("{embedded: chat, origins: ['*']}", "null", 1),
        ("{embedded: chat, origins: ['*'], null_origin: true}", "null", 0),
        ("{embedded: chat}", "-", 0),
        ("{embedded: chat, missing_origin: false}", "-", 1),
    ],
)
def test_local_files_and_programs_can_be_asked_about(
    explain: Explain, daemon: str, origin: str, code: int
) -> None:
    assert explain(daemon, origin, "game")[0] == code


def test_the_bridges_own_page_is_known_by_the_host_that_is_given(explain: Explain) -> None:
    own = ("http://gamebox", "game", "--host")
    assert explain("{embedded: chat}", *own, "gamebox")[0] == 0
    assert explain("{embedded: chat}", *own, "other.example")[0] == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_public_name_of_the_bridge_must_be_configured_where_it_may_be_anybodys(
    explain: Explain, scheme: str
) -> None:
    code, out, _ = explain(
        "{embedded: chat}", f"{scheme}://evil.example", "game", "--host", "evil.example"
    )
    assert code == 1
    assert out.startswith("refused: the page's host is the bridge's, but not among hosts: ")


@pytest.mark.parametrize(("scheme", "code"), [("https", 0), ("http", 1)])
def test_a_page_over_tls_is_taken_to_come_by_the_trusted_proxy(
    explain: Explain, scheme: str, code: int
) -> None:
    asked = (f"{scheme}://bridge.example", "game", "--host", "bridge.example")
    keys = "trusted_proxies: [10.0.0.1]"
    assert explain("{embedded: chat}", *asked, keys=keys)[0] == code


def test_an_embedded_daemon_is_asked_for_its_policy(explain: Explain) -> None:
    code, out, _ = explain("{embedded: chat, policy: ask}", PLAY, "game")
    assert code == 0
    assert out.startswith('allowed: <allow-access-from domain="*" to-ports="')


def test_a_policy_in_a_file_is_explained(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "policy.xml").write_bytes(policy(grant("*.example.com", "80")))
    daemon = "{address: 'game.example:9339', policy: file:policy.xml}"
    code, out, _ = explain(daemon, PLAY, "game")
    assert code == 1
    assert out == (
        'refused: <allow-access-from domain="*.example.com" to-ports="80"/> '
        f"in the file {tmp_path}/policy.xml does not name port 9339\n"
    )


async def test_a_daemon_is_asked_and_what_was_overlooked_is_told(
    explain: Explain, own: PolicyPort, master: PolicyPort
) -> None:
    master.answer = policy(control("master-only"), grant("play.example.com"), grant("*.com"))
    daemon = f"{{address: '127.0.0.1:{own.port}', policy: ask, policy_port: {master.port}}}"
    code, out, _ = await asyncio.to_thread(explain, daemon, PLAY, "game")
    place = f"the policy from port {master.port} of 127.0.0.1"
    assert code == 0
    assert out == (
        f'allowed: <allow-access-from domain="play.example.com" to-ports="*"/> in {place}\n'
        "overlooked: an allow-access-from grants nothing: "
        f"'*.com' would mean a whole top-level domain, in {place}\n"
    )


def test_a_daemon_that_is_down_lets_no_page_in(explain: Explain, dead_port: int) -> None:
    daemon = f"{{address: '127.0.0.1:{dead_port}', policy: ask, policy_port: {dead_port}}}"
    assert explain(daemon, PLAY, "game") == (
        1,
        f"refused: the daemon's policy is not known: port {dead_port} accepts no connection\n",
        "",
    )


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ((PLAY, "nobody"), "no daemon or alias 'nobody' is configured; known: game\n"),
        (("play.example.com", "game"), "'play.example.com' is not an origin; write it as "),
        ((f"{PLAY}/page.html", "game"), "'https://play.example.com/page.html' is not an origin; "),
        (("*", "game"), "'*' is not an origin; "),
    ],
)
def test_what_cannot_be_explained_is_told_on_standard_error(
    explain: Explain, arguments: tuple[str, ...], fault: str
) -> None:
    code, out, err = explain("{embedded: chat}", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(fault)


@pytest.mark.parametrize("host", ["http://bridge.example", "bridge.example/", "two words", ""])
def test_a_host_that_is_none_is_told_on_standard_error(explain: Explain, host: str) -> None:
    code, out, err = explain("{embedded: chat}", PLAY, "game", "--host", host)
    assert (code, out) == (2, "")
    assert err.startswith(f"{host!r} is not a host; write it as browsers send it: ")


@pytest.mark.parametrize("command", [["check"], ["explain", PLAY, "game"]])
def test_a_policy_file_that_cannot_be_used_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("daemons: {game: {embedded: chat, policy: file:gone.xml}}")
    assert main([*command, "--config", str(file)]) == 2
    assert capsys.readouterr().err == (
        f"{file}: daemons.game.policy: {tmp_path}/gone.xml: No such file or directory; "
        "write the path of a policy file\n"
    )
